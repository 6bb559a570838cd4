"""What a file is, by its first bytes. A name and what it is declared as are never looked at."""

from media.wire import Word

PHOTO_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
PDF_START = b"%PDF-"


def kind_of(content: bytes) -> Word:
    """PHOTO, PDF, TEXT or UNKNOWN. Compares bytes and parses nothing."""
    if content.startswith(PHOTO_STARTS) or _is_webp(content):
        return Word.PHOTO
    if content.startswith(PDF_START):
        return Word.PDF
    return Word.TEXT if _is_text(content) else Word.UNKNOWN


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        return bool(content.decode().strip())
    except UnicodeDecodeError:
        return False
