"""Where every update comes in: staff to their desk, everybody else to the citizen's card."""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from telegram import Update
from telegram.error import NetworkError
from telegram.ext import CallbackContext

from bot.dialogue.heard import Commanded, Pressed
from bot.dialogue.moderator import enrolment, is_unlock
from bot.dialogue.outgoing.notice import STOP
from bot.telegram.card import may_have_arrived
from bot.telegram.citizens import CitizenChats
from bot.telegram.officers import OfficerChats
from bot.telegram.staff import StaffChats
from bot.telegram.staff_talk import Leftover
from bot.telegram.translate import Said, translate, unread
from domain.staff.member import Role

MOST_LINKS = 5
WITHIN = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class Front:
    """`refused`: when, and from which chat, a link to become staff came to nothing of late."""

    citizens: CitizenChats
    staff: StaffChats
    officers: OfficerChats
    refused: deque[tuple[datetime, int]] = field(default_factory=deque)

    async def handle(self, update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        said = translate(update)
        if said is None:
            return
        keeping = self.citizens.keeping
        keeping.heard(said.message or 0)
        keeping.owe(said.chat, frozenset({said.message or said.pressed_on or 0}) - {0})
        if _stops(said):
            await self.citizens.hear(said)
            return
        knocks_on = self._knocks_on(said)
        enrols = not knocks_on and self.staff.enrols(said)
        entry = None if enrols or knocks_on else await self.staff.book.of_chat(said.chat)
        if entry is not None:
            keeping.forgive(said.chat)
        if entry is not None and entry.role is Role.OFFICER:
            await self.officers.hear(replace(said, heard=unread(said.heard)))
        elif not knocks_on and (enrols or entry is not None or is_unlock(said.heard)):
            left = await self._heard_by_staff(said, doubted=entry is None)
            if left is not None:
                self.refused.append((self.citizens.clock.now(), said.chat))
                await self.citizens.take_over(said.chat, left.card, left.waste)
        else:
            await self.citizens.hear(said)

    async def _heard_by_staff(self, said: Said, *, doubted: bool) -> Leftover | None:
        """`doubted`: whose chat it is; a card may stand there though no answer came."""
        try:
            return await self.staff.hear(replace(said, heard=unread(said.heard)))
        except NetworkError as away:
            if doubted and may_have_arrived(away):
                self.citizens.keeping.owe_doubt(said.chat)
            raise

    def _knocks_on(self, said: Said) -> bool:
        """Another link, after too many that were refused: it is heard as anything else a
        citizen says, since each link is answered by itself (see `CitizenChats.behind`).
        """
        match said.heard:
            case Commanded(name="start", argument=payload) if enrolment.is_invite(payload):
                now = self.citizens.clock.now()
                while self.refused and now - self.refused[0][0] >= WITHIN:
                    self.refused.popleft()
                return sum(chat == said.chat for _, chat in self.refused) >= MOST_LINKS
            case _:
                return False

    async def sweep(self) -> None:
        """Once at the start, before the first update."""
        await self.citizens.keeping.begin()
        await self.staff.sweep()
        await self.citizens.sweep()

    async def apologise(self, chat: int) -> None:
        """When an update was given up: the person is told, in one calm line."""
        await self.citizens.apologise(chat)

    async def note(self, chat: int, message: int) -> None:
        """The bot has sent this on its own. A citizen's `/clear` deletes it too."""
        keeping = self.citizens.keeping
        keeping.heard(message)
        keeping.owe(chat, frozenset({message}), unasked=True)
        if await self.staff.book.of_chat(chat) is None:
            await self.citizens.note_sent(chat, message)
        else:
            keeping.forgive(chat)

    async def doubt(self, chat: int) -> None:
        """The bot may have sent something on its own, and no answer told its id."""
        keeping = self.citizens.keeping
        keeping.owe_doubt(chat)
        if await self.staff.book.of_chat(chat) is None:
            await keeping.pay(chat)
        else:
            keeping.forgive(chat)

    async def close(self) -> None:
        """At a clean stop nothing opened stays in a chat, and the keys are wiped."""
        await self.staff.lock_all()


def _stops(said: Said) -> bool:
    """The button under a notice, which whoever became staff since may still press."""
    return isinstance(said.heard, Pressed) and said.heard.button.startswith(f"{STOP}:")
