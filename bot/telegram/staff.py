"""Staff chats: enrolment by link, then the moderator's card. Opened content is
deleted from the chat on lock, on idleness and after a restart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from telegram import Bot
from telegram.error import Forbidden

from bot.dialogue import moderator, officer
from bot.dialogue.converse import converse
from bot.dialogue.heard import Expired, Heard, Refused
from bot.dialogue.moderator import enrolment, unlocking
from bot.dialogue.screen import Screen, Text
from bot.telegram.alarms import heeding
from bot.telegram.card import AWAY, answer, draw, redrawn, show, wipe
from bot.telegram.deletion import delete
from bot.telegram.menu import Commands, introduce_staff
from bot.telegram.opened_files import WORDLESS, drop_others, put_files
from bot.telegram.staff_talk import Leftover, StaffTalk, becomes_staff, old_card
from bot.telegram.translate import Said
from bot.telegram.unlock_buttons import button_again, is_being_kept, share_in, took_the_place
from bot.texts.catalogue import Catalogue, Catalogues
from domain.chats.staff_book import StaffBook, StaffChat
from domain.moderation.desk import ModeratorDesk
from domain.moderation.sessions import Sessions
from domain.ports.chat import Language
from domain.ports.world import Clock
from domain.staff.enrol import EnrolmentDesk
from domain.staff.member import MemberId, Role
from domain.staff.unlock import Revoked


@dataclass(slots=True, kw_only=True)
class StaffChats:
    """`closing`: members who were idle and whose chats are still to be told."""

    bot: Bot
    book: StaffBook
    sessions: Sessions
    enrolment_desk: Callable[[int, Language], EnrolmentDesk]
    moderator_desk: Callable[[MemberId, int, int], ModeratorDesk]
    places: Mapping[str, str]
    clock: Clock
    catalogues: Catalogues
    log: Callable[..., None]
    talks: dict[int, StaffTalk] = field(default_factory=dict)
    closing: set[MemberId] = field(default_factory=set)
    unswept: bool = False

    def enrols(self, said: Said) -> bool:
        """Whether this update belongs to somebody becoming staff."""
        return becomes_staff(said, self.talks.get(said.chat))

    async def hear(self, said: Said) -> Leftover | None:
        """Where a link was refused: such a chat is a citizen's, unless it was a member's.

        Raises NetworkError, RetryAfter, StoreUnavailable: the same update may come again.
        """
        talk = await self._talk(said)
        async with talk.turn:
            entry = await self.book.of_chat(said.chat)
            if entry is None and not becomes_staff(said, talk):
                self.talks.pop(said.chat, None)
                await self._not_staff(said)
                return None
            self.talks[said.chat] = talk
            talk.waste |= frozenset({said.message or 0}) - {0}
            await self._tidy(talk)
            try:
                if said.update != talk.taken:
                    await self._turn(talk, said, entry)
                await self._tidy(talk)
                await self._answer(talk, said)
            except Forbidden:
                self.log("telegram.refused", error="Forbidden")
                self.talks.pop(said.chat, None)
                await self._tidy(talk)
            if entry is not None:
                self.closing.discard(entry.member)
            return self._left(talk, entry)

    async def _talk(self, said: Said) -> StaffTalk:
        """The one in memory, or a new one; a new one is kept once the chat is staff's."""
        if said.chat not in self.talks:
            fresh = self._fresh(said, await self.book.of_chat(said.chat))
            self.talks.setdefault(said.chat, fresh)
        return self.talks[said.chat]

    async def _not_staff(self, said: Said) -> None:
        """A button of staff's, pressed where nobody is staff."""
        if said.query is not None:
            catalogue = self.catalogues.of(self.catalogues.nearest(said.language_code))
            await answer(self.bot, said.query, catalogue.plain(OLD_BUTTON))

    async def lock_idle(self) -> None:
        """After fifteen idle minutes keys are wiped and what was opened is deleted. Where
        Telegram is away it is tried again at the next ring.
        """
        for member in self.sessions.idle(self.clock.now()):
            self.sessions.lock(member)
            self.closing.add(member)
            self.log("member.locked")
        if self.closing:
            for entry in await self.book.all():
                if entry.member in self.closing and await self._closed(entry):
                    self.closing.discard(entry.member)
        for talk in tuple(self.talks.values()):
            if talk.waste and not talk.turn.locked():
                async with talk.turn:
                    await self._tidy(talk)
        if self.unswept:
            await self.sweep()
        else:
            await self._end_revoked()

    async def _closed(self, entry: StaffChat) -> bool:
        """Whether the chat shows nothing any more, and says so where it can be told."""
        talk = self.talks.get(entry.chat)
        if talk is None:
            return await self._swept(entry)
        async with talk.turn:
            try:
                await self._moderate(talk, Expired(), entry, update=0)
            except Forbidden:
                self.log("telegram.refused", error="Forbidden")
            except AWAY as away:
                self.log("telegram.unreachable", error=type(away).__name__)
                return False
            await self._tidy(talk)
            return True

    async def _end_revoked(self) -> None:
        """Whoever was revoked since is locked, told so, and staff no more, once nothing that
        was opened stands in their chat. Where that fails it is tried again at the next ring.
        Their keys are wiped whatever the book says of their chat.
        """
        async with self.book.stores.cases() as cases:
            revoked = {member.id for member in await cases.staff.members() if member.revoked}
        for session in self.sessions.unlocked(self.clock.now()):
            if session.member in revoked:
                self.sessions.lock(session.member)
        for entry in await self.book.all() if revoked else ():
            if entry.member in revoked and await self._ended(entry):
                await self.book.leave(entry.member)
                self.talks.pop(entry.chat, None)
                self.log("member.locked")

    async def _ended(self, entry: StaffChat) -> bool:
        self.sessions.lock(entry.member)
        self.closing.discard(entry.member)
        if entry.role is Role.OFFICER:
            return await self._ended_officer(entry)
        talk = self.talks.setdefault(entry.chat, self._resumed(entry))
        async with talk.turn:
            self.sessions.lock(entry.member)
            await self._tidy(talk)
            if isinstance(talk.state, enrolment.State):
                return False
            try:
                await self._tell_revoked(talk, entry, update=0)
            except Forbidden:
                self.log("telegram.refused", error="Forbidden")
            except AWAY as away:
                self.log("telegram.unreachable", error=type(away).__name__)
                return False
            await self._tidy(talk)
            return not talk.opened

    async def _ended_officer(self, entry: StaffChat) -> bool:
        """Nothing of theirs was opened: they are told, and no more."""
        ended = Screen(paragraphs=(Text(Revoked.key),))
        try:
            await show(self.bot, entry.chat, ended, self.catalogues.of(entry.language), None)
        except Forbidden:
            self.log("telegram.refused", error="Forbidden")
        except AWAY as away:
            self.log("telegram.unreachable", error=type(away).__name__)
            return False
        return True

    async def lock_all(self) -> None:
        self.sessions.lock_all()
        self.talks.clear()
        await self.sweep()

    async def sweep(self) -> None:
        """Around a restart every session is gone, so nothing opened may stay in a chat.
        `lock_idle` goes on where Telegram was away.
        """
        self.unswept = False
        await self._end_revoked()
        for entry in await self.book.all():
            if entry.opened and entry.chat not in self.talks and not await self._swept(entry):
                self.unswept = True

    async def _swept(self, entry: StaffChat) -> bool:
        catalogue = self.catalogues.of(entry.language)
        opened = frozenset(entry.opened)
        try:
            gone = await wipe(self.bot, entry.chat, opened, catalogue, LOCKED)
        except AWAY as away:
            self.log("telegram.unreachable", error=type(away).__name__)
            return False
        except Forbidden:
            self.log("telegram.refused", error="Forbidden")
            return True
        await self.book.note_opened(entry.chat, tuple(sorted(opened - gone)))
        self.log("chat.swept", count=len(gone))
        return gone == opened

    def _fresh(self, said: Said, entry: StaffChat | None) -> StaffTalk:
        if entry is not None:
            return self._resumed(entry)
        language = self.catalogues.nearest(said.language_code)
        state = self._begins(language)
        return StaffTalk(chat=said.chat, state=state, language=language)

    def _begins(self, language: Language) -> moderator.State:
        return moderator.begin(language, self.places, self.catalogues.spoken)

    def _resumed(self, entry: StaffChat) -> StaffTalk:
        """What is noted as opened was opened before a restart, and is deleted first."""
        opened = frozenset(entry.opened)
        return StaffTalk(
            chat=entry.chat,
            state=self._begins(entry.language),
            language=entry.language,
            opened=opened,
            noted=opened,
        )

    async def _turn(self, talk: StaffTalk, said: Said, entry: StaffChat | None) -> None:
        if said.pressed_on is not None and talk.card is None:
            talk.card = None if moderator.is_unlock(said.heard) else old_card(said)
        if entry is None or becomes_staff(said, talk):
            await self._enrol(talk, said.heard, entry)
        elif await self._is_revoked(entry):
            await self._tell_revoked(talk, entry, update=said.update)
        else:
            if said.pressed_on is not None:
                await self._keep_button(talk, said.heard, said.pressed_on, entry)
            await self._moderate(talk, said.heard, entry, update=said.update)
            await self._retire_button(talk)
        talk.taken = said.update

    async def _enrol(self, talk: StaffTalk, heard: Heard, entry: StaffChat | None) -> None:
        state = talk.state
        if not isinstance(state, enrolment.State):
            state = enrolment.begin(entry.language if entry else talk.language)
        language = enrolment.language_of(state)
        desk = self.enrolment_desk(talk.chat, language)
        state = await converse(state, heard, desk, enrolment.advance, heeding(self.log))
        await self._show(talk, enrolment.view(state, self.catalogues.spoken.languages), language)
        talk.state = state
        if enrolment.is_enrolled(state):
            self.log("member.enrolled")
            talk.state = self._begins(language)
            await self._introduce(talk, language, moderator.COMMANDS)
        elif enrolment.is_officer(state):
            self.log("member.enrolled")
            self.talks.pop(talk.chat, None)
            await self._introduce(talk, language, officer.COMMANDS)
        elif enrolment.is_over(state):
            talk.state, talk.over = self._begins(language), True

    async def _introduce(self, talk: StaffTalk, language: Language, commands: Commands) -> None:
        catalogue = self.catalogues.of(language)
        await introduce_staff(self.bot, talk.chat, commands, catalogue, self.log)

    async def _is_revoked(self, entry: StaffChat) -> bool:
        async with self.book.stores.cases() as cases:
            member = await cases.staff.member(entry.member)
        return member is not None and member.revoked

    async def _tell_revoked(self, talk: StaffTalk, entry: StaffChat, *, update: int) -> None:
        talk.state, talk.unshown = self._begins(talk.language), None
        await self._moderate(talk, Refused(Revoked()), entry, update=update)

    async def _keep_button(
        self, talk: StaffTalk, heard: Heard, message: int, entry: StaffChat
    ) -> None:
        """After a crash an unlock button still stands beside its passphrase."""
        share = share_in(heard)
        if share is None or is_being_kept(talk, share):
            return
        desk = self.enrolment_desk(talk.chat, talk.language)
        kept = await button_again(share, desk, entry.member)
        if kept is not None:
            talk.unlocked_by = message
            catalogue = self.catalogues.of(talk.language)
            await redrawn(self.bot, talk.chat, kept, catalogue, message)

    async def _retire_button(self, talk: StaffTalk) -> None:
        """The former button opens nothing: where this fails, it says so when pressed."""
        former = took_the_place(talk)
        if former is not None:
            talk.unlocked_by = None
            catalogue = self.catalogues.of(talk.language)
            try:
                await redrawn(self.bot, talk.chat, unlocking.dead_screen(), catalogue, former)
            except AWAY as away:
                self.log("telegram.unreachable", error=type(away).__name__)

    async def _moderate(
        self, talk: StaffTalk, heard: Heard, entry: StaffChat, *, update: int
    ) -> None:
        state = talk.state
        if isinstance(state, enrolment.State):
            state = self._begins(talk.language)
        desk = self.moderator_desk(entry.member, talk.chat, update)
        if talk.unshown is None or talk.unshown[0] != update:
            heed = heeding(self.log)
            talk.unshown = update, await converse(state, heard, desk, moderator.advance, heed)
        state = talk.unshown[1]
        language = moderator.language_of(state)
        await self._show(talk, moderator.view(state), language)
        talk.state, talk.unshown = state, None
        if entry.language is not language:
            await self.book.keep(replace(entry, language=language, opened=tuple(talk.noted)))

    async def _show(self, talk: StaffTalk, screen: Screen, language: Language) -> None:
        """What was opened goes before anything else comes."""
        catalogue = self.catalogues.of(language)
        drop_others(talk, screen)
        if screen.opened:
            await self._open(talk, screen, catalogue)
        else:
            if talk.card is not None and talk.card.message in talk.opened:
                talk.card = None
                await self._tidy(talk)
            shown = await show(self.bot, talk.chat, screen, catalogue, talk.card)
            talk.waste |= shown.stale
            talk.card = None if screen.keep else shown.card
        await put_files(self.bot, talk, screen, catalogue, self._note)
        talk.language, talk.toast = language, screen.toast

    async def _open(self, talk: StaffTalk, screen: Screen, catalogue: Catalogue) -> None:
        """A report is shown only in a message that was sent for it, so that it is young enough
        to be deleted, and noted before a word stands in it: so neither a crash nor a lost
        answer leaves words behind unnoted.
        """
        card = talk.card
        if card is not None and card.message in talk.opened:
            if await redrawn(self.bot, talk.chat, screen, catalogue, card.message):
                return
        elif card is not None:
            talk.waste |= {card.message}
        shown = await show(self.bot, talk.chat, WORDLESS, catalogue, None)
        talk.card = shown.card
        talk.opened |= {shown.card.message}
        await self._note(talk)
        await draw(self.bot, talk.chat, screen, catalogue, shown.card.message)

    async def _answer(self, talk: StaffTalk, said: Said) -> None:
        if said.query is not None:
            toast = self.catalogues.of(talk.language).plain(talk.toast) if talk.toast else None
            await answer(self.bot, said.query, toast)

    async def _tidy(self, talk: StaffTalk) -> None:
        """What was opened and is too old to be deleted is overwritten, and stays noted until
        it is gone or says nothing any more. What Telegram does not let go of now is tried
        again when the clock rings; whoever blocked the bot is tried when they come back.
        """
        opened = talk.opened - talk.files - frozenset({talk.card.message} if talk.card else ())
        talk.waste |= opened
        try:
            await delete(self.bot, talk.chat, talk.waste - opened)
            catalogue = self.catalogues.of(talk.language)
            talk.opened -= await wipe(self.bot, talk.chat, opened, catalogue, LOCKED)
        except Forbidden:
            talk.waste = frozenset()
        except AWAY:
            self.log("telegram.unreachable", count=len(talk.waste))
        else:
            talk.waste &= talk.opened
        await self._note(talk)

    async def _note(self, talk: StaffTalk) -> None:
        if talk.opened != talk.noted:
            await self.book.note_opened(talk.chat, tuple(sorted(talk.opened)))
            talk.noted = talk.opened

    def _left(self, talk: StaffTalk, entry: StaffChat | None) -> Leftover | None:
        if not talk.over or talk.card is None or entry is not None:
            return None
        self.talks.pop(talk.chat, None)
        return Leftover(card=talk.card, waste=talk.waste)


LOCKED = Text("moderator.locked_now")
OLD_BUTTON = Text("toast.old_button")
