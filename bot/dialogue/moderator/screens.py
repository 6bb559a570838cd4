"""`view`: the card a state shows. Pure."""

from dataclasses import replace
from typing import assert_never

from bot.dialogue.moderator import newcomers, queue, report, unlocking
from bot.dialogue.moderator.cards import (
    AskingPassphrase,
    ChoosingLanguage,
    ConfirmingGrant,
    Help,
    Home,
    Locked,
    ShowingButton,
    ShowingCounts,
    ShowingNewcomers,
    ShowingQueue,
    ShowingReport,
    Unlocking,
    Work,
    WritingPassphrase,
)
from bot.dialogue.moderator.state import State
from bot.dialogue.screen import Screen


def view(state: State) -> Screen:
    """What answers the last act stands above the card; above the list of commands, alone."""
    screen = _card(state)
    if state.lines and isinstance(state.card, Help):
        screen = replace(screen, paragraphs=())
    return replace(
        screen,
        paragraphs=(*state.lines, *screen.paragraphs),
        toast=state.toast,
        about=state.opened,
        files=state.files,
    )


def _card(state: State) -> Screen:
    match state.card:
        case (Unlocking() | AskingPassphrase() | Help() | ChoosingLanguage()) as card:
            return _telling(state, card)
        case (WritingPassphrase() | ShowingButton()) as card:
            return unlocking.halves_screen(card)
        case card:
            return _working(state, card)


def _telling(state: State, card: Locked | Help | ChoosingLanguage) -> Screen:
    match card:
        case Unlocking():
            return unlocking.unlocking_screen(card)
        case AskingPassphrase():
            return unlocking.passphrase_screen()
        case Help():
            return unlocking.help_screen()
        case ChoosingLanguage():
            return unlocking.language_screen(state.spoken.languages)
        case _:
            assert_never(card)


def _working(state: State, card: Work) -> Screen:
    match card:
        case Home():
            return unlocking.home_screen(state, card)
        case ShowingReport():
            return report.report_screen(state, card)
        case ShowingQueue():
            return queue.queue_screen(state, card)
        case ShowingCounts():
            return queue.counts_screen(card)
        case ShowingNewcomers():
            return newcomers.newcomers_screen(state, card)
        case ConfirmingGrant():
            return newcomers.confirming_screen(state, card)
        case _:
            assert_never(card)
