"""The first byte of everything stored, and the one way in which opening fails."""

from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.exceptions import InvalidTag

from crypto.errors import EnvelopeRefused, EnvelopeVersionUnknown

VERSION = 1


def stamp(body: bytes) -> bytes:
    """The body behind the version byte."""
    return bytes([VERSION]) + body


def body_of(envelope: bytes) -> bytes:
    """What follows the version byte. Raises EnvelopeRefused, EnvelopeVersionUnknown."""
    if not envelope:
        raise EnvelopeRefused
    if envelope[0] != VERSION:
        raise EnvelopeVersionUnknown
    return envelope[1:]


@contextmanager
def refusing() -> Iterator[None]:
    """Whatever the library says about a bad envelope becomes EnvelopeRefused, without cause."""
    try:
        yield
    except (InvalidTag, ValueError):
        raise EnvelopeRefused from None
