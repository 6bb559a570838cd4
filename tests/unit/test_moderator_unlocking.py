from copy import deepcopy
from datetime import timedelta

import pytest

from bot.dialogue.heard import Expired, Pressed, Typed, Unreadable
from bot.dialogue.moderator import COMMANDS, is_unlock, language_of
from bot.dialogue.moderator.buttons import unlock_press
from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.chat import Language
from domain.ports.sealing import KeyRefused, PassphraseRefused, Suspect
from tests.fakes.moderator_desk import (
    ME,
    OTHER,
    PASSPHRASE,
    SECRET,
    SHARE,
    Office,
    copy_for,
    member,
    report,
)
from tests.fakes.moderator_talk import CATALOGUES, Talk
from tests.spoken import LANGUAGES

LOCKED_AWAY = (
    "/next",
    "/queue",
    "/queue land late",
    "/open 7KQ2M9",
    "/claim 7KQ2M9",
    "/release 7KQ2M9",
    "/status 7KQ2M9 blocked fuel",
    "/pending",
    "/grant",
    "/stats",
)


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.office.keeps(report())
    return talk


async def test_unlock_tells_where_the_button_is(talk: Talk) -> None:
    assert "press Unlock under the message of your enrolment" in await talk.says("/unlock")
    assert talk.buttons() == {}


async def test_the_button_asks_for_the_passphrase_and_the_passphrase_unlocks(talk: Talk) -> None:
    assert "deleted at once" in await talk.hears(Pressed(unlock_press(SHARE)))
    seen = await talk.hears(Typed(PASSPHRASE))
    assert "Unlocked. You read for: the national desk." in seen
    assert "1 report is free to take." in seen
    assert list(talk.buttons().values()) == [
        *("Next", "Queue", "Pending", "Lock"),
        "New passphrase",
    ]


async def test_every_desk_is_named(talk: Talk) -> None:
    talk.office.custody.desks = frozenset(map(DeskKey, (NATIONAL, "042", "nairobi-west")))
    seen = await talk.unlocks()
    assert "You read for: the national desk, Kisumu, Nairobi West." in seen


async def test_newcomers_are_announced_on_unlocking(talk: Talk) -> None:
    talk.office.has_newcomers(member(OTHER))
    assert "1 person waits to be let in." in await talk.unlocks()


@pytest.mark.parametrize("command", LOCKED_AWAY)
async def test_nothing_is_read_or_done_before_unlocking(talk: Talk, command: str) -> None:
    before = deepcopy(talk.office.stores.kept)
    seen = await talk.says(command)
    assert seen.startswith("Locked.")
    assert "press Unlock" in seen
    assert talk.office.stores.kept == before


@pytest.mark.parametrize(
    "press",
    [
        *("next", "stats", "pending:0", "queue:any:late:any:2", "open:7KQ2M9", "words:7KQ2M9:1"),
        *("claim:7KQ2M9", "release:7KQ2M9", "move:7KQ2M9:blocked", "why:7KQ2M9:blocked:fuel"),
        *(f"letin:{OTHER.hex()}", f"grant:{OTHER.hex()}"),
    ],
)
async def test_a_button_from_before_a_restart_says_locked_first(talk: Talk, press: str) -> None:
    assert (await talk.presses_old(press)).startswith("Locked.")


async def test_a_wrong_passphrase_can_be_tried_again_without_pressing_again(talk: Talk) -> None:
    seen = await talk.unlocks("ulcer bolster yodel kept amber zoo")
    assert "That passphrase does not fit." in seen
    assert "Send your passphrase now." in seen
    assert isinstance(talk.heeded[0], PassphraseRefused)
    assert "Unlocked." in await talk.hears(Typed(PASSPHRASE))


async def test_another_share_does_not_open(talk: Talk) -> None:
    assert "does not fit" in await talk.unlocks(share=bytes(32))


async def test_who_was_not_let_in_is_told_so(talk: Talk) -> None:
    talk.office.stores.kept.copies.clear()
    assert "A moderator of your desk must let you in first." in await talk.unlocks()
    assert talk.office.sessions.idle(talk.office.clock.now() + timedelta(days=1)) == frozenset()


async def test_who_was_revoked_is_told_so(talk: Talk) -> None:
    talk.office.stores.kept.members[ME] = member(ME, revoked=True)
    assert "Your access has ended." in await talk.unlocks()


async def test_a_crash_between_the_two_steps_of_enrolment_leads_back_to_the_link(
    talk: Talk,
) -> None:
    talk.office.stores.kept.members.clear()
    assert "open your link once more" in await talk.unlocks()


async def test_a_key_that_does_not_follow_from_the_root_is_an_alarm(talk: Talk) -> None:
    talk.office.custody.refusal = KeyRefused(Suspect.DESK)
    assert "A key could not be trusted" in await talk.unlocks()
    assert isinstance(talk.heeded[0], KeyRefused)


@pytest.mark.parametrize(
    "press", ["unlock:", "unlock:AAAA", "unlock:" + "A" * 44, "unlock:" + "ä" * 43, "unlock:a:b"]
)
async def test_a_broken_unlock_button_is_told(talk: Talk, press: str) -> None:
    assert is_unlock(Pressed(press))
    assert "That button is not whole." in await talk.presses_old(press)
    assert "I did not understand" in await talk.hears(Typed(PASSPHRASE))


def test_the_unlock_button_holds_the_whole_share() -> None:
    press = unlock_press(b"\xff" * 32)
    assert len(press) == 50
    assert press.isascii()
    assert not is_unlock(Typed(press))


async def test_cancel_while_asked_for_the_passphrase_drops_the_share(talk: Talk) -> None:
    await talk.hears(Pressed(unlock_press(SHARE)))
    assert "Nothing was done." in await talk.presses("cancel")
    assert "I did not understand" in await talk.hears(Typed(PASSPHRASE))


