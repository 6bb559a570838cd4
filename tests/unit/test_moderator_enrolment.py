from dataclasses import dataclass, field
from typing import cast

import pytest

from bot.dialogue.converse import converse
from bot.dialogue.heard import Commanded, Expired, Heard, Pressed, Typed, Unreadable
from bot.dialogue.moderator import enrolment
from bot.dialogue.moderator.buttons import unlock_press
from bot.dialogue.screen import Screen
from domain.errors import DomainError
from domain.ports.chat import Language
from domain.ports.sealing import Enrolled, InviteRefused, KeyRefused, Suspect
from domain.staff.enrol import ChatTaken, Confirmed, EnrolmentDesk, Prepared
from domain.staff.member import InviteId
from tests.fakes.citizen_talk import buttons_of, written
from tests.fakes.moderator_desk import ME, PASSPHRASE, SHARE, copy_for, member
from tests.fakes.moderator_talk import CATALOGUES
from tests.spoken import LANGUAGES

LINK = Commanded("start", "m-" + "A" * 43)
WRITTEN = Pressed(unlock_press(SHARE))
SIX = ("one", "two", "six", "ten", "red", "sea")


@dataclass(slots=True)
class FakeDesk:
    """`refusals` come one a call, then none."""

    founding: bool = False
    refusals: list[DomainError | None] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)
    confirmed: list[Prepared] = field(default_factory=list)

    async def prepare(self, payload: str) -> Prepared:
        self._refuse()
        self.prepared.append(payload)
        enrolled = Enrolled(
            member=member(ME),
            passphrase=PASSPHRASE,
            share=SHARE,
            founded=None,
            copies=(copy_for(ME),) if self.founding else (),
        )
        return Prepared(invite=InviteId(bytes(32)), enrolled=enrolled, words=SIX)

    async def confirm(self, prepared: Prepared) -> Confirmed:
        self._refuse()
        self.confirmed.append(prepared)
        let_in = bool(prepared.enrolled.copies)
        return Confirmed(member=ME, share=prepared.enrolled.share, let_in=let_in)

    def _refuse(self) -> None:
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            raise refusal


@dataclass(slots=True)
class Newcomer:
    """Somebody who holds an invite's link."""

    desk: FakeDesk = field(default_factory=FakeDesk)
    state: enrolment.State = field(default_factory=lambda: enrolment.begin(Language.ENGLISH))

    async def hears(self, *everything: Heard) -> str:
        desk = cast("EnrolmentDesk", self.desk)
        for heard in everything:
            refused: list[DomainError] = []
            self.state = await converse(self.state, heard, desk, enrolment.advance, refused.append)
        return self.sees()

    def screen(self) -> Screen:
        return enrolment.view(self.state, LANGUAGES)

    def sees(self) -> str:
        return written(self.screen(), Language.ENGLISH)

    def buttons(self) -> dict[str, str]:
        english = CATALOGUES.of(Language.ENGLISH)
        return {each.press: english.plain(each.label) for each in buttons_of(self.screen())}


async def test_the_link_shows_passphrase_and_six_words_once() -> None:
    newcomer = Newcomer()
    seen = await newcomer.hears(LINK)
    assert PASSPHRASE in seen
    assert "one two six ten red sea" in seen
    assert newcomer.screen().protect
    assert newcomer.buttons() == {WRITTEN.button: "I have written it down"}
    assert newcomer.desk.confirmed == []
    assert not enrolment.is_over(newcomer.state)


async def test_the_passphrase_is_the_first_that_is_set_as_code() -> None:
    newcomer = Newcomer()
    await newcomer.hears(LINK)
    for language in LANGUAGES:
        said = "".join(map(CATALOGUES.of(language).say, newcomer.screen().paragraphs))
        assert said.split("<code>")[1].split("</code>")[0] == PASSPHRASE


async def test_written_down_enrols_and_leaves_the_unlock_button() -> None:
    newcomer = Newcomer()
    seen = await newcomer.hears(LINK, WRITTEN)
    assert "You are enrolled." in seen
    assert "must let you in. Read them these six words by phone:\none two six" in seen
    assert "its button holds half of your key" in seen
    assert newcomer.buttons() == {WRITTEN.button: "Unlock"}
    assert newcomer.screen().keep
    assert enrolment.is_enrolled(newcomer.state)
    assert PASSPHRASE not in seen + repr(newcomer.state)


async def test_the_first_of_a_desk_needs_nobody_to_let_them_in() -> None:
    newcomer = Newcomer(desk=FakeDesk(founding=True))
    assert "let you in" not in await newcomer.hears(LINK, WRITTEN)


