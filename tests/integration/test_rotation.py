"""The service keyring rotates: nothing that it closes is lost on the way, and the
old key goes only when nothing needs it.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from app.rotating import said_of, seal_anew, standing
from app.settings import Settings
from crypto.chat_seal import KeyringChatSeal, Purpose
from domain.chats.memory import ChatMemory
from domain.followup.followers import CountyFollowed, Followers
from domain.followup.mailboxes import FORGOTTEN_FOR
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.staff.member import MemberId
from tests.databases import Database
from tests.house import House, a_founded_house

SUBJECT = CountyFollowed(county=CountyCode("021"))
ENGLISH = Language.ENGLISH
MEMBER = MemberId(b"a member's id..!")
CHAT, FOLLOWER, FORGOTTEN = 11, 12, 13


class Office:
    """A deployment whose keyring can be exchanged, and what lies under it."""

    def __init__(self, house: House, database: Database) -> None:
        self.house = house
        url = SecretStr(database.url) if database.url else None
        self.settings = Settings(_env_file=None, data_dir=database.folder, database_url=url)
        self.heard: list[str] = []

    def followers(self) -> Followers:
        seal = KeyringChatSeal(self.house.keyring, Purpose.FOLLOWER)
        return Followers(stores=self.house.stores, seal=seal, clock=self.house.clock)

    async def fill(self) -> None:
        await self.house.memories.keep(ChatMemory(chat=CHAT, language=ENGLISH))
        await self.house.traces.note(CHAT, frozenset({5, 9}))
        await self.house.book.enter(CHAT, MEMBER, ENGLISH)
        await self.followers().follow(FOLLOWER, ENGLISH, SUBJECT)
        await self.house.outbox.post([self.message()])
        await self.house.mailboxes.forget(FORGOTTEN)

    def message(self) -> Message:
        return Message(
            subject=self.house.outbox.subject(FOLLOWER),
            kind=MessageKind.FOLLOW_UP,
            anchor="today",
            due=self.house.clock.now(),
            to=Addressee(chat=FOLLOWER, language=ENGLISH),
            facts={"a": 1},
        )

    async def is_whole(self) -> None:
        """With the keyring that the house has now."""
        assert (await self.house.memories.of(CHAT)).language == ENGLISH
        assert (await self.house.traces.of(CHAT)).noted == {5, 9}
        found = await self.house.book.of_chat(CHAT)
        assert found is not None
        assert found.member == MEMBER
        assert await self.followers().of(FOLLOWER) == (SUBJECT,)

    def rotate(self) -> int:
        now = self.house.clock.now()
        return seal_anew(self.settings, self.house.keyring, now, self.heard.append)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    async with a_founded_house(database.folder, database.url) as house:
        yield Office(house, database)


async def test_after_a_rotation_the_new_key_alone_opens_everything_but_who_was_forgotten(
    office: Office,
) -> None:
    """The forgotten stay known by the old key, and only for them it is kept."""
    await office.fill()
    office.house.keyring = office.house.keyring.rotated()
    await office.is_whole()
    before = standing(office.settings, office.house.keyring)
    assert sum(before.waiting.values()) == 6  # the founder's chat too
    assert office.rotate() == 0
    assert office.heard
    after = standing(office.settings, office.house.keyring)
    assert sum(after.waiting.values()) == 0
    assert after.forgotten == 1
    assert after.forgotten_until == (office.house.clock.now() + FORGOTTEN_FOR).date()
    assert f"until {after.forgotten_until}" in said_of(after)
    await office.is_whole()
    assert await office.house.outbox.post([office.message()]) == 0, "a message would go out twice"
    assert await forgotten(office)

    office.house.keyring = office.house.keyring.newest_only()
    await office.is_whole()
    office.house.clock.moment += FORGOTTEN_FOR
    await office.house.mailboxes.drop_expired(office.house.clock.now())
    assert standing(office.settings, office.house.keyring).forgotten == 0


async def forgotten(office: Office) -> bool:
    """Whether a chat that said `/forget` is still found."""
    async with office.house.stores.addresses() as addresses:
        seal = KeyringChatSeal(office.house.keyring, Purpose.FORGOTTEN)
        return await addresses.forgotten.get(seal.tags(FORGOTTEN)) is not None


async def test_a_rotation_again_changes_nothing_and_a_message_on_its_way_keeps_its_key(
    office: Office,
) -> None:
    await office.fill()
    (claimed,) = await office.house.outbox.claim(1)
    office.house.keyring = office.house.keyring.rotated()
    office.rotate()
    await office.house.outbox.delivered(claimed.key)
    async with office.house.stores.addresses() as addresses:
        assert await addresses.outgoing.count() == {"waiting": 0, "done": 1, "aside": 0}
        rows = await addresses.subscriptions.all()
    office.rotate()
    async with office.house.stores.addresses() as addresses:
        assert await addresses.subscriptions.all() == rows


async def test_a_row_nobody_can_open_stays_and_is_counted(office: Office) -> None:
    await office.fill()
    async with office.house.stores.addresses() as addresses:
        (row, *_) = await addresses.subscriptions.all()
        await addresses.subscriptions.remove([row.tag])
        await addresses.subscriptions.put(replace(row, tag=bytes(32)))
        await addresses.commit()
    office.house.keyring = office.house.keyring.rotated()
    assert office.rotate() == 1
    assert standing(office.settings, office.house.keyring).waiting["subscription"] == 1