async def test_a_sticker_is_no_passphrase(talk: Talk) -> None:
    await talk.hears(Pressed(unlock_press(SHARE)))
    assert "Only written words" in await talk.hears(Unreadable("sticker"))
    assert "Unlocked." in await talk.hears(Typed(PASSPHRASE))


async def test_the_share_is_gone_from_the_state_once_unlocked(talk: Talk) -> None:
    await talk.hears(Pressed(unlock_press(SHARE)))
    assert repr(SHARE) not in repr(talk.state)
    await talk.hears(Typed(PASSPHRASE))
    assert not hasattr(talk.state.card, "share")


async def test_lock_closes_the_report_and_the_keys(talk: Talk) -> None:
    await talk.unlocks()
    assert SECRET in await talk.says("/next")
    assert "Locked. What was open is deleted." in await talk.presses("lock")
    assert not talk.screen().opened
    assert SECRET not in repr(talk.state)
    assert (await talk.says("/open 7KQ2M9")).startswith("Locked.")


async def test_idleness_locks_and_says_why(talk: Talk) -> None:
    await talk.unlocks()
    await talk.says("/next")
    assert "Locked after 15 minutes without use." in await talk.hears(Expired())
    assert not talk.screen().opened
    assert SECRET not in repr(talk.state)


async def test_time_that_ran_out_locks_even_before_it_is_noticed(talk: Talk) -> None:
    await talk.unlocks()
    await talk.says("/next")
    talk.office.clock.passes(timedelta(minutes=15))
    assert (await talk.says("/queue")).startswith("Locked.")
    assert not talk.screen().opened


async def test_reading_on_counts_as_activity() -> None:
    talk = Talk(office=Office())
    talk.office.keeps(report())
    talk.office.custody.messages[report().ref] = ("long words " * 500,)
    await talk.unlocks()
    await talk.says("/next")
    for page in (1, 0, 1):
        talk.office.clock.passes(timedelta(minutes=14))
        await talk.presses(f"words:7KQ2M9:{page}")
    assert talk.screen().opened


async def test_free_text_does_nothing_and_says_so(talk: Talk) -> None:
    await talk.unlocks()
    seen = await talk.hears(Typed("what now"))
    assert "I did not understand; nothing was done." in seen
    assert all(f"/{name}" in seen for name, _ in COMMANDS)


async def test_an_unknown_command_lists_the_known_ones(talk: Talk) -> None:
    seen = await talk.says("/forum")
    assert "That command is not known here." in seen
    assert "/queue" in seen


@pytest.mark.parametrize("command", ["/report", "/check 7K3F9Q", "/clear", "/forget"])
async def test_a_citizens_command_belongs_to_another_account(talk: Talk, command: str) -> None:
    assert "use another Telegram account" in await talk.says(command)


@pytest.mark.parametrize("command", ["/start", "/help"])
async def test_help_names_every_command(talk: Talk, command: str) -> None:
    seen = await talk.says(command)
    for name in ("unlock", "lock", "next", "queue", "open", "claim", "release", "status"):
        assert f"/{name}" in seen
    assert set(talk.buttons()) == {"next", "queue:any:any:any:0", "pending:0", "lock"}


async def test_the_language_is_chosen_by_button_and_stays(talk: Talk) -> None:
    await talk.says("/language")
    assert talk.buttons() == {"language:en": "English", "language:sw": "Kiswahili"}
    assert "Gumzo hili ni la dawati." in await talk.presses("language:sw")
    assert language_of(talk.state) == Language.KISWAHILI
    assert "Imefunguliwa." in await talk.unlocks()


async def test_an_old_or_foreign_button_changes_nothing(talk: Talk) -> None:
    await talk.unlocks()
    for press in ("topic:land", "move:7KQ2M9:nowhere", "queue:sky:any:any:0", "letin:zz", ""):
        seen = talk.sees()
        assert await talk.presses_old(press) == seen
        assert talk.toast() == "That button is old."


async def test_there_is_nothing_to_cancel(talk: Talk) -> None:
    assert "There is nothing to cancel." in await talk.says("/cancel")


async def test_a_refusal_while_the_way_to_unlock_is_shown_does_not_say_locked() -> None:
    talk = Talk()
    await talk.unlocks()
    await talk.says("/unlock")
    seen = await talk.says("/next")
    assert "Nothing waits to be read." in seen
    assert "press Unlock" not in seen


def test_the_command_menu_has_eight_with_words_in_every_language() -> None:
    assert len(COMMANDS) == 8
    for language in LANGUAGES:
        for _, key in COMMANDS:
            assert 3 <= len(CATALOGUES.of(language).form(key)) <= 40


async def test_a_second_member_of_the_desk_unlocks_too(talk: Talk) -> None:
    talk.office.has_newcomers(member(OTHER))
    talk.office.stores.kept.copies[OTHER] = copy_for(OTHER)
    assert "let in" not in await talk.unlocks()


@pytest.mark.parametrize("command", LOCKED_AWAY)
async def test_who_was_revoked_while_a_report_is_open_sees_no_more_of_it(
    talk: Talk, command: str
) -> None:
    await talk.unlocks()
    assert SECRET in await talk.says("/next")
    talk.office.stores.kept.members[ME] = member(ME, revoked=True)
    seen = await talk.says(command)
    assert "Your access has ended." in seen
    assert SECRET not in seen
    assert not talk.screen().opened
    assert SECRET not in repr(talk.state)
    talk.office.stores.kept.members[ME] = member(ME)
    assert "Your access has ended." not in await talk.says(command)
    assert not talk.screen().opened
