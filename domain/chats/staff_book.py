"""Which chat a member works from: in *addresses*, sealed under the service keyring."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from domain.errors import DomainError
from domain.ports.addresses import StaffChatRow
from domain.ports.chat import Language
from domain.ports.chats import ChatSeal
from domain.ports.sealing import EnvelopeLost
from domain.ports.stores import Stores
from domain.staff.member import MemberId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChat:
    """`role` says which conversation this is; what a member may do, their certificate says.
    `opened`: ids of messages that show a report, to be deleted on lock. `daily`: an officer
    who wants the digest every day.
    """

    chat: int
    member: MemberId
    language: Language = Language.ENGLISH
    opened: tuple[int, ...] = ()
    role: Role = Role.MODERATOR
    daily: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBook:
    stores: Stores
    seal: ChatSeal
    heed: Callable[[DomainError], object]

    async def enter(
        self, chat: int, member: MemberId, language: Language, role: Role = Role.MODERATOR
    ) -> None:
        """This chat is now that member's; an earlier member of the chat leaves it."""
        await self.keep(StaffChat(chat=chat, member=member, language=language, role=role))

    async def leave(self, member: MemberId) -> None:
        """No chat is this member's any more."""
        async with self.stores.addresses() as addresses:
            await addresses.staff_chats.remove(member)
            await addresses.commit()

    async def keep(self, entry: StaffChat) -> None:
        tag = self.seal.tags(entry.chat)[0]
        member = entry.member.hex()
        fields = [entry.chat, member, entry.language, entry.opened, entry.role, entry.daily]
        body = json.dumps(fields).encode()
        row = StaffChatRow(tag=tag, member=entry.member, sealed=self.seal.seal(tag, body))
        async with self.stores.addresses() as addresses:
            await addresses.staff_chats.put(row)
            await addresses.commit()

    async def of_chat(self, chat: int) -> StaffChat | None:
        async with self.stores.addresses() as addresses:
            row = await addresses.staff_chats.get(self.seal.tags(chat))
        return self._read(row) if row else None

    async def all(self) -> tuple[StaffChat, ...]:
        async with self.stores.addresses() as addresses:
            rows = await addresses.staff_chats.all()
        return tuple(entry for row in rows if (entry := self._true(row)))

    async def note_opened(self, chat: int, messages: tuple[int, ...]) -> None:
        """Replaces the messages to be deleted on lock."""
        entry = await self.of_chat(chat)
        if entry is not None and entry.opened != messages:
            await self.keep(replace(entry, opened=messages))

    def _true(self, row: StaffChatRow) -> StaffChat | None:
        """A forged row is nobody's: it must not keep the others from being locked."""
        try:
            return self._read(row)
        except EnvelopeLost:
            self.heed(EnvelopeLost())
            return None

    def _read(self, row: StaffChatRow) -> StaffChat:
        """The plain column finds the row; only what is sealed says whose it is."""
        chat, member, language, opened, *more = json.loads(self.seal.open(row.tag, row.sealed))
        if member != row.member.hex():
            raise EnvelopeLost
        role, daily = more or (Role.MODERATOR, False)  # a row of the first release has neither
        return StaffChat(
            chat=chat,
            member=row.member,
            language=Language(language),
            opened=tuple(opened),
            role=Role(role),
            daily=daily,
        )
