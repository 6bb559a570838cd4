"""Whatever else is done while a backup is put back is not undone by it, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from app.alone import refuse_while_restoring
from app.backing_up import Store
from app.cli import restoring as command
from app.custody_files import RecoveryPlaces
from app.restoring import Wishes
from app.settings import SettingRefused
from crypto.xwing import KeyPair
from storage import restoring
from tests.databases import Database
from tests.house import RECOVERY
from tests.integration.operator import NATIONAL, OVER, Operator, an_operator

SECONDS = 1.0
"""It ends within these, or waits until the restore has ended."""


@pytest.fixture
async def operator(database: Database, tmp_path: Path) -> AsyncIterator[Operator]:
    async with an_operator(database, tmp_path / "shelf") as operator:
        yield operator


async def restored_beside(
    operator: Operator,
    store: Store,
    meanwhile: Callable[[], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
    at: str,
) -> None:
    """`at`: of the restore, and after what it does `meanwhile` begins."""
    file, loop = operator.backed_up(store), asyncio.get_running_loop()
    begun: list[Any] = []
    does: Callable[..., Any] = getattr(restoring, at)

    async def done() -> None:
        await meanwhile()

    def and_then(*given: object, **named: object) -> object:
        found = does(*given, **named)
        if not begun:
            begun.append(asyncio.run_coroutine_threadsafe(done(), loop))
            with suppress(TimeoutError):
                begun[0].result(SECONDS)
        return found

    monkeypatch.setattr(restoring, at, and_then)
    await asyncio.to_thread(operator.restored, store, file, OVER)
    await asyncio.wrap_future(begun[0])


@pytest.mark.parametrize("at", ["living_reports", "_rows"])
async def test_a_key_that_is_destroyed_beside_it_stays_destroyed(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    _, kept = await operator.house.sent(**NATIONAL)
    _, over = await operator.house.sent(**NATIONAL)
    await restored_beside(operator, Store.SHREDS, lambda: operator.ended(over), monkeypatch, at)
    left = operator.house.rows("shreds", "SELECT report FROM shred")
    assert [bytes(row[0]) for row in left] == [kept.id]


async def test_a_member_who_is_revoked_beside_it_stays_out(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = operator.house
    _, joining = await house.invite()
    second = await house.enrolled(102, joining)
    await house.unlock(house.first)
    await house.let_in(second, by=house.first)
    await restored_beside(
        operator, Store.CASES, lambda: operator.revoked(second), monkeypatch, "_register"
    )
    assert (await house.member(second)).revoked


async def test_a_command_that_would_write_beside_it_is_refused(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, refused = operator.backed_up(Store.CASES), list[str]()

    @contextmanager
    def while_shares_are_typed(*_: object) -> Iterator[KeyPair]:
        async def asks() -> None:
            with pytest.raises(SettingRefused, match="sauti restore") as refusal:
                await refuse_while_restoring(operator.settings)
            refused.append(str(refusal.value))

        asyncio.run_coroutine_threadsafe(asks(), loops[0]).result(10)
        yield RECOVERY

    loops = [asyncio.get_running_loop()]
    monkeypatch.setattr(command, "recovery_pair", while_shares_are_typed)
    wishes = Wishes(overwrite=True, revoked=frozenset(), named=())
    places = RecoveryPlaces(wraps=None, shares=(), undivided=None)
    given = (operator.settings, Store.CASES, file, places, wishes)
    await refuse_while_restoring(operator.settings)
    await asyncio.to_thread(lambda: asyncio.run(command._restore(*given)))
    assert len(refused) == 1
    await refuse_while_restoring(operator.settings)
