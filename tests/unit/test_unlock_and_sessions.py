"""Unlocking, idling and locking: keys are in memory while somebody works, and no longer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from crypto.custody import RootedCustody
from crypto.session import MemberSession
from domain.desks.desk import NATIONAL
from domain.moderation.desk import ModeratorDesk
from domain.moderation.queue import Filter
from domain.moderation.sessions import IDLE, Locked, Sessions
from domain.ports.sealing import KeyRefused, PassphraseRefused, Session
from domain.reports.state import State
from domain.reports.topic import Topic
from domain.staff.grant import Newcomer
from domain.staff.member import MemberId
from domain.staff.unlock import Revoked, Unlocked
from storage.errors import StoreUnavailable
from storage.reports import SqlReports
from tests.fakes.world import MONDAY
from tests.house import COUNTY_DESK, NOBODY, WORDS, House, a_house
from tests.pairs_made import PairsMade

CHAT, ANOTHER_CHAT = 101, 102
A_NEWCOMER = Newcomer(member=MemberId(b"newcomer" * 2), desk=COUNTY_DESK, words=())

ACTS: dict[str, Callable[[ModeratorDesk, str], Awaitable[object]]] = {
    "next": lambda desk, _: desk.next(),
    "queue": lambda desk, _: desk.queue(Filter()),
    "open": lambda desk, ref: desk.open(ref),
    "claim": lambda desk, ref: desk.claim(ref),
    "release": lambda desk, ref: desk.release(ref),
    "status": lambda desk, ref: desk.status(ref, State.IN_PROGRESS),
    "pending": lambda desk, _: desk.pending(),
    "grant": lambda desk, _: desk.grant(A_NEWCOMER),
}


@dataclass(slots=True)
class Wipeable:
    member: MemberId
    wiped: bool = False

    def wipe(self) -> None:
        self.wiped = True


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


def opened(sessions: Sessions, name: bytes = b"me") -> Wipeable:
    session = Wipeable(MemberId(name))
    sessions.open(cast("Session", session), CHAT, MONDAY)
    return session


def test_idle_time_begins_again_with_every_act() -> None:
    sessions = Sessions()
    session = opened(sessions)
    almost = IDLE - timedelta(seconds=1)
    assert sessions.of(session.member, CHAT, MONDAY + almost) is cast("Session", session)
    assert sessions.of(session.member, CHAT, MONDAY + 2 * almost) is cast("Session", session)
    with pytest.raises(Locked):
        sessions.of(session.member, CHAT, MONDAY + 2 * almost + IDLE)


def test_a_session_is_of_the_chat_it_was_opened_in_and_no_other() -> None:
    sessions = Sessions()
    session = opened(sessions)
    with pytest.raises(Locked):
        sessions.of(session.member, ANOTHER_CHAT, MONDAY)
    assert sessions.of(session.member, CHAT, MONDAY) is cast("Session", session)
    almost = IDLE - timedelta(seconds=1)
    with pytest.raises(Locked):
        sessions.of(session.member, ANOTHER_CHAT, MONDAY + almost)
    assert sessions.idle(MONDAY + IDLE) == {session.member}, "asking elsewhere is no activity"


def test_who_idles_is_named_once_their_time_is_up_and_not_before() -> None:
    sessions = Sessions()
    session = opened(sessions)
    assert sessions.idle(MONDAY + IDLE - timedelta(seconds=1)) == frozenset()
    assert sessions.idle(MONDAY + IDLE) == {session.member}
    sessions.lock(session.member)
    assert sessions.idle(MONDAY + IDLE) == frozenset()


def test_locking_wipes_and_twice_is_harmless() -> None:
    sessions = Sessions()
    mine, theirs = opened(sessions, b"me"), opened(sessions, b"them")
    sessions.lock(mine.member)
    sessions.lock(mine.member)
    assert (mine.wiped, theirs.wiped) == (True, False)
    with pytest.raises(Locked):
        sessions.of(mine.member, CHAT, MONDAY)
    sessions.lock_all()
    assert theirs.wiped


def test_unlocking_again_wipes_what_was_open() -> None:
    sessions = Sessions()
    first, second = opened(sessions), opened(sessions)
    assert (first.wiped, second.wiped) == (True, False)
    assert sessions.of(second.member, CHAT, MONDAY) is cast("Session", second)


async def test_nothing_is_done_before_unlocking(house: House) -> None:
    _, report = await house.sent()
    desk = house.desk(house.neighbour)
    for act in (desk.next, desk.pending):
        with pytest.raises(Locked):
            await act()
    for typed in (desk.open, desk.claim, desk.release):
        with pytest.raises(Locked):
            await typed(report.ref)
    with pytest.raises(Locked):
        await desk.grant(A_NEWCOMER)
    assert await house.report(report.id) == report


async def test_a_quarter_of_an_hour_of_silence_locks(house: House) -> None:
    _, report = await house.sent()
    session = await house.unlock(house.neighbour)
    house.clock.passes(minutes=14)
    await house.desk(house.neighbour).open(report.ref)
    house.clock.passes(minutes=15)
    with pytest.raises(Locked):
        await house.desk(house.neighbour).open(report.ref)
    (idle,) = house.sessions.idle(house.clock.now())
    house.sessions.lock(idle)
    assert session.desks == frozenset()


async def test_a_chat_that_was_given_a_members_name_does_not_get_their_session(
    house: House,
) -> None:
    """Somebody pointed a chat of their own at a member who is at work."""
    _, report = await house.sent()
    session = await house.unlock(house.neighbour)
    intruder = replace(house.neighbour, chat=666)
    for act in ACTS.values():
        with pytest.raises(Locked):
            await act(house.desk(intruder), report.ref)
    assert session.desks == {COUNTY_DESK}
    assert (await house.desk(house.neighbour).open(report.ref)).words.messages == WORDS


async def test_lock_locks(house: House) -> None:
    session = await house.unlock(house.neighbour)
    await house.desk(house.neighbour).lock()
    assert session.desks == frozenset()
    with pytest.raises(Locked):
        await house.desk(house.neighbour).next()


async def test_unlocking_tells_what_waits_at_ones_own_desk(house: House) -> None:
    await house.sent()
    await house.sent(topic=Topic.ROADS)
    _, joining = await house.invite(desk=COUNTY_DESK)
    await house.enrolled(104, joining)
    desk = house.desk(house.neighbour)
    found = await desk.unlock(house.neighbour.passphrase, house.neighbour.share)
    assert found == Unlocked(desks=frozenset({COUNTY_DESK}), waiting=2, newcomers=1)
    national = await house.desk(house.first).unlock(house.first.passphrase, house.first.share)
    assert national == Unlocked(desks=frozenset({NATIONAL}), waiting=0, newcomers=0)


async def test_a_refused_passphrase_leaves_the_open_session_as_it_was(house: House) -> None:
    session = await house.unlock(house.first)
    with pytest.raises(PassphraseRefused):
        await house.desk(house.first).unlock("six words of somebody else entirely", bytes(32))
    assert session.desks == {NATIONAL}


async def test_a_revoked_member_and_a_stranger_do_not_unlock(house: House) -> None:
    async with house.stores.cases() as cases:
        await cases.staff.revoke(house.first.id)
        await cases.commit()
    for person in (house.first, NOBODY):
        with pytest.raises(Revoked):
            await house.desk(person).unlock(person.passphrase, person.share)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("how", ["revoked", "deleted"])
async def test_who_was_revoked_while_unlocked_does_nothing_more(
    house: House, act: str, how: str
) -> None:
    """The next act ends the session, keys and all."""
    _, report = await house.sent()
    session = await house.unlock(house.neighbour)
    async with house.stores.cases() as cases:
        await cases.staff.revoke(house.neighbour.id)
        await cases.commit()
    if how == "deleted":
        house.tamper("cases", "DELETE FROM member WHERE id = ?", house.neighbour.id)
    before = house.files()
    with pytest.raises(Revoked):
        await ACTS[act](house.desk(house.neighbour), report.ref)
    assert (session.keys, session.desks) == (None, frozenset())
    with pytest.raises(Locked):
        await ACTS[act](house.desk(house.neighbour), report.ref)
    assert house.files() == before


async def test_revoking_one_leaves_the_others_unlocked(house: House) -> None:
    await house.unlock(house.first)
    await house.unlock(house.second)
    async with house.stores.cases() as cases:
        await cases.staff.revoke(house.first.id)
        await cases.commit()
    with pytest.raises(Revoked):
        await house.desk(house.first).queue(Filter())
    assert (await house.desk(house.second).queue(Filter())).total == 0


async def test_what_was_opened_is_wiped_where_unlocking_fails_half_way(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs, sessions = PairsMade.noted(monkeypatch), opened_by(house.custody, monkeypatch)

    async def away(*_: object) -> int:
        raise StoreUnavailable

    monkeypatch.setattr(SqlReports, "count_waiting", away)
    with pytest.raises(StoreUnavailable):
        await house.unlock(house.first)
    (session,) = sessions
    assert (any(session.seed), session.keys, pairs.left) == (False, None, [])
    assert house.sessions.unlocked(house.clock.now()) == ()


async def test_who_is_revoked_while_the_passphrase_is_tried_does_not_unlock(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`StaffChats` locks them too, once the turn is theirs: there is nothing to lock then."""

    async def leaves() -> None:
        async with house.stores.cases() as cases:
            await cases.staff.revoke(house.first.id)
            await cases.commit()

    sessions = opened_by(house.custody, monkeypatch, leaves)
    with pytest.raises(Revoked):
        await house.desk(house.first).unlock(house.first.passphrase, house.first.share)
    (session,) = sessions
    assert (any(session.seed), session.keys) == (False, None)
    assert house.sessions.unlocked(house.clock.now()) == ()


