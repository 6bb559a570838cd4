"""What a chat follows: one sealed row of one size, and no more than ten subjects."""

from datetime import timedelta

import pytest

from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.keyring import Keyring
from domain.followup.followers import (
    KEPT,
    MOST,
    CountyFollowed,
    Follower,
    Followers,
    ForumFollowed,
    Subject,
    TooManyFollowed,
)
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.places.county import CountyCode
from domain.ports.addresses import ChatRow
from domain.ports.chat import Language
from domain.reports.report import ForumKey
from domain.reports.topic import Topic
from tests.fakes.stores import MemoryStores
from tests.fakes.world import FakeClock

CHAT, OTHER = 4711, 4712
EN, SW = Language.ENGLISH, Language.KISWAHILI
KIAMBU = CountyFollowed(county=CountyCode("022"))
LAND = CountyFollowed(county=CountyCode("022"), topic=Topic.LAND)
FORUM = ForumFollowed(forum=ForumKey("joint-0123456789ab-2025-05-" + "x" * 13))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def followers(clock: FakeClock) -> Followers:
    seal = KeyringChatSeal(Keyring.generate(), Purpose.FOLLOWER)
    return Followers(stores=MemoryStores(), seal=seal, clock=clock)


async def rows(followers: Followers) -> list[ChatRow]:
    async with followers.stores.addresses() as addresses:
        return list(await addresses.subscriptions.all())


async def test_all_that_a_chat_follows_is_one_row_and_comes_back_as_it_was(
    followers: Followers,
) -> None:
    for subject in (KIAMBU, LAND, FORUM, LAND):
        await followers.follow(CHAT, SW, subject)
    await followers.follow(OTHER, EN, KIAMBU)
    assert await followers.of(CHAT) == (KIAMBU, LAND, FORUM)
    assert len(await rows(followers)) == 2
    assert set(await followers.all()) == {
        Follower(chat=CHAT, language=SW, subjects=(KIAMBU, LAND, FORUM)),
        Follower(chat=OTHER, language=EN, subjects=(KIAMBU,)),
    }


async def test_every_row_has_one_size_and_ends_at_a_midnight(
    followers: Followers, clock: FakeClock
) -> None:
    await followers.follow(OTHER, EN, KIAMBU)
    for number in range(MOST):
        key = ForumKey(f"{number:02}" + "x" * 38)
        await followers.follow(2**52, EN, ForumFollowed(forum=key))
    one, other = await rows(followers)
    assert len(one.sealed) == len(other.sealed)
    assert {row.expires.time().isoformat() for row in (one, other)} == {"00:00:00"}
    assert clock.now() + KEPT <= one.expires <= clock.now() + KEPT + timedelta(days=1)


async def test_nobody_follows_more_than_ten(followers: Followers) -> None:
    subjects: list[Subject] = [
        CountyFollowed(county=CountyCode(f"{number:03}")) for number in range(1, MOST + 1)
    ]
    for subject in subjects:
        await followers.follow(CHAT, EN, subject)
    with pytest.raises(TooManyFollowed):
        await followers.follow(CHAT, EN, LAND)
    assert len(await followers.follow(CHAT, SW, subjects[0])) == MOST


async def test_with_the_last_subject_the_row_goes(followers: Followers) -> None:
    await followers.follow(CHAT, EN, KIAMBU)
    await followers.follow(CHAT, EN, LAND)
    assert await followers.stop(CHAT, EN, KIAMBU) == (LAND,)
    assert await followers.stop(CHAT, EN, KIAMBU) == (LAND,)
    assert await followers.stop(CHAT, EN, LAND) == ()
    assert await rows(followers) == []


@pytest.mark.parametrize("kind", [MessageKind.FOLLOW_UP, MessageKind.NOTICE])
async def test_news_that_was_written_is_wanted_until_nothing_is_followed_any_more(
    followers: Followers, kind: MessageKind
) -> None:
    """Whoever reads the followers, and writes after one of them has gone, is too late."""
    message = Message(
        subject=bytes(32),
        kind=kind,
        anchor="2026-11-25",
        due=followers.clock.now(),
        to=Addressee(chat=CHAT, language=EN),
        facts={},
    )
    await followers.follow(CHAT, EN, KIAMBU)
    assert await followers.still_wanted(message)
    await followers.drop(CHAT)
    assert await followers.still_wanted(message) is (kind is MessageKind.NOTICE)


async def test_a_year_after_it_was_touched_a_row_is_dropped(
    followers: Followers, clock: FakeClock
) -> None:
    await followers.follow(CHAT, EN, KIAMBU)
    clock.passes(days=364)
    assert await followers.drop_expired(clock.now()) == 0
    await followers.follow(OTHER, EN, KIAMBU)
    clock.passes(days=2)
    assert await followers.drop_expired(clock.now()) == 1
    assert [each.chat for each in await followers.all()] == [OTHER]


async def test_a_row_is_found_and_kept_under_the_newest_key(clock: FakeClock) -> None:
    stores, old = MemoryStores(), Keyring.generate()
    before = Followers(stores=stores, seal=KeyringChatSeal(old, Purpose.FOLLOWER), clock=clock)
    await before.follow(CHAT, EN, KIAMBU)
    other = KeyringChatSeal(old, Purpose.CITIZEN)
    (row,) = await rows(before)
    assert row.tag not in other.tags(CHAT)
