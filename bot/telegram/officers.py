"""Officers' chats: one card that answers what was said last. The messages the outbox brings
stay where they are; a button under one of them is answered below it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import Bot
from telegram.error import Forbidden

from bot.dialogue import officer
from bot.dialogue.converse import converse
from bot.telegram.alarms import heeding
from bot.telegram.card import AWAY, Card, answer, show
from bot.telegram.deletion import delete
from bot.telegram.translate import Said
from bot.texts.catalogue import Catalogues
from domain.chats.staff_book import StaffBook, StaffChat
from domain.referrals.desk import OfficerDesk
from domain.staff.member import MemberId


@dataclass(slots=True, kw_only=True)
class OfficerTalk:
    """`unshown`: an update and the state it led to, which could not be shown. `taken`: the
    last update that was answered.
    """

    state: officer.State
    card: Card | None = None
    waste: frozenset[int] = frozenset()
    unshown: tuple[int, officer.State] | None = None
    taken: int | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True, kw_only=True)
class OfficerChats:
    bot: Bot
    book: StaffBook
    desk: Callable[[MemberId, int, int], OfficerDesk]
    catalogues: Catalogues
    log: Callable[..., None]
    talks: dict[int, OfficerTalk] = field(default_factory=dict)

    async def hear(self, said: Said) -> None:
        """Raises NetworkError, RetryAfter, StoreUnavailable: the same update may come again."""
        entry = await self.book.of_chat(said.chat)
        if entry is None:
            return
        fresh = OfficerTalk(state=officer.begin(entry.language, self.catalogues.spoken))
        talk = self.talks.setdefault(said.chat, fresh)
        async with talk.turn:
            try:
                if said.update != talk.taken:
                    await self._turn(talk, said, entry)
                await self._tidy(talk, said.chat)
                await self._answer(talk, said)
            except Forbidden:
                self.log("telegram.refused", error="Forbidden")
                self.talks.pop(said.chat, None)

    async def _turn(self, talk: OfficerTalk, said: Said, entry: StaffChat) -> None:
        if talk.unshown is None or talk.unshown[0] != said.update:
            desk = self.desk(entry.member, said.chat, said.update)
            heed = heeding(self.log)
            led_to = await converse(talk.state, said.heard, desk, officer.advance, heed)
            talk.unshown = said.update, led_to
        state = talk.unshown[1]
        on_card = talk.card is not None and said.pressed_on == talk.card.message
        if talk.card is not None and not on_card:
            talk.waste |= {talk.card.message}
            talk.card = None
        if said.message is not None:
            talk.waste |= {said.message}
        catalogue = self.catalogues.of(state.language)
        shown = await show(self.bot, said.chat, officer.view(state), catalogue, talk.card)
        talk.waste |= shown.stale
        talk.card, talk.state, talk.unshown = shown.card, state, None
        talk.taken = said.update

    async def _tidy(self, talk: OfficerTalk, chat: int) -> None:
        """What Telegram does not let go of now is tried again with the next update."""
        try:
            await delete(self.bot, chat, talk.waste)
        except AWAY:
            self.log("telegram.unreachable", count=len(talk.waste))
        else:
            talk.waste = frozenset()

    async def _answer(self, talk: OfficerTalk, said: Said) -> None:
        if said.query is not None:
            toast = talk.state.toast
            catalogue = self.catalogues.of(talk.state.language)
            await answer(self.bot, said.query, catalogue.plain(toast) if toast else None)
