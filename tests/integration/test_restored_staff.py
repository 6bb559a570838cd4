"""A restored *cases* brings nobody back who was revoked since, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.backing_up import Store
from app.restoring import Wishes
from app.settings import SettingRefused
from domain.desks.desk import NATIONAL as DESK
from domain.ports.sealing import InviteRefused, PassphraseRefused
from domain.reports.state import State
from domain.staff.signers import to_renew
from domain.staff.unlock import NotLetInYet, Revoked
from domain.staff.welcome import Welcome
from storage.errors import StoreUnavailable
from tests.databases import Database
from tests.house import WORDS, House, Moderator
from tests.integration.operator import NATIONAL, OVER, Operator, an_operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """A desk of two, a link that is out, and the backup of that day."""

    operator: Operator
    leaves: Moderator
    link: str
    backup: Path

    async def generations(self) -> list[int]:
        async with self.operator.house.stores.cases() as cases:
            return [key.generation for key in await cases.staff.desk_keys(DESK)]

    async def must_be_renewed(self) -> bool:
        async with self.operator.house.stores.cases() as cases:
            return DESK in await to_renew(cases, self.operator.house.custody)

    async def is_out(self) -> None:
        """Who left has no wrap, no copy, and nothing opens for them."""
        member = await self.operator.house.member(self.leaves)
        assert (member.revoked, member.wrapped_seed) == (True, b"")
        async with self.operator.house.stores.cases() as cases:
            assert await cases.staff.copies(self.leaves.id) == []
        with pytest.raises(Revoked):
            await self.operator.house.unlock(self.leaves)


@pytest.fixture
async def then(database: Database, tmp_path: Path) -> AsyncIterator[Then]:
    async with an_operator(database, tmp_path / "shelf") as operator:
        house = operator.house
        await house.unlock(house.first)
        _, payload = await house.invite()
        leaves = await house.enrolled(102, payload)
        await house.let_in(leaves, by=house.first)
        await house.unlock(leaves)
        house.sessions.lock(leaves.id)
        _, link = await house.invite()
        backup = operator.backed_up(Store.CASES)
        yield Then(operator=operator, leaves=leaves, link=link, backup=backup)


async def test_who_was_revoked_since_stays_out_and_the_later_generation_stays(then: Then) -> None:
    operator, house = then.operator, then.operator.house
    await operator.revoked(then.leaves)
    assert await operator.renewed() == 1
    _, later = await house.sent(**NATIONAL)
    newest = operator.backed_up(Store.CASES, "newest")
    kept = operator.restored(Store.CASES, then.backup, OVER).kept
    assert kept is not None
    assert (kept.revoked, kept.generations, kept.refused) == (1, 1, 0)
    await then.is_out()
    assert await then.generations() == [1, 2]
    assert not await then.must_be_renewed()
    operator.restored(Store.CASES, newest, OVER)
    await then.is_out()
    assert await operator.read(later) == WORDS


async def test_what_somebody_signed_who_was_revoked_since_is_theirs_still(then: Then) -> None:
    """Whichever of the two stores took their standing away, as a revocation once did."""
    operator, house = then.operator, then.operator.house
    code, report = await house.sent(**NATIONAL)
    await house.unlock(then.leaves)
    await house.desk(then.leaves).claim(report.ref)
    before = operator.backed_up(Store.CASES, "before")
    await operator.revoked(then.leaves)
    after = operator.backed_up(Store.CASES, "after")
    for taken, backup in ((True, before), (True, after), (False, before)):
        if taken:
            query = "UPDATE desk_copy SET standing = ? WHERE holder = ?"
            house.tamper("cases", query, b"", then.leaves.id)
        operator.restored(Store.CASES, backup, OVER)
        await then.is_out()
        (held,) = house.rows(
            "cases", "SELECT sealed, standing FROM desk_copy WHERE holder = ?", then.leaves.id
        )
        assert (bytes(held[0]), bool(held[1])) == (b"", True)
        assert (await house.check(code)).state is State.IN_REVIEW


async def test_where_nothing_is_left_somebody_must_say_who_was_revoked(then: Then) -> None:
    operator = then.operator
    _, report = await operator.house.sent(**NATIONAL)
    shreds, cases = operator.backed_up(Store.SHREDS), operator.backed_up(Store.CASES, "later")
    operator.lose()
    with pytest.raises(SettingRefused, match="--revoked ID for each"):
        operator.restored(Store.CASES, cases, Wishes())
    assert await operator.house.reports() == []
    operator.restored(Store.CASES, cases, Wishes(revoked=frozenset({then.leaves.id})))
    operator.restored(Store.SHREDS, shreds)
    await then.is_out()
    await then.must_be_renewed()
    assert await operator.read(report) == WORDS
    assert await operator.renewed() == 1
    assert await then.generations() == [1, 2]
    with pytest.raises(InviteRefused):
        await operator.house.enrolled(103, then.link)


async def test_a_store_that_others_founded_meanwhile_does_not_say_who_was_revoked(
    then: Then,
) -> None:
    """The disk was lost, and somebody enrolled again before the backup was found."""
    operator, house = then.operator, then.operator.house
    operator.lose()
    _, founding = await house.invite(founding=True)
    await house.enrolled(105, founding)
    with pytest.raises(SettingRefused, match="--revoked ID for each"):
        operator.restored(Store.CASES, then.backup, OVER)
    said = Wishes(overwrite=True, revoked=frozenset({then.leaves.id}))
    operator.restored(Store.CASES, then.backup, said)
    await then.is_out()


async def test_who_founded_the_desk_meanwhile_is_not_locked_out_but_waits(then: Then) -> None:
    """Their copy is of their own first generation, and the backup's stays."""
    operator = then.operator
    _, report = await operator.house.sent(**NATIONAL)
    cases, shreds = operator.backed_up(Store.CASES, "later"), operator.backed_up(Store.SHREDS)
    operator.lose()
    _, founding = await operator.house.invite(founding=True)
    founder = await operator.house.enrolled(105, founding)
    await operator.house.unlock(founder)
    operator.house.sessions.lock_all()
    operator.restored(Store.CASES, cases, Wishes(overwrite=True, revoked=frozenset()))
    operator.restored(Store.SHREDS, shreds)
    house = operator.house
    with pytest.raises(NotLetInYet):
        await house.unlock(founder)
    await house.unlock(house.first)
    await house.let_in(founder, by=house.first)
    await house.unlock(founder)
    assert (await house.desk(founder).open(report.ref)).words.messages == WORDS


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_nor_does_a_store_from_which_somebody_took_a_member(then: Then) -> None:
    """Whoever writes to the database would bring them back by the next restore."""
    operator = then.operator
    await operator.revoked(then.leaves)
    operator.house.tamper("cases", "DELETE FROM member WHERE id = ?", then.leaves.id)
    with pytest.raises(SettingRefused, match="--revoked ID for each"):
        operator.restored(Store.CASES, then.backup, OVER)


