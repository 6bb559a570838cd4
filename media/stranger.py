"""What is of no kind that is taken: only the reason is looked for."""

import puremagic

from media.wire import Refused, Word

OF_SOUND = ("audio/", "video/", "application/ogg")
LIKELIEST = 3


def refuse(content: bytes) -> bytes:
    """Raises Refused."""
    raise Refused(Word.SOUNDS if _sounds(content) else Word.UNKNOWN)


def _sounds(content: bytes) -> bool:
    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return False
    return any(each.mime_type.startswith(OF_SOUND) for each in found[:LIKELIEST])
