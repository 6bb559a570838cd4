"""`view`: the card a state shows. Pure."""

from dataclasses import replace
from typing import assert_never

from bot.dialogue.named import named
from bot.dialogue.officer.buttons import acts, want_press
from bot.dialogue.officer.digests import digest, table
from bot.dialogue.officer.state import (
    AskingProof,
    Card,
    ChoosingLanguage,
    ChoosingWant,
    Help,
    ShowingDigest,
    ShowingReferral,
    State,
)
from bot.dialogue.screen import Button, Screen, Text
from bot.dialogue.spoken import language_buttons
from domain.referrals.desk import ReferralLine
from domain.referrals.referral import ReferralState
from domain.reports.state import Want

TWO = 2
BACK = Button("help", Text("button.back"))


def view(state: State) -> Screen:
    """What answers the last act stands above the card; where that is long, alone."""
    screen = _card(state, state.card)
    if state.lines and isinstance(state.card, Help | ShowingDigest):
        screen = replace(screen, paragraphs=(), rows=())
    return replace(screen, paragraphs=(*state.lines, *screen.paragraphs), toast=state.toast)


def _card(state: State, card: Card) -> Screen:
    match card:
        case ShowingDigest(facts=facts, table=whole):
            return table(facts) if whole else digest(facts)
        case Help():
            return Screen(paragraphs=(Text("officer.help"),))
        case ChoosingLanguage():
            rows = language_buttons(state.spoken.languages)
            return Screen(paragraphs=(Text("start.language"),), rows=rows)
        case AskingProof(line=line):
            return Screen(paragraphs=(title(line), Text("officer.ask_proof")), rows=((BACK,),))
        case ChoosingWant(line=line):
            return _wants(line)
        case ShowingReferral(line=line):
            rows = acts(line.number, taken=True) if line.state.needs_the_office else ()
            return Screen(paragraphs=(title(line), _outcome(line)), rows=rows)
        case _:
            assert_never(card)


def title(line: ReferralLine) -> Text:
    about = {"number": line.number, "topic": named(line.topic)}
    return Text("officer.referral", about, count=line.days)


def _outcome(line: ReferralLine) -> Text:
    match line.state:
        case ReferralState.DONE:
            return Text("officer.said_done")
        case ReferralState.BLOCKED:
            return Text("officer.said_blocked", {"want": named(Want(line.detail or ""))})
        case ReferralState.NOT_MINE:
            return Text("officer.said_not_mine")
        case _:
            return Text("officer.said_taken")


def _wants(line: ReferralLine) -> Screen:
    wants = tuple(Button(want_press(line.number, want), named(want)) for want in Want)
    pairs = tuple(wants[at : at + TWO] for at in range(0, len(wants), TWO))
    return Screen(paragraphs=(title(line), Text("officer.ask_want")), rows=(*pairs, (BACK,)))
