"""On the card of `/check`: answer, add, judge, and hear when it moves."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.citizen.cards import AnsweringDesk
from bot.dialogue.heard import Expired, Pressed
from bot.dialogue.outgoing import LETTERS
from bot.dialogue.screen import Text
from domain.followup.outgoing import MessageKind
from domain.ports.chat import Language
from domain.ports.sealing import Visits
from domain.reports.check import Checked
from domain.reports.dialogue import Said
from domain.reports.draft import TooLong
from domain.reports.entry import EntryKind
from domain.reports.own import Own
from domain.reports.state import STANDING, Author, MoveRefused, State
from domain.reports.withdrawal import WAITS
from tests.fakes.citizen_talk import HELD, TODAY, FakeDesk, Talk, buttons_of, written
from tests.spoken import LANGUAGES

CODE = "7K3F9Q-4821-3390-5527-1064"
SLOT = base64.urlsafe_b64encode(HELD.secret.mailbox_slot()).decode().rstrip("=")


def said(number: int, kind: EntryKind, words: str = "", subject: str | None = None) -> Said:
    citizen = kind in {EntryKind.ANSWER, EntryKind.SAID_RIGHT, EntryKind.SAID_WRONG}
    author = Author.CITIZEN if citizen else Author.MODERATOR
    return Said(number=number, kind=kind, author=author, day=TODAY, words=words, subject=subject)


QUESTION = said(0, EntryKind.QUESTION, "Is it still dark there?")
SUMMARY = said(1, EntryKind.SUMMARY, "Lamps are missing at a bridge.", "K7M2QX")


async def looking(
    state: State = State.IN_REVIEW, *dialogue: Said, shared: bool | None = False, **given: Any
) -> Talk:
    checked = Checked(
        standing=STANDING[state],
        state=state,
        since=TODAY,
        author=Author.MODERATOR,
        detail=None,
        due=None,
        visits=Visits(count=1, last=None),
        held=HELD,
        dialogue=dialogue,
        **given,
    )
    talk = Talk(desk=FakeDesk(standing={CODE: checked}))
    talk.state = replace(talk.state, person=replace(talk.state.person, shared=shared))
    await talk.says(f"/check {CODE}")
    return talk


async def test_a_question_is_shown_and_the_next_message_answers_it() -> None:
    talk = await looking(State.IN_REVIEW, QUESTION)
    assert "The desk has 1 question for you." in talk.sees()
    assert "Is it still dark there?" in await talk.presses("own:answer:0")
    card = await talk.says("Yes, and they came back")
    assert talk.desk.said == [(Own.ANSWER, "Yes, and they came back", "0")]
    assert "Taken. The desk will read it." in card
    assert talk.state.report is None
    assert not talk.screen().untaken


async def test_something_can_be_added_without_a_question() -> None:
    talk = await looking()
    await talk.presses("own:add")
    assert "Taken. The desk will read it." in await talk.says("They came back")
    assert talk.desk.said == [(Own.ADDITION, "They came back", None)]


async def test_an_answer_that_is_refused_stays_in_the_chat_to_be_shortened() -> None:
    talk = await looking(State.IN_REVIEW, QUESTION)
    await talk.presses("own:answer:0")
    talk.desk.refusals.append(TooLong(limit=4000))
    assert "at most 4,000" in await talk.says("x" * 4001)
    assert talk.screen().untaken
    assert isinstance(talk.state.card, AnsweringDesk)


async def test_an_answered_question_is_asked_no_more() -> None:
    talk = await looking(State.IN_REVIEW, QUESTION, said(1, EntryKind.ANSWER, "Yes", "0"))
    assert "question for you" not in talk.sees()
    assert "own:answer:0" not in talk.buttons()


@pytest.mark.parametrize(
    ("press", "kind"), [("own:right:1", Own.SAID_RIGHT), ("own:wrong:1", Own.SAID_WRONG)]
)
async def test_what_the_office_was_told_is_shown_and_judged(press: str, kind: Own) -> None:
    talk = await looking(State.REFERRED, QUESTION, SUMMARY)
    assert "Lamps are missing at a bridge." in await talk.presses("own:told:1")
    await talk.presses(press)
    assert talk.desk.said == [(kind, "", "K7M2QX")]


async def test_what_was_judged_already_says_so() -> None:
    talk = await looking(State.REFERRED, SUMMARY, said(2, EntryKind.SAID_WRONG, "", "K7M2QX"))
    assert "You said: not what I said." in await talk.presses("own:told:1")
    assert "own:right:1" not in talk.buttons()


@pytest.mark.parametrize(
    ("press", "to"), [("own:better", State.CONFIRMED), ("own:worse", State.DISPUTED)]
)
async def test_only_what_is_said_done_can_be_judged(press: str, to: State) -> None:
    talk = await looking(State.CLAIMED_RESOLVED)
    await talk.presses(press)
    assert talk.desk.judged == [to]
    assert press not in (await looking(State.IN_PROGRESS)).buttons()


async def test_a_verdict_on_what_moved_since_gets_a_clear_line_and_the_new_card() -> None:
    talk = await looking(State.CLAIMED_RESOLVED)
    talk.desk.stands_now = (await looking(State.IN_PROGRESS)).desk.standing[CODE]
    talk.desk.refusals.append(MoveRefused(state=State.IN_PROGRESS, to=State.CONFIRMED))
    assert "It has moved since." in await talk.presses("own:better")
    assert "own:better" not in talk.buttons()


async def test_news_is_asked_for_and_stopped() -> None:
    talk = await looking()
    await talk.presses("own:follow")
    assert talk.desk.followed_in == Language.ENGLISH
    talk = await looking(followed=True)
    assert "No more news" in await talk.presses("own:stop")
    assert talk.desk.stopped == [HELD.secret.mailbox_slot()]


async def test_a_shared_phone_gets_no_news() -> None:
    talk = await looking(shared=True)
    assert "On a shared phone no news is sent" in await talk.presses("own:follow")
    assert talk.desk.followed_in is None


async def test_whose_phone_it_is_is_asked_where_it_is_not_known() -> None:
    talk = await looking(shared=None)
    assert "Whose phone is this?" in await talk.presses("own:follow")
    assert "On a shared phone" in await talk.presses("own:shared")
    await talk.presses("own:follow", "own:mine")
    assert talk.desk.followed_in == Language.ENGLISH


@pytest.mark.parametrize("press", ["own:better", "own:answer:0", "own:follow", "own:add"])
async def test_after_a_restart_the_code_is_asked_for_again(press: str) -> None:
    talk = Talk()
    assert "Send your code again." in await talk.presses_old(press)


@pytest.mark.parametrize("end", ["/cancel", "/clear", "/forget"])
async def test_the_secret_goes_with_the_card(end: str) -> None:
    talk = await looking(State.IN_REVIEW, QUESTION)
    await talk.says(end)
    assert "Held(" not in repr(talk.state)
    talk = await looking(State.IN_REVIEW, QUESTION)
    await talk.presses("own:answer:0")
    await talk.hears(Expired())
    assert "Held(" not in repr(talk.state)
    assert "dark" not in talk.sees()


async def test_no_button_holds_anything_of_the_secret() -> None:
    talk = await looking(State.CLAIMED_RESOLVED, QUESTION, SUMMARY, followed=True)
    secret = HELD.secret
    for press in talk.buttons():
        assert len(press) < 20
        assert SLOT not in press
    assert secret.mailbox_slot().hex() not in repr(talk.state)


async def test_stop_under_a_notice_works_in_any_state_and_for_a_stranger() -> None:
    letter = LETTERS[MessageKind.NOTICE]({"slot": SLOT})
    (stop,) = buttons_of(letter)
    assert len(stop.press.encode()) <= 64
    for talk in (Talk(), Talk.of_a_stranger(), await looking(followed=True)):
        await talk.hears(Pressed(stop.press))
        assert talk.desk.stopped == [HELD.secret.mailbox_slot()]
        assert talk.toast() == "Stopped. No more news is sent here."


@pytest.mark.parametrize("slot", ["", "abc", "é" * 43, SLOT[:-2], SLOT + "AA"])
async def test_a_slot_that_is_none_stops_nothing(slot: str) -> None:
    talk = Talk()
    await talk.presses_old(f"stop:{slot}")
    assert talk.desk.stopped == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_says_nothing_of_what_it_is_about(language: Language) -> None:
    letter = LETTERS[MessageKind.NOTICE]({"slot": SLOT})
    assert letter.protect
    assert letter.keep
    assert letter.paragraphs == (Text("notice.news"),)
    words = written(letter, language).lower()
    for telling in ("report", "ripoti", "police", "polisi", "desk", "dawati", "county", "kaunti"):
        assert telling not in words


async def test_what_withdrawing_does_is_said_before_it_is_asked_for() -> None:
    talk = await looking()
    card = await talk.presses("own:withdraw")
    assert "6 November" in card
    assert "cannot come back" in card
    assert talk.desk.withdrawals == []
    await talk.presses("own:back", "own:withdraw")
    assert "It is asked for." in await talk.presses("own:gone")
    assert talk.desk.withdrawals == [True]


async def test_until_then_it_can_be_kept() -> None:
    talk = await looking(destroyed_on=TODAY + WAITS)
    assert "6 November" in talk.sees()
    assert "own:withdraw" not in talk.buttons()
    talk.desk.stands_now = (await looking()).desk.standing[CODE]
    assert "Your report is kept." in await talk.presses("own:keep")
    assert talk.desk.withdrawals == [False]
    assert "own:keep" not in talk.buttons()


async def test_a_withdrawal_is_confirmed_on_its_own_card_alone() -> None:
    talk = await looking()
    await talk.presses_old("own:gone")
    await talk.presses_old("own:keep")
    assert talk.desk.withdrawals == []
