"""What the holder of a code can do on the card that `/check` shows: answer, add, judge, and
hear when it moves. Its secret stands in the card alone, and goes with it.
"""

import base64
import binascii
from dataclasses import replace

from bot.dialogue.citizen import withdraw
from bot.dialogue.citizen.buttons import way_out
from bot.dialogue.citizen.cards import (
    AnsweringDesk,
    ReadingSummary,
    ShowingStanding,
    Withdrawing,
)
from bot.dialogue.citizen.own_asks import Follow, Judge, Looked, Say, StopNotices, Unfollow
from bot.dialogue.citizen.state import State
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.outgoing.notice import STOP
from bot.dialogue.screen import Button, Rows, Screen, Text, Verbatim
from domain.reports.check import Checked
from domain.reports.dialogue import Said, open_questions, summaries, verdict_on
from domain.reports.entry import EntryKind
from domain.reports.own import Own
from domain.reports.spotting import without_codes
from domain.reports.state import State as ReportState

OWN = "own"
SLOT_BYTES = 32

Paragraphs = tuple[Text | Verbatim, ...]


def hear(state: State, button: str) -> CitizenStep | None:
    match state.card, button.split(":"):
        case (
            (ShowingStanding() | AnsweringDesk() | ReadingSummary() | Withdrawing()) as card,
            ["own", *press],
        ):
            return withdraw.hear(state, card, press) or _own(state, card.checked, press)
        case _, [word, encoded] if word == STOP and (slot := _read_slot(encoded)):
            return Step(state, StopNotices(slot=slot))
        case _:
            return None


def typed(state: State, card: AnsweringDesk, text: str) -> CitizenStep:
    """One message is the answer. A code in it is cut out, as in a report."""
    words = without_codes(text)
    kind, subject = Own.ADDITION, None
    if card.question is not None:
        kind, subject = Own.ANSWER, str(card.question.number)
    if words != text:
        state = state.says(Text("words.code_left_out"))
    done = Text("check.answered" if card.question else "check.added")
    say = Say(checked=card.checked, kind=kind, words=words, subject=subject, done=done)
    return Step(state, say)


def looked(state: State, answer: Looked) -> State:
    return state.shows(ShowingStanding(checked=answer.checked)).says(answer.done)


def stopped(state: State) -> State:
    """Said over whatever card there is: a stranger has no language yet."""
    gone = replace(state, toast=Text("toast.stopped")).says(Text("check.unfollowed"))
    match state.card:
        case ShowingStanding(checked=checked):
            return gone.shows(ShowingStanding(checked=replace(checked, followed=False)))
        case _:
            return gone


def _read_slot(encoded: str) -> bytes | None:
    try:
        slot = base64.b64decode(encoded + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return slot if len(slot) == SLOT_BYTES else None


def _own(state: State, checked: Checked, press: list[str]) -> CitizenStep | None:
    match press:
        case ["back"]:
            return Step(state.shows(ShowingStanding(checked=checked)))
        case ["add"]:
            return Step(state.shows(AnsweringDesk(checked=checked)))
        case ["answer", number] if question := _found(open_questions(checked.dialogue), number):
            return Step(state.shows(AnsweringDesk(checked=checked, question=question)))
        case ["told", number] if summary := _found(summaries(checked.dialogue), number):
            return Step(state.shows(ReadingSummary(checked=checked, summary=summary)))
        case ["right" | "wrong" as word, number] if summary := _found(
            summaries(checked.dialogue), number
        ):
            kind = Own.SAID_RIGHT if word == "right" else Own.SAID_WRONG
            done = Text("check.said_right" if word == "right" else "check.said_wrong")
            return Step(state, Say(checked=checked, kind=kind, subject=summary.subject, done=done))
        case ["better"]:
            return Step(state, Judge(checked=checked, to=ReportState.CONFIRMED))
        case ["worse"]:
            return Step(state, Judge(checked=checked, to=ReportState.DISPUTED))
        case ["follow" | "mine" | "shared" | "stop" as word]:
            return _following(state, checked, word)
        case _:
            return None


def _following(state: State, checked: Checked, word: str) -> CitizenStep:
    """Whoever has not said whose phone this is says it first: news on a shared phone tells
    others that somebody waits for it.
    """
    language, shared = state.person.language, state.person.shared
    assert language is not None
    match word:
        case "stop":
            return Step(state, Unfollow(checked=checked))
        case "mine":
            return Step(state, Follow(checked=checked, language=language))
        case "follow" if shared is False:
            return Step(state, Follow(checked=checked, language=language))
        case "follow" if shared is None:
            return Step(state.shows(ShowingStanding(checked=checked, whose=True)))
        case _:
            here = state.shows(ShowingStanding(checked=checked))
            return Step(here.says(Text("check.follow_shared")))


def _found(said: tuple[Said, ...], number: str) -> Said | None:
    return next((one for one in said if str(one.number) == number), None)


def waiting(checked: Checked) -> tuple[Text, ...]:
    """The words themselves have cards of their own: a small screen cannot hold them here."""
    questions = open_questions(checked.dialogue)
    return (Text("check.asks", count=len(questions)),) if questions else ()


def rows_of(checked: Checked, *, whose: bool) -> Rows:
    if whose:
        mine = Button("own:mine", Text("button.phone_mine"))
        shared = Button("own:shared", Text("button.phone_shared"))
        return ((mine, shared), (Button("own:back", Text("button.back")),))
    follow = Button("own:follow", Text("button.tell_me"))
    stop = Button("own:stop", Text("button.stop"))
    return (
        *_question_row(checked),
        *_summary_row(checked),
        *_verdict_row(checked),
        (Button("own:add", Text("button.add")), stop if checked.followed else follow),
    )


def _question_row(checked: Checked) -> Rows:
    return tuple(
        (Button(f"own:answer:{question.number}", Text("button.answer")),)
        for question in open_questions(checked.dialogue)[:1]
    )


def _summary_row(checked: Checked) -> Rows:
    return tuple(
        (Button(f"own:told:{summary.number}", Text("button.told")),)
        for summary in summaries(checked.dialogue)[:1]
    )


def _verdict_row(checked: Checked) -> Rows:
    if checked.state is not ReportState.CLAIMED_RESOLVED:
        return ()
    better = Button("own:better", Text("button.better"))
    return ((better, Button("own:worse", Text("button.not_better"))),)


def answering_screen(state: State, card: AnsweringDesk) -> Screen:
    asked: Paragraphs = (Text("check.add_ask"),)
    if (question := card.question) is not None:
        day = Text("check.asked", {"day": question.day})
        asked = (day, Verbatim(question.words), Text("check.answer_ask"))
    back = (Button("own:back", Text("button.back")),)
    return Screen(paragraphs=(*asked, Text("words.no_name")), rows=(back, *way_out(state)))


def summary_screen(state: State, card: ReadingSummary) -> Screen:
    summary, back = card.summary, (Button("own:back", Text("button.back")),)
    told = (Text("check.told", {"day": summary.day}), Verbatim(summary.words))
    word = verdict_on(summary, card.checked.dialogue)
    if word is None:
        right = Button(f"own:right:{summary.number}", Text("button.right"))
        wrong = Button(f"own:wrong:{summary.number}", Text("button.not_what_i_said"))
        return Screen(paragraphs=told, rows=((right, wrong), back, *way_out(state)))
    said = "check.you_said_right" if word.kind is EntryKind.SAID_RIGHT else "check.you_said_wrong"
    return Screen(paragraphs=(*told, Text(said)), rows=(back, *way_out(state)))
