"""*Send*, as somebody would who wants a report lost, doubled or misdirected."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest

from crypto.certifying import certify_first_desk_key, certify_invite
from crypto.code import Code
from crypto.code import mint as mint_code
from crypto.sealer import MintedCode
from crypto.signing import SigningKey
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL, DeskKey, NobodyReads
from domain.places.gazetteer import Gazetteer
from domain.ports.sealing import CodeRefused, KeyRefused
from domain.ports.stores import LocatorTaken
from domain.reports.desk import CitizenDesk
from domain.reports.draft import MAX_WORDS, Draft, Incomplete, TooLong
from domain.reports.report import ReportId
from domain.reports.state import Author, State
from domain.reports.submit import ReaderChanged, SentAlready, submit
from domain.reports.wishes import KeptOut
from storage.addresses import SqlShreds
from storage.errors import StoreUnavailable
from storage.stores import SqlCases
from tests.fakes.world import MONDAY
from tests.house import COUNTY, COUNTY_DESK, WORDS, House, a_house, an_empty_house

NOTHING = {"report": 0, "event": 0, "pending_leaf": 0, "shred": 0}
ONE = {"report": 1, "event": 1, "pending_leaf": 1, "shred": 1}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


def kept(house: House) -> dict[str, int]:
    return {
        "report": len(house.rows("cases", "SELECT 1 FROM report")),
        "event": len(house.rows("cases", "SELECT 1 FROM event")),
        "pending_leaf": len(house.rows("cases", "SELECT 1 FROM pending_leaf")),
        "shred": len(house.rows("shreds", "SELECT 1 FROM shred")),
    }


async def read_by_the_county(house: House, report: ReportId) -> tuple[str, ...]:
    session = await house.unlock(house.neighbour)
    row = await house.report(report)
    return session.words(row, await house.shred_key(report)).messages


async def test_a_report_is_kept_whole_and_read_by_its_desk(house: House) -> None:
    _, report = await house.sent()
    assert kept(house) == ONE
    assert (report.desk, report.generation, report.state) == (COUNTY_DESK, 1, State.RECEIVED)
    (event,) = await house.events(report.id)
    assert (event.number, event.author, event.member) == (0, Author.CITIZEN, None)
    assert await read_by_the_county(house, report.id) == WORDS


async def test_send_twice_is_one_report_one_event_and_one_leaf(house: House) -> None:
    draft, code = house.draft(), await house.sealer.mint()
    await house.send(draft, code)
    await house.send(replace(draft, words=("something else",)), code)
    assert kept(house) == ONE
    assert await read_by_the_county(house, draft.nonce) == WORDS


async def test_send_twice_at_once_is_one_report_that_its_desk_and_its_code_open(
    house: House,
) -> None:
    draft, code = house.draft(), await house.sealer.mint()
    await asyncio.gather(*(house.send(draft, code) for _ in range(3)))
    assert kept(house) == ONE
    assert (await house.check(code.text)).state is State.RECEIVED
    assert await read_by_the_county(house, draft.nonce) == WORDS


async def test_of_two_codes_sent_at_once_the_kept_one_is_told_from_the_other(house: House) -> None:
    draft, codes = house.draft(), [await house.sealer.mint() for _ in range(2)]
    done = await asyncio.gather(
        *(house.send(draft, code) for code in codes), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "SentAlready"]
    assert kept(house) == ONE
    alive = codes[done.index(None)]
    assert (await house.check(alive.text)).state is State.RECEIVED
    (dead,) = (code for code in codes if code is not alive)
    with pytest.raises(CodeRefused):
        await house.check(dead.text)
    assert await read_by_the_county(house, draft.nonce) == WORDS


async def test_a_sent_draft_takes_no_other_code(house: House) -> None:
    draft, code = house.draft(), await house.sealer.mint()
    await house.send(draft, code)
    before = house.files()
    with pytest.raises(SentAlready):
        await house.send(draft, await house.sealer.mint())
    assert house.files() == before
    assert (await house.check(code.text)).state is State.RECEIVED


async def test_a_failed_send_tried_again_with_a_new_code_is_readable(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shred key of the first try is there already, and stays."""
    draft, code = house.draft(), await house.sealer.mint()
    with monkeypatch.context() as broken:
        broken.setattr(SqlCases, "commit", the_disk_is_full)
        with pytest.raises(StoreUnavailable):
            await house.send(draft, await house.sealer.mint())
    first_key = await house.shred_key(draft.nonce)
    await house.send(draft, code)
    assert await house.shred_key(draft.nonce) == first_key
    assert (await house.check(code.text)).state is State.RECEIVED
    assert await read_by_the_county(house, draft.nonce) == WORDS


