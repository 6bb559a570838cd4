"""The only place that knows python-telegram-bot."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")
"""Without it every 429 is a deprecation warning: PTB moves its times to `timedelta`."""
