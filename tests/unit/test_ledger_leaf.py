"""Leaves: what makes burying noticeable must be exact to the byte, and say nothing."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.code import derive_root, ledger_commitment, parse
from domain.ledger.encoding import framed, text, texts
from domain.ledger.leaf import event_leaf, intake_leaf
from domain.reports.event import Event, EventKind
from domain.reports.report import ReportId
from domain.reports.state import Author, State
from domain.staff.member import MemberId
from tests.house import DEPLOYMENT, House, a_house

FIELDS = st.lists(st.binary(max_size=6), max_size=5)
EVENT = Event(
    report=ReportId(b"r" * 16),
    number=1,
    kind=EventKind.MOVED,
    author=Author.MODERATOR,
    member=MemberId(b"m" * 16),
    state=State.BLOCKED,
    detail="fuel",
    day=date(2026, 11, 2),
)
OTHER: dict[str, Any] = {
    "report": ReportId(b"s" * 16),
    "number": 2,
    "kind": EventKind.CLAIMED,
    "author": Author.OFFICE,
    "member": None,
    "state": State.NO_ACTION,
    "detail": None,
    "day": date(2026, 11, 3),
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


def test_a_leaf_is_hashed_as_rfc_6962_says() -> None:
    """Section 2.1: SHA-256 over a zero byte and the entry, so that no leaf is a node."""
    entry = b"\0\0\0\x0dsauti/leaf/v1" + b"\0\0\0\6intake" + b"\0\0\0\x20" + bytes(32)
    assert intake_leaf(bytes(32)) == hashlib.sha256(b"\0" + entry).digest()


async def test_the_code_alone_proves_the_intake_even_when_all_is_deleted(house: House) -> None:
    code, report = await house.sent()
    house.tamper("cases", "DELETE FROM report WHERE id = ?", report.id)
    commitment = ledger_commitment(derive_root(parse(code), DEPLOYMENT))
    async with house.stores.cases() as cases:
        assert await cases.leaves.has(intake_leaf(commitment))


async def test_a_pending_leaf_says_neither_which_report_nor_when(house: House) -> None:
    _, report = await house.sent()
    ((leaf,),) = house.rows("cases", "SELECT * FROM pending_leaf")
    assert len(leaf) == 32
    for guess in (report.id, report.locator.encode(), report.ref.encode()):
        assert leaf != intake_leaf(guess)


def test_every_part_of_an_event_changes_its_leaf() -> None:
    leaves = {
        event_leaf(b"body", b"signature", b"nonce"),
        event_leaf(b"bod", b"ysignature", b"nonce"),
        event_leaf(b"body", b"signaturen", b"once"),
        event_leaf(b"body", b"signature", b"another"),
        intake_leaf(b"body"),
    }
    assert len(leaves) == 5


@pytest.mark.parametrize("field", OTHER)
def test_every_field_of_an_event_is_in_what_is_signed(field: str) -> None:
    changed = replace(EVENT, **{field: OTHER[field]})
    assert changed.signed_bytes() != EVENT.signed_bytes()


def test_every_field_there_is_was_tried() -> None:
    assert set(OTHER) == set(Event.__slots__) - {"signature", "nonce"}
    assert replace(EVENT, signature=b"x").signed_bytes() == EVENT.signed_bytes()


@given(FIELDS, FIELDS)
def test_no_two_lists_of_fields_give_the_same_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert (framed(*one) == framed(*other)) == (one == other)


@given(st.none() | st.text(), st.none() | st.text())
def test_nothing_said_and_the_empty_word_stay_apart(one: str | None, other: str | None) -> None:
    assert (text(one) == text(other)) == (one == other)


@given(st.lists(st.text(max_size=4), max_size=4))
def test_a_set_of_words_has_one_spelling(words: list[str]) -> None:
    assert texts(words) == texts(reversed(words))
