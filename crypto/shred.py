"""The shred key, one a report: once it is destroyed, no copy of the report opens again.

It wraps what is sealed already (the DEK and the case secret for the desk, the case secret
for the code), so nobody can open either without a row of the shreds.
"""

from typing import NewType

from crypto import symmetric
from crypto.context import Context
from crypto.entropy import Entropy, system_entropy

ShredKey = NewType("ShredKey", bytes)
"""32 bytes."""

WRAP_LABEL = "sauti/shred/v1|wrap"


def new_shred_key(entropy: Entropy = system_entropy) -> ShredKey:
    return ShredKey(entropy(symmetric.KEY_BYTES))


def wrap(key: ShredKey, envelope: bytes, context: Context) -> bytes:
    """The context is the inner envelope's own."""
    return symmetric.seal(symmetric.expand(key, WRAP_LABEL), envelope, context)


def unwrap(key: ShredKey, wrapped: bytes, context: Context) -> bytes:
    """Raises EnvelopeRefused, EnvelopeVersionUnknown."""
    return symmetric.unseal(symmetric.expand(key, WRAP_LABEL), wrapped, context)
