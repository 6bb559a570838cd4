"""Codes among words. A code in a report would be sealed to moderators, who could use it."""

import re
import unicodedata
from collections.abc import Iterator

from domain.reports.check_character import ALPHABET, check_character

HEAD = 6
"""Five characters of the locator and the check character."""

LENGTH = HEAD + 16

CUT = "…"

_LOOKALIKES = str.maketrans("OIL", "011")
_RUN = re.compile(r"[^\W_]+")


def without_codes(text: str) -> str:
    """The text with every well-formed code cut out; the text itself where there is none."""
    kept, end = "", 0
    for start, stop in codes_in(text):
        if start >= end:
            kept, end = kept + text[end:start] + CUT, stop
    return kept + text[end:]


def codes_in(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand. A code begins where a run of letters and digits begins, and its
    head stands apart or mixes both: two phone numbers in a row are none.
    """
    runs = [match.span() for match in _RUN.finditer(text)]
    for number, (start, stop) in enumerate(runs):
        symbols, places, parted = "", list[int](), set[int]()
        for first, last in runs[number:]:
            parted.add(len(symbols))
            for at in range(first, last):
                symbol = _symbol(text[at])
                symbols, places = symbols + symbol, places + [at] * len(symbol)
            if len(symbols) >= LENGTH:
                break
        mixed = not text[start:stop].isalpha() and not text[start:stop].isdecimal()
        if (mixed or HEAD in parted) and _is_code(symbols):
            yield start, places[LENGTH - 1] + 1


def _is_code(symbols: str) -> bool:
    """As far as it is one: what follows must not be one more digit."""
    head, digits, rest = symbols[:HEAD], symbols[HEAD:LENGTH], symbols[LENGTH:]
    if len(digits) < LENGTH - HEAD or not (digits.isascii() and digits.isdigit()):
        return False
    if not set(head) <= set(ALPHABET) or rest[:1].isdigit():
        return False
    return check_character(head[:-1] + digits) == head[-1]


def _symbol(character: str) -> str:
    """What one character of a code stands for; look-alikes are forgiven as in `/check`."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return unicodedata.normalize("NFKC", character).upper().translate(_LOOKALIKES)
