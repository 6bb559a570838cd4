"""Passphrases and codes that cost nothing to try, where a test is about what they open: Argon2id
with 64 MiB, and with 19, is measured elsewhere.
"""

import pytest

from crypto import code, member_keys

ENOUGH_KIB = 64


def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """For members who enrol from now on. Not before a template that other tests copy is made."""
    monkeypatch.setattr(member_keys, "MEMORY_KIB", ENOUGH_KIB)


def quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """For reports that are sent from now on."""
    monkeypatch.setattr(code, "MEMORY_KIB", ENOUGH_KIB)
