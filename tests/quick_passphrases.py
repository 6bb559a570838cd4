"""Passphrases that cost nothing to try, where a test is about what they open: Argon2id with
64 MiB is measured elsewhere.
"""

import pytest

from crypto import member_keys

ENOUGH_KIB = 64


def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """For members who enrol from now on. Not before a template that other tests copy is made."""
    monkeypatch.setattr(member_keys, "MEMORY_KIB", ENOUGH_KIB)
