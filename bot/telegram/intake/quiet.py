"""Libraries that would print what people write, or the token, are not heard at any level."""

import logging

TALKATIVE = ("telegram", "httpx", "httpcore")


def quiet_libraries() -> None:
    """PTB prints updates at DEBUG and CRITICAL, httpx the token at INFO: keep it from all handlers.

    The intake logs what matters by itself, without words.
    """
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.handlers = [logging.NullHandler()]