async def test_a_link_that_was_used_since_is_not_used_again_and_its_member_stays(
    then: Then,
) -> None:
    operator, house = then.operator, then.operator.house
    third = await house.enrolled(103, then.link)
    await house.let_in(third, by=house.first)
    kept = operator.restored(Store.CASES, then.backup, OVER).kept
    assert kept is not None
    assert kept.members == 1
    with pytest.raises(InviteRefused):
        await house.enrolled(104, then.link)
    await house.unlock(third)


async def test_who_was_let_in_since_and_is_not_told_yet_is_told_after_it(
    then: Then, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator, house = then.operator, then.operator.house
    third = await house.enrolled(103, then.link)
    await let_in_and_untold(house, third, monkeypatch)
    operator.restored(Store.CASES, then.backup, OVER)
    assert await untold(house) == [third.id]
    assert await house.welcome().run() == 1
    await house.unlock(third)


async def test_who_was_told_since_is_not_told_again_and_who_left_not_at_all(
    then: Then, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator, house = then.operator, then.operator.house
    third = await house.enrolled(103, then.link)
    await let_in_and_untold(house, third, monkeypatch)
    backup = operator.backed_up(Store.CASES, "untold")
    operator.lose()
    operator.restored(Store.CASES, backup)
    assert await untold(house) == [third.id]
    await _rung(operator)
    await house.welcome().run()
    operator.restored(Store.CASES, backup, OVER)
    assert await untold(house) == []
    operator.lose()
    operator.restored(Store.CASES, backup, Wishes(revoked=frozenset({third.id})))
    assert operator.house.disk.rows("cases", "SELECT member FROM untold") == []


async def let_in_and_untold(
    house: House, newcomer: Moderator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a crash leaves it, right after."""

    async def away(*_: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as crashed:
        crashed.setattr(Welcome, "tell", away)
        with pytest.raises(StoreUnavailable):
            await house.let_in(newcomer, by=house.first)


async def untold(house: House) -> list[bytes]:
    async with house.stores.cases() as cases:
        return list(await cases.staff.untold())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_newest_passphrase_holds_whichever_of_the_two_is_the_later(then: Then) -> None:
    """A store that was just restored knows an older one than the backup of yesterday."""
    operator, house = then.operator, then.operator.house
    desk = house.desk(house.first)
    anew = await desk.new_passphrase()
    await desk.keep_passphrase(anew)
    after = Moderator(
        id=house.first.id, passphrase=anew.passphrase, share=anew.share, chat=house.first.chat
    )
    await _rung(operator)
    newest = operator.backed_up(Store.CASES, "newest")
    operator.restored(Store.CASES, then.backup, OVER)
    await house.unlock(after)
    with pytest.raises(PassphraseRefused):
        await house.unlock(house.first)
    operator.lose()
    operator.restored(Store.CASES, then.backup)
    await house.unlock(house.first)
    operator.restored(Store.CASES, newest, OVER)
    await house.unlock(after)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_generation_that_is_not_of_the_root_is_left_out(then: Then) -> None:
    house = then.operator.house
    house.tamper(
        "cases",
        "INSERT INTO desk_key SELECT desk, 2, public, certificate FROM desk_key WHERE generation=1",
    )
    kept = then.operator.restored(Store.CASES, then.backup, OVER).kept
    assert kept is not None
    assert (kept.generations, kept.refused) == (0, 1)
    assert await then.generations() == [1]


async def _rung(operator: Operator) -> None:
    async with operator.house.stores.cases() as cases:
        await cases.bells.record("remix", operator.house.clock.now())
        await cases.commit()
