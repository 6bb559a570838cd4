"""A code among words is cut out; words are never taken for one."""

from random import Random

import pytest

from crypto.code import Code, mint
from domain.reports.spotting import CUT, without_codes

CODE = Code(locator="7K3F9", digits="4821339055271064").text


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", " "),
        CODE.replace("-", ""),
        CODE.replace("-", "\u2013"),
        f"{CODE[:3]} {CODE[3:]}",
        CODE.replace("0", "o").replace("1", "l"),
    ],
)
def test_a_code_in_a_sentence_is_cut_out_however_it_is_typed(typed: str) -> None:
    said = f"My earlier code is {typed}, and they came back."
    assert without_codes(said) == f"My earlier code is {CUT}, and they came back."


def test_every_code_is_found_and_all_of_them() -> None:
    dice = Random(1)
    for _ in range(200):
        one, other = mint(dice.randbytes).text, mint(dice.randbytes).text
        assert without_codes(f"{one} na {other}!") == f"{CUT} na {CUT}!"


@pytest.mark.parametrize(
    "words",
    [
        "They came at night to the Maringo bridge.",
        "Call 0722123456 0733123456 or is 0722123456 0733123456",
        "KBX 123A 4821 3390 5527 1064",
        CODE[:-1],
        f"{CODE}7",
        "",
    ],
)
def test_other_words_stay_as_they_are(words: str) -> None:
    assert without_codes(words) == words


def test_two_phone_numbers_in_a_row_are_never_a_code() -> None:
    dice = Random(2)
    for _ in range(500):
        two = " ".join(f"07{dice.randrange(10**8):08}" for _ in range(2))
        assert without_codes(f"is {two} ok") == f"is {two} ok"
