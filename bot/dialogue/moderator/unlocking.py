"""The way to the keys: the button of the enrolment, then the passphrase; and the cards
that only tell.
"""

from datetime import timedelta
from typing import assert_never

from bot.dialogue.converse import Step
from bot.dialogue.heard import Heard, Pressed
from bot.dialogue.moderator.asks import CheckButton, KeepPassphrase, Unlock
from bot.dialogue.moderator.buttons import (
    TO_PASSPHRASE,
    WORK,
    is_unlock,
    read_share,
    unlock_press,
)
from bot.dialogue.moderator.cards import (
    AskingPassphrase,
    Halves,
    Home,
    ShowingButton,
    Unlocking,
    WritingPassphrase,
)
from bot.dialogue.moderator.names import listed, stacked
from bot.dialogue.moderator.state import ModeratorStep, State
from bot.dialogue.named import named
from bot.dialogue.screen import Button, Screen, Text
from bot.dialogue.spoken import language_buttons
from domain.desks.desk import NATIONAL
from domain.errors import DomainError
from domain.moderation.answers import ButtonFits, LockedNow
from domain.moderation.sessions import IDLE, Locked
from domain.ports.chat import Language
from domain.ports.sealing import ButtonOld, KeyRefused, PassphraseRefused, Reissued
from domain.staff.reissue import PassphraseKept
from domain.staff.unlock import NotLetInYet, Revoked, Unlocked

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
    match state.card:
        case WritingPassphrase(reissued=reissued) if reissued.share == share:
            return Step(state, KeepPassphrase(reissued=reissued))
        case _:
            return Step(state, CheckButton(share=share))


def typed(state: State, card: AskingPassphrase, text: str) -> ModeratorStep:
    """The passphrase goes into the question alone; it never stands in a state."""
    return Step(state, Unlock(passphrase=text, share=card.share))


def answered(state: State, heard: Heard) -> State | None:
    """None when it is about something else."""
    match heard:
        case Unlocked():
            return state.shows(Home(unlocked=heard))
        case LockedNow():
            return state.shows(LOCKED_NOW)
        case ButtonFits(share=share):
            return state.shows(AskingPassphrase(share=share))
        case Reissued():
            return state.shows(WritingPassphrase(reissued=heard))
        case PassphraseKept(share=share):
            return state.shows(ShowingButton(share=share))
        case _:
            return None


def refused(state: State, error: DomainError) -> State | None:
    """What is said of keys; None when it is about something else."""
    asking = isinstance(state.card, AskingPassphrase)
    match error:
        case Locked():
            return state.shows(LOCKED)
        case ButtonOld():
            return state.shows(Unlocking()).told(error)
        case PassphraseRefused() if asking:
            return state.told(error)
        case NotLetInYet():
            return state.shows(Unlocking()).told(error)
        case Revoked():
            return state.shows(Unlocking()).told(error).says(Text("moderator.link_again"))
        case KeyRefused():
            locked = state.shows(Unlocking()) if asking else state
            return locked.says(Text("moderator.key_refused", {"key": named(error.suspect)}))
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


def halves_screen(card: Halves) -> Screen:
    match card:
        case WritingPassphrase(reissued=new):
            written = Button(unlock_press(new.share), Text("button.written"))
            return Screen(
                paragraphs=(
                    Text("moderator.new_passphrase"),
                    Text("moderator.enrol_passphrase", {"passphrase": new.passphrase}),
                ),
                rows=((written,), (Button("cancel", Text("button.cancel")),)),
            )
        case ShowingButton(share=share):
            unlock = Button(unlock_press(share), Text("moderator.button_unlock"))
            return Screen(
                paragraphs=(Text("moderator.passphrase_kept"), Text("moderator.enrol_keep")),
                rows=((unlock,),),
                keep=True,
            )
        case _:
            assert_never(card)


def dead_screen() -> Screen:
    """In place of a message whose button opens nothing."""
    return Screen(paragraphs=(Text(ButtonOld.key),), keep=True)


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
        rows=(*WORK, (TO_PASSPHRASE,)),
    )


def help_screen() -> Screen:
    return Screen(paragraphs=(Text("moderator.help"),), rows=WORK)


def language_screen(languages: tuple[Language, ...]) -> Screen:
    return Screen(paragraphs=(Text("start.language"),), rows=language_buttons(languages))
