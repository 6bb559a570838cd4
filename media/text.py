"""Plain text: its words, without signs that no eye sees and that could carry a mark."""

import unicodedata

from media.wire import Refused, Word

MOST_BYTES = 200_000

JOINERS = "\u200c\u200d"
"""Part of how some scripts are spelt."""


def clean_text(content: bytes) -> bytes:
    """UTF-8, one way of ending lines, no blanks at their ends. Raises Refused."""
    if len(content) > MOST_BYTES:
        raise Refused(Word.UNCLEANABLE)
    lines = (_seen(line).rstrip() for line in content.decode().splitlines())
    return "\n".join(lines).strip("\n").encode()


def _seen(line: str) -> str:
    return "".join(sign for sign in line.replace("\t", " ") if _is_seen(sign))


def _is_seen(sign: str) -> bool:
    return sign in JOINERS or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cn"}
