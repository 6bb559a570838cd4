"""Citizens' chats: state and unsent words in memory only, one card each."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta
from functools import partial

from telegram import Bot, Update
from telegram.error import Forbidden

from bot.dialogue.citizen import (
    State,
    advance,
    begin,
    bytes_held,
    is_writing,
    may_show_code,
    person_of,
    shows_code,
    view,
)
from bot.dialogue.converse import converse
from bot.dialogue.heard import Expired, Heard, Pressed, Restarted, Unreadable
from bot.dialogue.screen import Text
from bot.telegram.alarms import insisting
from bot.telegram.burst import Burst
from bot.telegram.card import AWAY, Card, answer, may_have_arrived, show
from bot.telegram.code_cards import CodeCards
from bot.telegram.deletion import delete
from bot.telegram.each import Each
from bot.telegram.fetching import AT_ONCE
from bot.telegram.keeping import Keeping
from bot.telegram.talk import Talk, TelegramChat, longest_silent
from bot.telegram.translate import Said, translate
from bot.texts.catalogue import Catalogues
from domain.ports.chat import Chat, Language
from domain.ports.world import Clock
from domain.reports.desk import CitizenDesk

SILENCE = timedelta(minutes=30)
"""How long unsent words, and a card nobody touches, stay."""

MOST_UNREADABLE = 30
"""Stickers and the like in a row that are answered; after them nothing is, until words come
or a minute passes.
"""

PAUSE = timedelta(minutes=1)
"""What ends such a row."""

MOST_TALKS = 20_000
"""Chats in memory. Beyond it the longest silent go, those without a report first; whose
words go is told so when they come back, as after a restart; their card stays as it stands.
"""


def nothing_behind(_chat: int) -> tuple[Update, ...]:
    """Where updates come one by one."""
    return ()


@dataclass(slots=True, kw_only=True)
class CitizenChats:
    """`behind`: what follows of a chat at once. While there is something the state goes on
    and messages are noted, and only the last of them is shown, deletes and answers, for all.
    """

    bot: Bot
    keeping: Keeping
    desk: Callable[[int, Chat], CitizenDesk]
    clock: Clock
    operator: str
    catalogues: Catalogues
    log: Callable[..., None]
    behind: Callable[[int], tuple[Update, ...]] = nothing_behind
    most_talks: int = MOST_TALKS
    talks: dict[int, Talk] = field(default_factory=dict)
    unswept: bool = False
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    code_cards: CodeCards = field(init=False)

    def __post_init__(self) -> None:
        self.code_cards = CodeCards(
            bot=self.bot, keeping=self.keeping, catalogues=self.catalogues, log=self.log
        )

    async def hear(self, said: Said) -> None:
        """Raises NetworkError, RetryAfter, StoreUnavailable: the same update may come again,
        and what it has done already is not done twice.
        """
        talk = await self._talk(said)
        async with talk.turn:
            self.talks[said.chat] = talk  # it may have expired while this waited
            talk.noted |= self.keeping.claim(said.chat)
            talk.heard_on = self._today()
            try:
                if said.update not in talk.taken:
                    await self._turn(talk, said)
                if not talk.burst.behind:
                    await self._tidy(talk)
                    await self._answer(talk, said.query)
            except Forbidden:
                self.log("telegram.refused", error="Forbidden")
                self.talks.pop(said.chat, None)
                await self._tidy(talk)
            except AWAY as away:
                if may_have_arrived(away):
                    self._doubts(talk)
                raise

    async def expire(self) -> None:
        """Unsent words are dropped and cards emptied after thirty silent minutes.

        Raises StoreUnavailable, when all words are dropped.
        """
        now, each = self.clock.now(), Each()
        for chat, talk in tuple(self.talks.items()):
            if now - talk.seen < SILENCE or talk.turn.locked():
                continue
            with each.one():
                async with talk.turn:
                    if await self._expired(talk):
                        self.talks.pop(chat, None)
        each.done()
        await self.code_cards.empty(now, SILENCE)

    async def vanish(self) -> None:
        """Deletes what says it deletes itself, and what could not be deleted before. Shows
        where a burst ended that nothing of this conversation followed.

        Raises StoreUnavailable, when all is deleted.
        """
        now, each = self.clock.now(), Each()
        for chat, talk in tuple(self.talks.items()):
            if talk.burst.behind and not talk.turn.locked() and not self._later(chat, talk):
                with each.one():
                    async with talk.turn:
                        await self._catch_up(chat, talk)
        for talk in tuple(self.talks.values()):
            due = talk.vanish_at is not None and now >= talk.vanish_at
            if (due or talk.waste) and not talk.turn.locked():
                with each.one():
                    async with talk.turn:
                        if due and talk.card is not None:
                            talk.waste |= {talk.card.message}
                            talk.card, talk.vanish_at = None, None
                        await self._tidy(talk)
        each.done()
        if self.unswept:
            await self.sweep()

    async def sweep(self) -> None:
        """After a restart: what was to vanish and has not. `vanish` goes on where Telegram
        was away. Cards with a code stand for thirty minutes more.
        """
        self.unswept = False
        for memory in await self.keeping.memories.all():
            if memory.chat not in self.talks:
                self.code_cards.left(memory, self.clock.now())
            if memory.vanishing is None or memory.chat in self.talks:
                continue
            try:
                gone = await delete(self.bot, memory.chat, frozenset({memory.vanishing}))
            except AWAY as away:
                self.unswept = True
                self.log("telegram.unreachable", error=type(away).__name__)
            else:
                if memory.chat not in self.talks:
                    await self.keeping.remember(replace(memory.without(gone), vanishing=None))
                await self.keeping.note(memory.chat, frozenset(), gone)
                self.log("chat.swept", count=len(gone))

    async def apologise(self, chat: int) -> None:
        talk, memories = self.talks.get(chat), self.keeping.memories
        memory = talk.memory if talk else await memories.of(chat)
        catalogue = self.catalogues.of(memory.language or Language.ENGLISH)
        try:
            message = await self.bot.send_message(chat, catalogue.say(Text("error.unexpected")))
        except AWAY:
            await self.keeping.doubt(chat)
            raise
        await self.note(chat, frozenset({message.message_id}))

    async def take_over(self, chat: int, card: Card, waste: frozenset[int]) -> None:
        """A card that stands in the chat already goes on as this conversation's."""
        await self.note(chat, waste | {card.message})
        talk = self.talks.get(chat)
        if talk is not None:
            talk.waste |= waste | ({talk.card.message} if talk.card else frozenset())
            talk.card = card
            talk.burst.shown()

    async def note(self, chat: int, messages: frozenset[int], *, unasked: bool = False) -> None:
        """For `/clear`: messages that came into the chat without this conversation."""
        await self.keeping.note(chat, messages, unasked=unasked)
        if talk := self.talks.get(chat):
            talk.noted, talk.traced = talk.noted | messages, talk.traced | messages

    async def note_sent(self, chat: int, message: int) -> None:
        """For `/clear`: a message from outside, while the conversation may go on."""
        talk = self.talks.get(chat)
        async with talk.turn if talk else nullcontext():
            await self.note(chat, frozenset({message}), unasked=True)

    async def _talk(self, said: Said) -> Talk:
        if said.chat not in self.talks:
            memory = await self.keeping.memories.of(said.chat)
            state = begin(
                memory.language,
                shared=memory.shared,
                operator=self.operator,
                spoken=self.catalogues.spoken,
            )
            seen, today = self.clock.now(), self._today()
            talk = Talk(state=state, memory=memory, kept=memory, seen=seen, heard_on=today)
            talk.waste = frozenset({memory.vanishing or 0}) - {0}
            talk.left = memory.codes
            pressed = said.heard.button if isinstance(said.heard, Pressed) else ""
            unanswered = said.pressed_on is not None and may_show_code(pressed)
            if unanswered:
                talk.left |= {said.pressed_on or 0}
            if memory.drafting or unanswered:
                talk.state = await self._heard(talk, Restarted(code_above=bool(talk.left)))
            self.code_cards.since.pop(said.chat, None)
            self._make_room()
            self.talks.setdefault(said.chat, talk)
        return self.talks[said.chat]

    async def _heard(self, talk: Talk, heard: Heard) -> State:
        number = talk.memory.chat
        unheard, standing = self._unheard(number), partial(self.keeping.standing, number)
        chat = TelegramChat(self.bot, talk, standing, unheard, self._held, self.gate)
        try:
            desk = self.desk(number, chat)
            return await converse(talk.state, heard, desk, advance, insisting(self.log))
        finally:
            talk.incoming = 0

    def _held(self) -> int:
        """Bytes of files in memory, of every chat."""
        return sum(talk.incoming + bytes_held(talk.state) for talk in self.talks.values())

    def _make_room(self) -> None:
        """A hundredth at once, so that the silent are not looked for at each newcomer."""
        if len(self.talks) < self.most_talks:
            return
        for chat in longest_silent(self.talks, 1 + self.most_talks // 100):
            talk = self.talks.pop(chat)
            self.code_cards.left(talk.kept, talk.seen)

    def _later(self, chat: int, talk: Talk) -> bool:
        """Whether the person is shown only with a later update where the state stands."""
        if talk.unreadable >= MOST_UNREADABLE:
            return talk.unreadable > MOST_UNREADABLE
        return bool(self.behind(chat))

    async def _catch_up(self, chat: int, talk: Talk) -> None:
        try:
            await self._show(talk, talk.state)
            await self._tidy(talk)
            await self._answer(talk, None)
        except Forbidden:
            self.log("telegram.refused", error="Forbidden")
            self.talks.pop(chat, None)
        except AWAY as away:
            if may_have_arrived(away):
                self._doubts(talk)
            self.log("telegram.unreachable", error=type(away).__name__)

    async def _turn(self, talk: Talk, said: Said) -> None:
        """The state changes only once the person has seen it change, or once another update
        waits that will show it.
        """
        if talk.untold:
            talk.state, talk.untold = await self._heard(talk, Restarted()), False
        if isinstance(said.heard, Pressed) and not may_show_code(said.heard.button):
            talk.left -= {said.pressed_on or 0}  # “I have written it down”
        pressed_on = said.pressed_on if said.pressed_on not in talk.left else None
        if pressed_on is not None and talk.card is None:
            talk.card = Card(message=pressed_on, protect=True)
        if talk.unshown is None or talk.unshown[0] != said.update:
            talk.unshown = said.update, await self._heard(talk, said.heard)
            unreadable = isinstance(said.heard, Unreadable)
            in_a_row = talk.unreadable if self.clock.now() - talk.seen < PAUSE else 0
            talk.unreadable = in_a_row + 1 if unreadable else 0
        state = talk.unshown[1]
        if self._later(said.chat, talk):
            await self._note_all(talk, state)
            talk.burst.gather(state, said.query)
            talk.seen = self.clock.now()
        else:
            await self._remember(talk, state)
            await self._show(talk, state)
        talk.state, talk.unshown = state, None
        talk.taken.append(said.update)
        if said.message is not None and not view(state).untaken:
            talk.waste |= {said.message}
        if pressed_on is not None and (not talk.card or pressed_on != talk.card.message):
            talk.waste |= {pressed_on}

    async def _show(self, talk: Talk, state: State) -> None:
        screen = view(talk.burst.told_by(state))
        catalogue = self.catalogues.of(person_of(state).language)
        shown = await show(self.bot, talk.memory.chat, screen, catalogue, talk.card)
        talk.card, talk.seen = shown.card, self.clock.now()
        talk.waste |= shown.stale
        talk.noted |= shown.sent
        talk.vanish_at = talk.seen + screen.brief if screen.brief else None
        talk.vanishing = talk.card.message if screen.brief else None
        talk.burst.shown()

    async def _answer(self, talk: Talk, query: str | None) -> None:
        while talk.burst.queries:
            await answer(self.bot, talk.burst.queries[0], None)
            talk.burst.queries = talk.burst.queries[1:]
        if query is not None:
            toast = view(talk.state).toast
            catalogue = self.catalogues.of(person_of(talk.state).language)
            await answer(self.bot, query, catalogue.plain(toast) if toast else None)

    async def _expired(self, talk: Talk) -> bool:
        """Whether all is done. The words are dropped whether the person can be told or not."""
        if not talk.untold:
            talk.unshown, talk.burst = None, Burst()
            talk.state, talk.untold = await self._heard(talk, Expired()), True
        try:
            if talk.card is not None:
                await self._show(talk, talk.state)
            talk.left -= await self.code_cards.wiped(talk.memory, talk.left)
        except Forbidden:
            self.log("telegram.refused", error="Forbidden")
        except AWAY as away:
            if may_have_arrived(away):
                self._doubts(talk)
            self.log("telegram.unreachable", error=type(away).__name__)
            return False
        talk.untold = False
        await self._tidy(talk)
        return True

    async def _remember(self, talk: Talk, state: State) -> None:
        """Before the person sees it, so that after a crash they are told what is lost."""
        codes = self._codes(talk, state) | self._codes(talk, talk.state)
        memory = replace(talk.memory, drafting=is_writing(state), codes=codes)
        if memory.told != talk.kept.told:
            await self.keeping.keep(talk, memory)

    def _today(self) -> date:
        return self.clock.now().astimezone(UTC).date()

    def _doubts(self, talk: Talk) -> None:
        """What was sent may stand in the chat, though no answer told its id."""
        talk.unsure |= {max(self.keeping.traces.newest, *talk.noted, 0)}

    def _codes(self, talk: Talk, state: State) -> frozenset[int]:
        """Cards that show a code: the one of this state, and those left by a restart."""
        own = talk.card is not None and shows_code(state)
        return talk.left | ({talk.card.message} if own and talk.card else frozenset())

    def _unheard(self, chat: int) -> frozenset[int]:
        said = map(translate, self.behind(chat))
        return frozenset(one.message for one in said if one and one.message)

    async def _note_all(self, talk: Talk, state: State) -> None:
        """Before the update is confirmed, as a crash may come before the burst's last; and
        with those behind it, so that a burst is one write.
        """
        talk.noted |= self._unheard(talk.memory.chat)
        codes = self._codes(talk, state) | self._codes(talk, talk.state)
        await self.keeping.keep(talk, replace(talk.memory, drafting=is_writing(state), codes=codes))

    async def _tidy(self, talk: Talk) -> None:
        """Deletes what is waste and keeps the memory. What Telegram does not let go of
        now stays waste, and stays noted for `/clear`.
        """
        try:
            if talk.waste:
                gone = await delete(self.bot, talk.memory.chat, talk.waste)
                talk.memory, talk.noted = talk.memory.without(gone), talk.noted - gone
        except AWAY:
            self.log("telegram.unreachable", count=len(talk.waste))
        else:
            talk.waste = frozenset()
            talk.vanishing = talk.vanishing if talk.vanish_at else None
        drafting = is_writing(talk.state) or talk.untold
        codes = self._codes(talk, talk.state)
        memory = replace(talk.memory, drafting=drafting, vanishing=talk.vanishing, codes=codes)
        await self.keeping.keep(talk, memory)
