"""A custodian's share as it stands on paper: four rows of six words, the sixth a check.

Five words of the EFF's list carry 64.6 bits, so four rows hold a share's 256. The check word
follows from the row, its place and the share's number: a misread word, a row in the wrong
place and another custodian's paper are told from a right one 7775 times of 7776.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from crypto.custodians import SHARES, CustodianShare
from crypto.errors import RowSlipped, ShareMalformed, WordUnknown
from crypto.fields import join
from crypto.passphrase import LIST_LENGTH, eff_large
from crypto.symmetric import KEY_BYTES

ROWS = 4
PER_ROW = 5
LABEL = "sauti-share-v1"
"""A share in one line: label, number, the set's name, 24 words."""

CHECK_LABEL = b"sauti/share/v1|check"
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*", re.ASCII)
_HEAD = re.compile(rf"\s*{LABEL}\s+([1-{SHARES}])\s+([a-z]+(?:-[a-z]+)+)\s", re.ASCII)

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenShare:
    """`set_name`: which shares it belongs with."""

    number: int
    set_name: str
    rows: tuple[Row, ...] = field(repr=False)

    def text(self) -> str:
        """What the square code holds, and a file of a share."""
        words = " ".join(word for row in self.rows for word in row)
        return f"{LABEL} {self.number} {self.set_name} {words}"


def write_share(number: int, set_name: str, share: CustodianShare) -> WrittenShare:
    rest = int.from_bytes(share, "big")
    words: list[str] = []
    for _ in range(ROWS * PER_ROW):
        rest, place = divmod(rest, LIST_LENGTH)
        words.append(eff_large().words[place])
    rows = (tuple(words[PER_ROW * n : PER_ROW * (n + 1)]) for n in range(ROWS))
    return WrittenShare(
        number=number,
        set_name=set_name,
        rows=tuple((*row, _check_word(number, place, row)) for place, row in enumerate(rows)),
    )


def read_row(number: int, place: int, typed: str) -> Row:
    """Row `place`, from 0, of share `number`: five words of the share. Forgives case and marks.

    Raises WordUnknown, RowSlipped, ShareMalformed.
    """
    words = tuple(_WORD.findall(typed.casefold()))
    for position, word in enumerate(words, start=1):
        if word not in _places():
            near = get_close_matches(word, eff_large().words, n=1)
            raise WordUnknown(place + 1, position, near[0] if near else "")
    if len(words) != PER_ROW + 1:
        raise ShareMalformed(place + 1)
    row, check = words[:PER_ROW], words[PER_ROW]
    if check != _check_word(number, place, row):
        raise RowSlipped(place + 1)
    return row


def join_rows(rows: Sequence[Row]) -> CustodianShare:
    """Of the words `read_row` gave. Raises ShareMalformed."""
    number = 0
    for word in reversed([word for row in rows for word in row]):
        number = number * LIST_LENGTH + _places()[word]
    try:
        return CustodianShare(number.to_bytes(KEY_BYTES, "big"))
    except OverflowError:
        raise ShareMalformed(ROWS) from None


def read_share(text: str) -> tuple[int, str, CustodianShare]:
    """Number, name of the set and share, as `WrittenShare.text` writes them, in any lines.

    Raises ShareMalformed, WordUnknown, RowSlipped.
    """
    head = _HEAD.match(text.casefold())
    if head is None:
        raise ShareMalformed(0)
    number, words = int(head[1]), text[head.end() :].split()
    if len(words) != ROWS * (PER_ROW + 1):
        raise ShareMalformed(len(words) // (PER_ROW + 1) + 1)
    step = PER_ROW + 1
    rows = [
        read_row(number, place, " ".join(words[step * place : step * (place + 1)]))
        for place in range(ROWS)
    ]
    return number, head[2], join_rows(rows)


def _check_word(number: int, place: int, row: Row) -> str:
    said = join(CHECK_LABEL, bytes([number, place]), *(word.encode() for word in row))
    digest = hashlib.sha256(said).digest()
    return eff_large().words[int.from_bytes(digest, "big") % LIST_LENGTH]


@cache
def _places() -> dict[str, int]:
    return {word: place for place, word in enumerate(eff_large().words)}
