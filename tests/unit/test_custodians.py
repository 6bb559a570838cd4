"""The recovery key in five shares: any three open it, fewer open nothing, and a slip is named."""

from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from crypto.custodians import SHARES, CustodianShare, Made, Wraps, make
from crypto.errors import (
    RowSlipped,
    ShareMalformed,
    SharesRefused,
    TooFewShares,
    WordUnknown,
    WrapsMalformed,
)
from crypto.passphrase import eff_large
from crypto.share_words import join_rows, read_row, read_share, write_share


@cache
def made() -> Made:
    return make()


def some(*numbers: int) -> dict[int, CustodianShare]:
    return {number: made().shares[number] for number in numbers}


@pytest.mark.parametrize("three", list(combinations(range(1, SHARES + 1), 3)))
def test_any_three_shares_open_the_key(three: tuple[int, int, int]) -> None:
    pair = made().wraps.open(some(*three))
    assert pair.public == made().wraps.public


@pytest.mark.parametrize("two", list(combinations(range(1, SHARES + 1), 2)))
def test_two_shares_open_nothing(two: tuple[int, int]) -> None:
    with pytest.raises(TooFewShares):
        made().wraps.open(some(*two))
    for guess in (bytes(32), made().shares[two[0]], made().wraps.public.raw[:32]):
        other = next(n for n in range(1, SHARES + 1) if n not in two)
        with pytest.raises(SharesRefused):
            made().wraps.open({**some(*two), other: CustodianShare(guess)})


def test_shares_of_another_set_open_nothing() -> None:
    with pytest.raises(SharesRefused):
        make().wraps.open(some(1, 2, 3))


def test_a_share_under_another_number_opens_nothing() -> None:
    first, second, third = some(1, 2, 3).values()
    with pytest.raises(SharesRefused):
        made().wraps.open({1: second, 2: first, 3: third})


def test_wraps_are_text_and_hold_no_share_and_no_key() -> None:
    text = made().wraps.format()
    again = Wraps.parse(text)
    assert again == made().wraps
    pair = again.open(some(2, 4, 5))
    raw = b"".join(again.sealed.values())
    assert all(secret not in raw for secret in (bytes(pair.seed), *made().shares.values()))


@pytest.mark.parametrize("damage", ["", "sauti-recovery-wraps-v1", "x", "1-2-3 what"])
def test_what_is_no_file_of_wraps_is_refused(damage: str) -> None:
    with pytest.raises(WrapsMalformed):
        Wraps.parse(damage)


def test_a_file_of_wraps_that_lost_a_line_or_was_changed_is_refused() -> None:
    lines = made().wraps.format().splitlines()
    for fewer in (lines[:-1], lines[1:], [*lines, lines[-1]]):
        with pytest.raises(WrapsMalformed):
            Wraps.parse("\n".join(fewer))
    swapped = dict(made().wraps.sealed)
    swapped[1, 2, 3], swapped[1, 2, 4] = swapped[1, 2, 4], swapped[1, 2, 3]
    with pytest.raises(SharesRefused):
        replace(made().wraps, sealed=swapped).open(some(1, 2, 3))


@pytest.mark.parametrize("number", range(1, SHARES + 1))
def test_a_share_is_read_back_from_its_words(number: int) -> None:
    share = made().shares[number]
    written = write_share(number, made().wraps.name, share)
    assert read_share(written.text()) == (number, made().wraps.name, share)
    assert read_share(written.text().upper() + "\n") == (number, made().wraps.name, share)
    rows = [
        read_row(number, place, "  ".join(row).title()) for place, row in enumerate(written.rows)
    ]
    assert join_rows(rows) == share


@pytest.mark.parametrize("share", [bytes(32), b"\xff" * 32, b"\0" * 31 + b"\1"])
def test_every_share_fits_the_words(share: bytes) -> None:
    written = write_share(1, "a-set", CustodianShare(share))
    assert read_share(written.text()) == (1, "a-set", share)


def test_a_word_that_is_none_is_named_with_what_may_be_meant() -> None:
    row = list(write_share(3, "a-set", made().shares[3]).rows[1])
    wrong = [*row[:3], row[3] + "q", *row[4:]]
    with pytest.raises(WordUnknown) as refused:
        read_row(3, 1, " ".join(wrong))
    assert (refused.value.row, refused.value.position, refused.value.near) == (2, 4, row[3])


def test_a_wrong_word_of_the_list_is_found_out_and_its_row_named() -> None:
    rows = write_share(3, "a-set", made().shares[3]).rows
    others = eff_large().words
    passed = 0
    for place, row in enumerate(rows):
        for position in range(len(row)):
            wrong = others[(others.index(row[position]) + 1) % len(others)]
            typed = [*row[:position], wrong, *row[position + 1 :]]
            passed += _row_named(3, place, " ".join(typed)) != place + 1
    assert passed <= 1  # one in 7776 does


def _row_named(number: int, place: int, typed: str) -> int:
    try:
        read_row(number, place, typed)
    except RowSlipped as refused:
        return refused.row
    return 0


def test_rows_in_the_wrong_place_and_another_custodians_row_are_found_out() -> None:
    rows = write_share(3, "a-set", made().shares[3]).rows
    for number, place in ((3, 1), (4, 0)):
        with pytest.raises(RowSlipped):
            read_row(number, place, " ".join(rows[0]))


@pytest.mark.parametrize("text", ["", "horse", "sauti-share-v1", "sauti-share-v1 6 a-set x"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ShareMalformed):
        read_share(text)


def test_a_share_that_lost_a_word_says_where() -> None:
    text = write_share(2, "a-set", made().shares[2]).text()
    with pytest.raises(ShareMalformed) as refused:
        read_share(text.rpartition(" ")[0])
    assert refused.value.row == 4
