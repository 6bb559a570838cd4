"""Ledger leaves (RFC 6962, section 2.1): what makes burying noticeable."""

import hashlib
from typing import NewType

from domain.ledger.encoding import framed

LeafHash = NewType("LeafHash", bytes)
"""32 bytes: SHA-256(0x00 ‖ leaf data)."""


def _leaf(kind: bytes, *fields: bytes) -> LeafHash:
    return LeafHash(hashlib.sha256(b"\x00" + framed(b"sauti/leaf/v1", kind, *fields)).digest())


def intake_leaf(commitment: bytes) -> LeafHash:
    """From `Expand(root, "ledger")`, so from the code alone: even a deleted report
    is proved missing.
    """
    return _leaf(b"intake", commitment)


def event_leaf(body: bytes, signature: bytes, nonce: bytes) -> LeafHash:
    """`nonce` (from the case secret) keeps a short body from being guessed."""
    return _leaf(b"event", body, signature, nonce)