@pytest.mark.parametrize("place", [SqlShreds, SqlCases])
async def test_a_failed_send_loses_nothing_and_can_be_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch, place: type
) -> None:
    draft, code = house.draft(), await house.sealer.mint()
    with monkeypatch.context() as broken:
        broken.setattr(place, "commit", the_disk_is_full)
        with pytest.raises(StoreUnavailable):
            await house.send(draft, code)
    assert kept(house) == NOTHING | {"shred": int(place is SqlCases)}
    with pytest.raises(CodeRefused):
        await house.check(code.text)

    await house.send(draft, code)
    assert kept(house) == ONE
    assert (await house.check(code.text)).state is State.RECEIVED
    assert await read_by_the_county(house, draft.nonce) == WORDS


async def the_disk_is_full(_: object) -> NoReturn:
    raise StoreUnavailable


async def test_an_answer_lost_after_the_commit_does_no_harm(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, code, commit = house.draft(), await house.sealer.mint(), SqlCases.commit

    async def commit_and_fail(cases: SqlCases) -> None:
        await commit(cases)
        raise StoreUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(SqlCases, "commit", commit_and_fail)
        with pytest.raises(StoreUnavailable):
            await house.send(draft, code)
    await house.send(draft, code)
    assert kept(house) == ONE
    assert await read_by_the_county(house, draft.nonce) == WORDS


async def test_nothing_is_taken_that_nobody_would_read(tmp_path: Path) -> None:
    async with an_empty_house(tmp_path) as house:
        with pytest.raises(NobodyReads):
            await house.sent()
        assert kept(house) == NOTHING


async def test_nothing_is_sent_to_another_desk_than_was_shown(house: House) -> None:
    before = kept(house)
    with pytest.raises(ReaderChanged):
        await submit(
            house.draft(),
            await house.sealer.mint(),
            stores=house.stores,
            sealer=house.sealer,
            clock=house.clock,
            entropy=house.entropy,
            reader=DeskKey("047"),
        )
    assert kept(house) == before


async def test_nothing_is_taken_once_the_last_reader_is_revoked(house: House) -> None:
    async with house.stores.cases() as cases:
        for moderator in (house.first, house.second, house.neighbour):
            await cases.staff.revoke(moderator.id)
        await cases.commit()
    with pytest.raises(NobodyReads):
        await house.sent()


@pytest.mark.parametrize("missing", [{"words": ()}, {"topic": None}, {"county": None}])
async def test_half_a_draft_is_not_sent(house: House, missing: dict[str, Any]) -> None:
    with pytest.raises(Incomplete):
        await house.sent(**missing)
    assert kept(house) == NOTHING


def another_pair(_: House) -> tuple[bytes, bytes | None]:
    return KeyPair.generate().public.raw, None


def another_desks(house: House) -> tuple[bytes, bytes | None]:
    (row,) = house.rows("cases", "SELECT public, certificate FROM desk_key WHERE desk = 'national'")
    return row[0], row[1]


def another_roots(_: House) -> tuple[bytes, bytes | None]:
    """Every signature holds, from a root of one's own making."""
    root, invited, pair = SigningKey.generate(), SigningKey.generate(), KeyPair.generate()
    invite = certify_invite(
        root,
        invited.public,
        role="moderator",
        desk=COUNTY,
        founding=True,
        expires=MONDAY.date(),
    )
    certificate = certify_first_desk_key(invited, invite, pair.public.raw)
    return pair.public.raw, certificate.to_bytes()


@pytest.mark.parametrize("swap", [another_pair, another_desks, another_roots])
async def test_a_swapped_desk_key_gets_no_report(house: House, swap: Any) -> None:
    public, certificate = swap(house)
    house.tamper(
        "cases",
        "UPDATE desk_key SET public = ?, certificate = coalesce(?, certificate) WHERE desk = ?",
        *(public, certificate, COUNTY),
    )
    with pytest.raises(KeyRefused):
        await house.sent()
    assert kept(house) == NOTHING


async def test_a_true_key_passed_off_as_the_next_generation_gets_no_report(house: House) -> None:
    house.tamper("cases", "UPDATE desk_key SET generation = 2 WHERE desk = ?", COUNTY)
    house.tamper("cases", "UPDATE desk_copy SET generation = 2 WHERE desk = ?", COUNTY)
    with pytest.raises(KeyRefused):
        await house.sent()
    assert kept(house) == NOTHING


@pytest.mark.parametrize("office", KeptOut)
async def test_keeping_an_office_out_goes_to_the_national_desk(
    house: House, office: KeptOut
) -> None:
    _, report = await house.sent(kept_out=frozenset({office}))
    assert (report.desk, report.county) == (NATIONAL, COUNTY)
    assert report.is_sensitive


async def test_only_danger_keeps_the_hour(house: House) -> None:
    _, calm = await house.sent()
    _, danger = await house.sent(danger=True)
    assert (calm.received_hour, danger.received_hour) == (None, 10)
    assert calm.received == danger.received == house.clock.now().date()


async def test_no_file_holds_a_word_of_it(house: House) -> None:
    code, report = await house.sent()
    disk = house.files()
    assert bytes(report.id) in disk, "this is the disk that was written to"
    for word in (*WORDS, *" ".join(WORDS).split()):
        if len(word) > 5:
            assert word.encode() not in disk
            assert word.encode("utf-16-le") not in disk
    for part in (code, code.replace("-", ""), code[7:11] + code[12:16]):
        assert part.encode() not in disk


async def test_a_locator_that_is_taken_is_said_and_harms_nobody(house: House) -> None:
    code, first = await house.sent()
    taken = MintedCode(Code(locator=code[:5], digits="0" * 16), await another_root(house))
    with pytest.raises(LocatorTaken):
        await house.send(house.draft(), taken)
    assert kept(house) == ONE | {"shred": 2}
    assert (await house.check(code)).state is first.state


async def another_root(house: House) -> Any:
    return cast("MintedCode", await house.sealer.mint()).root


async def test_a_code_is_minted_again_until_its_locator_is_free(house: House) -> None:
    code, report = await house.sent()
    taken = Code(locator=code[:5], digits=mint_code().digits)
    root = await another_root(house)
    house.sealer.ready.extend([MintedCode(taken, root), MintedCode(taken, root)])
    desk = citizen_desk(house)
    assert (await desk.mint()).locator != report.locator
    assert not house.sealer.ready


def citizen_desk(house: House) -> CitizenDesk:
    return CitizenDesk(
        stores=house.stores,
        sealer=house.sealer,
        custody=house.custody,
        clock=house.clock,
        entropy=house.entropy,
        calendar=house.calendar,
        clocks=house.clocks,
        gazetteer=Gazetteer(()),
        help_lines=(),
        chat=cast("Any", None),
        media=cast("Any", None),
        number=4711,
        mailboxes=house.mailboxes,
        following=cast("Any", None),
        outbox=house.outbox,
    )


def test_a_draft_takes_no_more_than_its_measure_and_loses_nothing() -> None:
    draft = Draft(nonce=ReportId(bytes(16)), words=("x" * (MAX_WORDS - 1),))
    assert draft.with_words("y").length == MAX_WORDS
    with pytest.raises(TooLong):
        draft.with_words("yy")
    assert draft.toggled(KeptOut.CHIEF).toggled(KeptOut.CHIEF) == draft
