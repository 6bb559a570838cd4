"""REF: what moderators call a report. Random, and unrelated to its code."""

from domain.ports.world import Entropy
from domain.reports.report import ReportRef

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""

LENGTH = 6

_LOOKALIKES = str.maketrans("OIL", "011")


def new_ref(entropy: Entropy) -> ReportRef:
    """Six characters, 30 bits: unique in the store, not secret."""
    return ReportRef("".join(ALPHABET[byte & 31] for byte in entropy.token(LENGTH)))


def read_ref(typed: str) -> ReportRef | None:
    """Forgives case, spaces, dashes, `#` and look-alikes; None when it can't be one."""
    kept = "".join(typed.upper().split()).replace("-", "").removeprefix("#").translate(_LOOKALIKES)
    if len(kept) == LENGTH and all(character in ALPHABET for character in kept):
        return ReportRef(kept)
    return None
