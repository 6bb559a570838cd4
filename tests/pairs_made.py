"""Every key pair that is made while a test looks, so that none is left lying in memory."""

from dataclasses import dataclass, field
from typing import Self

import pytest

from crypto.xwing import KeyPair


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsMade:
    made: list[KeyPair] = field(default_factory=list)

    @classmethod
    def noted(cls, patched: pytest.MonkeyPatch) -> Self:
        """From here on, each by its seed; `KeyPair.generate` makes it so too."""
        noted = cls()
        really = KeyPair.from_seed

        def noting(seed: bytes | bytearray) -> KeyPair:
            pair = really(seed)
            noted.made.append(pair)
            return pair

        patched.setattr(KeyPair, "from_seed", noting)
        return noted

    @property
    def left(self) -> list[KeyPair]:
        """Not wiped yet."""
        return [pair for pair in self.made if any(pair.seed)]
