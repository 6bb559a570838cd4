"""Words made by chance: a member's passphrase, and six words to compare two keys by voice.

Six words of the EFF's large list of 7776 are 77.5 bits. The list's origin and licence: see
PROVENANCE.md.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import NewType, Self

from crypto.entropy import Entropy, system_entropy
from crypto.errors import KeyMalformed, WordListMalformed

Passphrase = NewType("Passphrase", str)
"""Six words, a space between."""

LIST_LENGTH = 6**5
WORDS = 6
DRAW_BYTES = 32
_WORD = re.compile(r"[a-z]+(-[a-z]+)?", re.ASCII)
_TYPED_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class WordList:
    """7776 different words. Raises WordListMalformed."""

    words: tuple[str, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.words) != LIST_LENGTH or len(set(self.words)) != LIST_LENGTH:
            raise WordListMalformed
        if not all(_WORD.fullmatch(word) for word in self.words):
            raise WordListMalformed

    @classmethod
    def from_text(cls, text: str) -> Self:
        """One word a line."""
        return cls(tuple(text.split()))

    def six(self, number: int) -> tuple[str, ...]:
        """The last six digits of `number` to the base 7776, as words."""
        chosen: list[str] = []
        for _ in range(WORDS):
            number, place = divmod(number, LIST_LENGTH)
            chosen.append(self.words[place])
        return tuple(chosen)


@cache
def eff_large() -> WordList:
    return WordList.from_text(files("crypto").joinpath("words_eff_large.txt").read_text("ascii"))


def make(entropy: Entropy = system_entropy) -> Passphrase:
    """A draw of 256 bits for 77.5: the bias is below 2**-178."""
    return Passphrase(" ".join(eff_large().six(int.from_bytes(entropy(DRAW_BYTES), "big"))))


def six_words(digest: bytes) -> tuple[str, ...]:
    """77 bits of a 32-byte hash, for two people to read to each other."""
    if len(digest) != DRAW_BYTES:
        raise KeyMalformed
    return eff_large().six(int.from_bytes(digest, "big"))


def normalise(typed: str) -> Passphrase:
    """Forgives case, spaces, dashes and any other marks between words."""
    return Passphrase(
        " ".join(_TYPED_WORD.findall(unicodedata.normalize("NFKC", typed).casefold()))
    )