def opened_by(
    custody: RootedCustody,
    monkeypatch: pytest.MonkeyPatch,
    then: Callable[[], Awaitable[None]] | None = None,
) -> list[MemberSession]:
    """What a right passphrase opens from here on; `then` happens right after."""
    honest, found = type(custody).unlock, list[MemberSession]()

    async def noted(*given: Any) -> Session:
        session = await honest(*given)
        assert isinstance(session, MemberSession)
        found.append(session)
        if then is not None:
            await then()
        return session

    monkeypatch.setattr(type(custody), "unlock", noted)
    return found


async def test_an_unrevoked_row_does_not_bring_the_keys_back(house: House) -> None:
    """Revoking deletes the wrapped seed and the copies; marking the row again opens nothing,
    nor does a seed somebody had kept beside another's copy.
    """
    kept = (await house.member(house.neighbour)).wrapped_seed
    async with house.stores.cases() as cases:
        await cases.staff.revoke(house.neighbour.id)
        await cases.commit()
    house.tamper("cases", "UPDATE member SET revoked = 0 WHERE id = ?", house.neighbour.id)
    (copy,) = house.rows(
        "cases", "SELECT sealed, standing FROM desk_copy WHERE holder = ?", house.first.id
    )
    house.tamper(
        "cases",
        "INSERT INTO desk_copy (desk, generation, holder, sealed, standing)"
        " VALUES ('national', 1, ?, ?, ?)",
        *(house.neighbour.id, *copy),
    )
    with pytest.raises(PassphraseRefused):
        await house.unlock(house.neighbour)
    house.tamper(
        "cases", "UPDATE member SET wrapped_seed = ? WHERE id = ?", kept, house.neighbour.id
    )
    with pytest.raises(KeyRefused):
        await house.unlock(house.neighbour)
    with pytest.raises(Locked):
        house.sessions.of(house.neighbour.id, house.neighbour.chat, house.clock.now())
