"""The way to the keys: the button of the enrolment, then the passphrase; and the cards
that only tell.
"""

from datetime import timedelta

from bot.dialogue.converse import Step
from bot.dialogue.heard import Pressed
from bot.dialogue.moderator.asks import Unlock
from bot.dialogue.moderator.buttons import WORK, is_unlock, read_share
from bot.dialogue.moderator.cards import AskingPassphrase, Home, Unlocking
from bot.dialogue.moderator.names import listed, stacked
from bot.dialogue.moderator.state import ModeratorStep, State
from bot.dialogue.screen import Button, Screen, Text
from bot.dialogue.spoken import language_buttons
from domain.desks.desk import NATIONAL
from domain.errors import DomainError
from domain.moderation.sessions import IDLE, Locked
from domain.ports.chat import Language
from domain.ports.sealing import KeyRefused, PassphraseRefused
from domain.staff.unlock import NotLetInYet, Revoked

IDLE_MINUTES = {"minutes": IDLE // timedelta(minutes=1)}

LOCKED = Unlocking(why=Text("moderator.locked"))
LOCKED_NOW = Unlocking(why=Text("moderator.locked_now"))
LOCKED_IDLE = Unlocking(why=Text("moderator.locked_idle", IDLE_MINUTES))


def hear(state: State, button: str) -> ModeratorStep | None:
    if not is_unlock(Pressed(button)):
        return None
    share = read_share(button)
    if share is None:
        return Step(state.says(Text("moderator.unlock_broken")))
    return Step(state.shows(AskingPassphrase(share=share)))


def typed(state: State, card: AskingPassphrase, text: str) -> ModeratorStep:
    """The passphrase goes into the question alone; it never stands in a state."""
    return Step(state, Unlock(passphrase=text, share=card.share))


def refused(state: State, error: DomainError) -> State | None:
    """What is said of keys; None when it is about something else."""
    asking = isinstance(state.card, AskingPassphrase)
    match error:
        case Locked():
            return state.shows(LOCKED)
        case PassphraseRefused() if asking:
            return state.told(error)
        case NotLetInYet():
            return state.shows(Unlocking()).told(error)
        case Revoked():
            return state.shows(Unlocking()).told(error).says(Text("moderator.link_again"))
        case KeyRefused():
            locked = state.shows(Unlocking()) if asking else state
            return locked.says(Text("moderator.key_refused"))
        case _:
            return None


def unlocking_screen(card: Unlocking) -> Screen:
    why = () if card.why is None else (card.why,)
    return Screen(paragraphs=(*why, Text("moderator.how_to_unlock")))


def passphrase_screen() -> Screen:
    return Screen(
        paragraphs=(Text("moderator.ask_passphrase"),),
        rows=((Button("cancel", Text("button.cancel")),),),
    )


def home_screen(state: State, card: Home) -> Screen:
    unlocked = card.unlocked
    first, *more = sorted(unlocked.desks, key=lambda desk: (desk != NATIONAL, desk))
    desks = listed(state.desk_name(first), *map(state.desk_name, more))
    newcomers = (Text("moderator.pending", count=unlocked.newcomers),) if unlocked.newcomers else ()
    return Screen(
        paragraphs=(
            Text("moderator.unlocked", {"desks": desks}),
            stacked(Text("moderator.waiting", count=unlocked.waiting), *newcomers),
            Text("moderator.locks_itself", IDLE_MINUTES),
        ),
        rows=WORK,
    )


def help_screen() -> Screen:
    return Screen(paragraphs=(Text("moderator.help"),), rows=WORK)


def language_screen(languages: tuple[Language, ...]) -> Screen:
    return Screen(paragraphs=(Text("start.language"),), rows=language_buttons(languages))
