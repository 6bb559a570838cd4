import re
from urllib.parse import parse_qs, urlsplit

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
HOSTS = frozenset({"t.me", "telegram.me"})


def start_payload(url: str, bot_username: str) -> str | None:
    """What a deep link hands to /start; empty for a bare link, None for any other address.

    The payload's alphabet and length are Telegram's (core.telegram.org/bots/features#deep-linking).
    """
    parts = urlsplit(url)
    if parts.hostname not in HOSTS or parts.path.strip("/").lower() != bot_username.lower():
        return None
    payload = parse_qs(parts.query).get("start", [""])[0]
    return payload if PAYLOAD.fullmatch(payload) else None
