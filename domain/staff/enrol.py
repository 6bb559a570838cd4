"""Enrolment by a one-time link: nothing is kept until the person has their passphrase.

1. `prepare`: the link is checked; keys, passphrase and share are made, in memory.
2. The person writes the passphrase down and says so.
3. `confirm`: the chat first (alone it leads nowhere), then invite, member and keys
   in one transaction. A crash before that leaves the link unused.

A chat is one member's. While that one is not revoked it takes no other: their desk would be shut
to them, and to everybody where nobody else reads it.
"""

from dataclasses import dataclass, field

from domain.chats.staff_book import StaffBook
from domain.errors import DomainError
from domain.ports.chat import Language
from domain.ports.sealing import Custody, Enrolled, InviteRefused
from domain.ports.stores import Cases, Changed, Stores
from domain.ports.world import Clock, Entropy
from domain.staff.member import Invite, InviteId, MemberId, Role


class ChatTaken(DomainError):
    """The chat is a member's already, and they are not revoked."""

    key = "error.chat_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Held in memory between the two steps, and shown once."""

    invite: InviteId
    enrolled: Enrolled
    words: tuple[str, ...]

    @property
    def is_officer(self) -> bool:
        return self.enrolled.member.role is Role.OFFICER


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """`let_in`: reads at once (first of the desk); else a member must grant.
    `share` goes into the unlock button and nowhere else.
    """

    member: MemberId
    share: bytes = field(repr=False)
    let_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentDesk:
    """What somebody holding an invite link can ask, from the chat they opened it in."""

    chat: int
    language: Language
    stores: Stores
    custody: Custody
    clock: Clock
    entropy: Entropy
    book: StaffBook

    async def prepare(self, payload: str) -> Prepared:
        """Raises InviteRefused, ChatTaken."""
        seed = self.custody.read_invite(payload)
        invite_id = InviteId(self.custody.invite_id(seed))
        async with self.stores.cases() as cases:
            invite = await self._usable(cases, invite_id)
            found = invite.founding and await cases.staff.newest_key(invite.desk) is None
        member = MemberId(self.entropy.token(16))
        today = self.clock.now().date()
        enrolled = await self.custody.enrol(invite, seed, member, today, found=found)
        words = self.custody.comparison_words(enrolled.member)
        return Prepared(invite=invite_id, enrolled=enrolled, words=words)

    async def confirm(self, prepared: Prepared) -> Confirmed:
        """Again is harmless. Raises InviteRefused when somebody else used the link meanwhile;
        ChatTaken.
        """
        member = prepared.enrolled.member
        async with self.stores.cases() as cases:
            if await cases.staff.member(member.id) is None:
                await self._usable(cases, prepared.invite)
        former = await self.book.of_chat(self.chat)
        await self.book.enter(self.chat, member.id, self.language, member.role)
        try:
            async with self.stores.cases() as cases:
                if await cases.staff.member(member.id) is None:
                    await self._keep(cases, prepared)
        except InviteRefused:
            await self.book.leave(member.id)
            if former is not None and former.member != member.id:
                await self.book.keep(former)
            raise
        return Confirmed(
            member=member.id, share=prepared.enrolled.share, let_in=bool(prepared.enrolled.copies)
        )

    async def _usable(self, cases: Cases, invite_id: InviteId) -> Invite:
        """The invite, if it is good, and good here. Raises InviteRefused, ChatTaken."""
        invite = await cases.staff.invite(invite_id)
        if invite is None or invite.used:
            raise InviteRefused
        here = await self.book.of_chat(self.chat)
        member = await cases.staff.member(here.member) if here else None
        if member is not None and not member.revoked:
            raise ChatTaken
        return invite

    async def _keep(self, cases: Cases, prepared: Prepared) -> None:
        enrolled = prepared.enrolled
        try:
            await cases.staff.use_invite(prepared.invite)
        except Changed:
            raise InviteRefused from None
        await cases.staff.add_member(enrolled.member)
        if enrolled.founded is not None:
            if await cases.staff.newest_key(enrolled.founded.desk) is not None:
                raise InviteRefused
            await cases.staff.add_desk_key(enrolled.founded)
        for copy in enrolled.copies:
            await cases.staff.add_copy(copy)
        await cases.commit()
