"""One way to turn fields into bytes that are signed or hashed: no two lists
of fields ever give the same bytes.
"""

from collections.abc import Iterable


def framed(*fields: bytes) -> bytes:
    """Each field behind its length in four bytes, big-endian."""
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def text(value: str | None) -> bytes:
    """UTF-8; None and "" stay apart."""
    return b"\x00" if value is None else b"\x01" + value.encode()


def texts(values: Iterable[str]) -> bytes:
    """A set of words, in sorted order."""
    return framed(*(text(value) for value in sorted(values)))
