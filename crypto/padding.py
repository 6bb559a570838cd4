"""Padding before sealing, so that a size says little.

Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PoPETs 2019, 4.2)
keeps O(log log) bits of a length at an overhead below 12 %; below the floor all sizes are one.
What is padded ends itself: length (4 bytes big-endian), content, zeros.

Files are few and large, and their sizes tell more than those of words: they are padded to the
next power of two, which between floor and most leaves six sizes instead of some hundred.
"""

from crypto.errors import PaddingMalformed

LENGTH_BYTES = 4
FLOOR = 1024
"""The smallest bucket, in bytes, length prefix included."""


def bucket(size: int, floor: int = FLOOR) -> int:
    """The padded size, in bytes, of `size` bytes (prefix already counted)."""
    if size <= floor:
        return floor
    exponent = size.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (size + mask) & ~mask


def pad(content: bytes, *, floor: int = FLOOR) -> bytes:
    framed = len(content).to_bytes(LENGTH_BYTES, "big") + content
    return framed.ljust(bucket(len(framed), floor), b"\0")


def pad_doubled(content: bytes, *, floor: int) -> bytes:
    """`floor` is a power of two."""
    framed = len(content).to_bytes(LENGTH_BYTES, "big") + content
    return framed.ljust(max(floor, 1 << (len(framed) - 1).bit_length()), b"\0")


def unpad(padded: bytes) -> bytes:
    """Raises PaddingMalformed."""
    end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES], "big")
    if len(padded) < end or padded.count(0, end) != len(padded) - end:
        raise PaddingMalformed
    return padded[LENGTH_BYTES:end]
