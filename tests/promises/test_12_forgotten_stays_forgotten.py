"""Promise 12, of a chat that said `/forget` after the backup was made: put back over a living
*addresses*, it makes nobody write to that chat again. A build that empties what is known of the
forgotten is found out, and so is one that lets them follow again. Who said nothing goes on hearing.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.backing_up import Store
from app.forgotten_since import ForgottenSince
from app.keyring_file import keyring_place, replace_keyring
from crypto.chat_seal import KeyringChatSeal, Purpose
from domain.followup.followers import CountyFollowed, Followers
from domain.places.county import CountyCode
from domain.ports.chat import Language
from storage import restoring
from tests.databases import Database
from tests.integration.operator import NATIONAL, OVER, Operator, an_operator

FORGETS, AGAIN, STAYS = 7, 8, 9
COUNTY = CountyFollowed(county=CountyCode("021"))


@pytest.fixture
async def operator(database: Database, tmp_path: Path) -> AsyncIterator[Operator]:
    """Whose keyring lies where the commands find it."""
    async with an_operator(database, tmp_path / "shelf") as operator:
        replace_keyring(keyring_place(operator.settings), operator.house.keyring)
        yield operator


def followers(operator: Operator) -> Followers:
    house = operator.house
    seal = KeyringChatSeal(house.keyring, Purpose.FOLLOWER)
    return Followers(stores=house.stores, seal=seal, clock=house.clock)


async def forgets(operator: Operator, chat: int) -> None:
    """As `/forget` does."""
    await operator.house.mailboxes.forget(chat)
    await followers(operator).drop(chat)
    operator.house.clock.passes(minutes=1)


async def put_back(operator: Operator) -> dict[int, bool]:
    """Who of those that followed their report would be written to. One forgot long before the
    backup, and asked for news again.
    """
    house, codes = operator.house, dict[int, str]()
    await forgets(operator, AGAIN)
    for chat in (FORGETS, AGAIN, STAYS):
        codes[chat], _ = await house.followed(chat, **NATIONAL)
        await followers(operator).follow(chat, Language.ENGLISH, COUNTY)
    house.clock.passes(minutes=1)
    file = operator.backed_up(Store.ADDRESSES)
    house.clock.passes(minutes=1)
    await forgets(operator, FORGETS)
    operator.restored(Store.ADDRESSES, file, OVER)
    secrets = [(await house.check(code)).held.secret for code in codes.values()]
    told = await house.mailboxes.addressees(secrets)
    return {chat: to is not None for chat, to in zip(codes, told, strict=True)}


async def follow(operator: Operator) -> set[int]:
    return {each.chat for each in await followers(operator).all()}


async def test_no_notice_goes_to_whoever_was_forgotten_since(operator: Operator) -> None:
    assert await put_back(operator) == {FORGETS: False, AGAIN: True, STAYS: True}


async def test_and_nothing_it_followed_is_written_to_it(operator: Operator) -> None:
    await put_back(operator)
    assert await follow(operator) == {AGAIN, STAYS}


async def test_the_later_of_two_tombstones_holds(operator: Operator) -> None:
    """Where an older store is put back first, and the newer over it."""
    house = operator.house
    code, _ = await house.followed(FORGETS, **NATIONAL)
    house.clock.passes(days=1)
    await forgets(operator, FORGETS)
    newest = operator.backed_up(Store.ADDRESSES)
    secret = (await house.check(code)).held.secret
    operator.house.tamper("addresses", "DELETE FROM forgotten")
    house.clock.passes(days=-2)
    await forgets(operator, FORGETS)
    operator.restored(Store.ADDRESSES, newest, OVER)
    assert await house.mailboxes.addressees([secret]) == (None,)


@pytest.mark.also_on_postgresql
async def test_a_build_that_puts_the_tombstones_of_then_in_place_is_found_out(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "_forget_again", lambda *_: None)
    assert (await put_back(operator))[FORGETS]


async def test_a_build_that_lets_the_forgotten_follow_again_is_found_out(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ForgottenSince, "among", lambda *_: lambda _: False)
    await put_back(operator)
    assert FORGETS in await follow(operator)
