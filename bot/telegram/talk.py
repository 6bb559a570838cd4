"""One citizen's chat while it is in memory, and what a dialogue may ask of it."""

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from telegram import Bot

from bot.dialogue.citizen import State
from bot.telegram.burst import Burst
from bot.telegram.card import Card
from bot.telegram.deletion import MOST_REFUSED, Deletion
from bot.telegram.fetching import MOST_HELD, fetch
from domain.chats.memory import ChatMemory
from domain.chats.traces import Standing
from domain.ports.chat import Chat, Cleared, Language
from domain.reports.files import MOST_INCOMING, FilesAtRest

MOST_TAKEN = 100
"""Updates known to have changed the state, should they come again: as many as Telegram shows."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """One chat while it is in memory. `kept`: its memory as it is on disk; `kept_on`: the day
    (UTC) on which the person had spoken then, `heard_on`: that of their last word.
    `noted`: messages known to stand in the chat, `traced`: those of them on disk. `unsure`: the
    newest ids known when an answer of Telegram's got lost. `cleared`: what is gone of a `/clear`
    that Telegram cut off. `waste`: messages
    still to be deleted. `unshown`: an update and the state it led to, which the person could
    not be shown. `taken`: the last updates that changed the state. `untold`: its words were
    dropped after thirty minutes, and the card does not say so yet. `unreadable`: how many in a
    row. `incoming`: bytes of a file that is being fetched and cleaned. `left`: cards
    from before a restart that may show the only copy of a code: no press edits or deletes them.
    """

    state: State
    memory: ChatMemory
    kept: ChatMemory
    seen: datetime
    heard_on: date
    kept_on: date | None = None
    noted: frozenset[int] = frozenset()
    traced: frozenset[int] = frozenset()
    unsure: frozenset[int] = frozenset()
    cleared: set[int] = field(default_factory=set)
    card: Card | None = None
    waste: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()
    vanishing: int | None = None
    vanish_at: datetime | None = None
    unshown: tuple[int, State] | None = None
    taken: deque[int] = field(default_factory=lambda: deque(maxlen=MOST_TAKEN))
    untold: bool = False
    unreadable: int = 0
    incoming: int = 0
    burst: Burst = field(default_factory=Burst)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


def longest_silent(talks: Mapping[int, Talk], number: int) -> list[int]:
    """Chats; those that are writing, or still have something to be done about, last."""
    silent = [
        (talk.state.report is not None or bool(talk.waste | talk.unsure), talk.seen, chat)
        for chat, talk in talks.items()
        if not talk.turn.locked()
    ]
    return [chat for _, _, chat in heapq.nsmallest(number, silent)]


@dataclass(slots=True)
class TelegramChat(Chat):
    """The chat as the dialogue asks for it. `standing`: what was noted. `unheard`: messages whose
    turn is still to come. `held`: bytes of files in memory, all chats together.
    """

    bot: Bot
    talk: Talk
    standing: Callable[[], Awaitable[Standing]]
    unheard: frozenset[int]
    held: Callable[[], int]
    gate: asyncio.Semaphore

    async def remember(self, *, language: Language, shared: bool) -> None:
        self.talk.memory = replace(self.talk.memory, language=language, shared=shared)

    async def fetch(self, handle: str, size: int | None) -> bytes:
        size = MOST_INCOMING if size is None else size
        if self.held() + size > MOST_HELD:
            raise FilesAtRest
        self.talk.incoming = size
        return await fetch(self.bot, handle, size, self.gate)

    async def clear(self) -> Cleared:
        """What Telegram refuses to delete stays noted, and its card is overwritten. Asked for
        again in one burst, what came since is deleted with the burst's last.
        """
        talk = self.talk
        if talk.burst.uncleared is not None:
            talk.waste |= talk.noted - self.unheard - talk.burst.uncleared
            if talk.card is not None and talk.card.message in talk.waste:
                talk.card = None
            return Cleared(left=len(talk.burst.uncleared), whole=talk.burst.whole)
        standing = await self.standing()
        noted = (talk.noted | standing.noted) - self.unheard
        sought = noted | standing.doubtful - self.unheard
        deletion = Deletion(
            bot=self.bot,
            chat=talk.memory.chat,
            most_refused=MOST_REFUSED,
            gone=talk.cleared,
        )
        await deletion.of(sought - talk.cleared)
        gone, talk.cleared = frozenset(talk.cleared), set()
        talk.memory, talk.noted = talk.memory.without(gone), talk.noted - gone
        talk.waste -= gone
        talk.left -= gone
        if talk.card is not None and talk.card.message in gone:
            talk.card = None
        talk.burst.uncleared = noted - gone
        talk.burst.whole = standing.whole and deletion.whole
        return Cleared(left=len(talk.burst.uncleared), whole=talk.burst.whole)

    async def forget(self) -> None:
        self.talk.memory = replace(self.talk.memory, language=None, shared=None)