async def test_a_used_or_forged_link_is_refused_in_one_line() -> None:
    newcomer = Newcomer(desk=FakeDesk(refusals=[InviteRefused()]))
    assert "This invitation is not valid" in await newcomer.hears(LINK)
    assert newcomer.buttons() == {}
    assert enrolment.is_over(newcomer.state)
    assert not enrolment.is_enrolled(newcomer.state)


@pytest.mark.parametrize("earlier", [[], [None]])
async def test_a_chat_that_is_a_members_is_told_what_to_do(
    earlier: list[DomainError | None],
) -> None:
    newcomer = Newcomer(desk=FakeDesk(refusals=[*earlier, ChatTaken()]))
    seen = await newcomer.hears(LINK, *(WRITTEN for _ in earlier))
    assert "the link is still good" in seen
    assert "ask your operator" in seen
    assert PASSPHRASE not in seen
    assert newcomer.buttons() == {}
    assert enrolment.is_over(newcomer.state)
    assert not enrolment.is_enrolled(newcomer.state)


async def test_after_a_refused_link_another_can_be_opened() -> None:
    newcomer = Newcomer(desk=FakeDesk(refusals=[InviteRefused()]))
    assert PASSPHRASE in await newcomer.hears(LINK, Commanded("start", "m-another"))


async def test_a_link_used_between_the_steps_keeps_the_button_to_try() -> None:
    newcomer = Newcomer(desk=FakeDesk(refusals=[None, InviteRefused()]))
    assert "This link was used already." in await newcomer.hears(LINK, WRITTEN)
    assert newcomer.buttons() == {WRITTEN.button: "Unlock"}
    assert newcomer.screen().keep
    assert enrolment.is_over(newcomer.state)


async def test_another_refusal_can_be_tried_again() -> None:
    newcomer = Newcomer(desk=FakeDesk(refusals=[None, KeyRefused(Suspect.DESK)]))
    assert PASSPHRASE in await newcomer.hears(LINK, WRITTEN)
    assert "You are enrolled." in await newcomer.hears(WRITTEN)


async def test_the_passphrase_typed_too_early_is_not_taken() -> None:
    newcomer = Newcomer()
    seen = await newcomer.hears(LINK, Typed(PASSPHRASE))
    assert "Do not type the passphrase now" in seen
    assert PASSPHRASE in seen
    assert newcomer.desk.confirmed == []


@pytest.mark.parametrize(
    "act",
    [
        Pressed("next"),
        Pressed(unlock_press(bytes(32))),
        Commanded("queue"),
        Commanded("start"),
        Unreadable("sticker"),
        Expired(),
    ],
)
async def test_anything_else_shows_the_same_card_again(act: Heard) -> None:
    newcomer = Newcomer()
    seen = await newcomer.hears(LINK, act)
    assert "First write the passphrase down" in seen
    assert PASSPHRASE in seen
    assert "First write" in await newcomer.hears(act)
    assert "You are enrolled." in await newcomer.hears(WRITTEN)


async def test_the_same_link_pressed_twice_makes_one_passphrase() -> None:
    newcomer = Newcomer()
    await newcomer.hears(LINK, LINK)
    assert newcomer.desk.prepared == [LINK.argument]


async def test_cancel_leaves_the_link_unused() -> None:
    newcomer = Newcomer()
    assert "The link can still be used." in await newcomer.hears(LINK, Commanded("cancel"))
    assert newcomer.desk.confirmed == []
    assert enrolment.is_over(newcomer.state)


async def test_without_a_link_nothing_begins() -> None:
    newcomer = Newcomer()
    assert "Open your invitation's link" in newcomer.sees()
    assert "Open your invitation's link" in await newcomer.hears(WRITTEN)


async def test_what_is_heard_after_the_end_changes_nothing() -> None:
    newcomer = Newcomer()
    seen = await newcomer.hears(LINK, WRITTEN)
    assert await newcomer.hears(WRITTEN, Typed("x"), Commanded("next")) == seen


def test_an_invite_is_told_from_a_forums_poster() -> None:
    assert enrolment.is_invite(LINK.argument)
    assert not enrolment.is_invite("f-2025-kisumu")
    assert not enrolment.is_invite("")


def test_no_secret_is_in_a_printed_state_or_question() -> None:
    payload = LINK.argument
    assert payload not in repr(enrolment.Prepare(payload=payload))
    assert payload not in repr(enrolment.Opening(language=Language.ENGLISH, payload=payload))
