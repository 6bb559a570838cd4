"""One staff chat while it is in memory, and what is read off an update for it."""

import asyncio
from dataclasses import dataclass, field

from bot.dialogue import moderator
from bot.dialogue.heard import Commanded
from bot.dialogue.moderator import enrolment
from bot.dialogue.screen import Text
from bot.telegram.card import Card
from bot.telegram.translate import Said
from domain.ports.chat import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """What stands in a chat that did not become a member's."""

    card: Card
    waste: frozenset[int]


@dataclass(slots=True, kw_only=True)
class StaffTalk:
    """`opened`: messages that show a report and are not deleted yet; `noted` of them are on
    disk; all but the card are waste, and the `files` of the report on it (`files_about`).
    `waste`: messages still to be deleted. `unshown`: an update and the state it led to, which
    the member could not be shown. `taken`: the last update that changed the state. `over`: an
    enrolment came to nothing. `unlocked_by`: the message whose button was pressed to unlock.
    """

    chat: int
    state: moderator.State | enrolment.State
    language: Language
    card: Card | None = None
    opened: frozenset[int] = frozenset()
    noted: frozenset[int] = frozenset()
    waste: frozenset[int] = frozenset()
    files: frozenset[int] = frozenset()
    files_about: str | None = None
    toast: Text | None = None
    unshown: tuple[int, moderator.State] | None = None
    taken: int | None = None
    over: bool = False
    unlocked_by: int | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


def becomes_staff(said: Said, talk: StaffTalk | None) -> bool:
    """An invite's link, or a chat that is enrolling."""
    match said.heard:
        case Commanded(name="start", argument=payload) if enrolment.is_invite(payload):
            return True
    return talk is not None and isinstance(talk.state, enrolment.State)


def old_card(said: Said) -> Card | None:
    return Card(message=said.pressed_on, protect=True) if said.pressed_on else None
