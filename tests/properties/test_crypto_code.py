"""Every slip of one character and every swap of two is caught: all of them, for many codes."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.code import Code, parse
from crypto.errors import CodeSlip
from domain.reports.check_character import ALPHABET, check_character

CODES = st.builds(
    Code,
    locator=st.text(ALPHABET, min_size=5, max_size=5),
    digits=st.text("0123456789", min_size=16, max_size=16),
)


@settings(deadline=None, max_examples=25)  # each example tries some 900 codes
@given(CODES)
def test_every_slip_and_every_swap_in_a_code_is_caught(code: Code) -> None:
    text = code.text.replace("-", "")
    slips = (
        text[:at] + wrong + text[at + 1 :]
        for at, right in enumerate(text)
        for wrong in ALPHABET
        if wrong != right
    )
    swaps = (
        text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :]
        for i, j in combinations(range(len(text)), 2)
        if text[i] != text[j]
    )
    for mistyped in (*slips, *swaps):
        with pytest.raises(CodeSlip):
            parse(mistyped)


def test_no_two_places_weigh_the_same() -> None:
    """The proof by weights: every slip of every size in every place gives its own sum."""
    length = 21
    zeros = "0" * length
    seen = set()
    for place in range(length):
        sums = [
            check_character(zeros[:place] + symbol + zeros[place + 1 :]) for symbol in ALPHABET[1:]
        ]
        assert len(set(sums)) == 31
        assert "0" not in sums
        seen.add(sums[0])
    assert len(seen) == length
    assert "1" not in seen, "the check character's own weight"


@settings(deadline=None)
@given(CODES, st.randoms(use_true_random=False))
def test_a_code_is_read_back_however_it_was_typed(code: Code, dice: Random) -> None:
    typed = "".join(
        dice.choice((char, char.lower())) + dice.choice(("", "", " ", "-", "\u2013", ".", "\n"))
        for char in code.text
    )
    assert parse(typed) == code
