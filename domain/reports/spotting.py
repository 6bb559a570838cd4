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
    head stands apart or mixes both: two phone numbers in a row are none. What follows in the
    same run must not be one more digit.
    """
    each, places, begins = list[str](), list[int](), dict[int, tuple[int, int]]()
    for match in _RUN.finditer(text):
        begins[len(each)] = match.span()
        for at, symbol in _symbols(match):
            each.extend(symbol)
            places.extend([at] * len(symbol))
    symbols = "".join(each)
    for begin, (start, stop) in begins.items():
        end = begin + LENGTH
        digits = symbols[begin + HEAD : end]
        if len(digits) < LENGTH - HEAD or not (digits.isascii() and digits.isdigit()):
            continue
        mixed = not text[start:stop].isalpha() and not text[start:stop].isdecimal()
        goes_on = end not in begins and symbols[end : end + 1].isdigit()
        if (mixed or begin + HEAD in begins) and not goes_on and _is_code(symbols[begin:end]):
            yield start, places[end - 1] + 1


def _is_code(symbols: str) -> bool:
    head, digits = symbols[:HEAD], symbols[HEAD:]
    return set(head) <= set(ALPHABET) and check_character(head[:-1] + digits) == head[-1]


def _symbols(run: re.Match[str]) -> Iterator[tuple[int, str]]:
    """What each character stands for, and where it is."""
    if run[0].isascii():
        yield from enumerate(run[0].upper().translate(_LOOKALIKES), start=run.start())
        return
    for at, character in enumerate(run[0], start=run.start()):
        yield at, _symbol(character)


def _symbol(character: str) -> str:
    """What one character of a code stands for; look-alikes are forgiven as in `/check`."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return unicodedata.normalize("NFKC", character).upper().translate(_LOOKALIKES)
