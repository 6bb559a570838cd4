from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest

from bot.dialogue.heard import Commanded, Typed
from domain.ports.sealing import EnvelopeLost
from domain.reports.event import EventKind
from domain.reports.history import RecordChanged
from domain.reports.report import ReportRef
from domain.reports.state import NoActionReason, State, Want
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar, KeptOut
from tests.fakes.moderator_desk import ME, OTHER, SECRET, report
from tests.fakes.moderator_talk import Talk

REF = ReportRef("7KQ2M9")


@pytest.fixture
async def talk() -> Talk:
    talk = Talk()
    talk.office.keeps(report())
    await talk.unlocks()
    return talk


async def reading(talk: Talk, **given: object) -> str:
    """The one report, as it is given, on the card and this moderator's."""
    talk.office.keeps(report("7KQ2M9", **({"state": State.IN_REVIEW, "claimed_by": ME} | given)))
    return await talk.says("/open 7KQ2M9")


async def test_next_claims_and_opens(talk: Talk) -> None:
    seen = await talk.says("/next")
    assert seen.startswith("7KQ2M9 · In review")
    assert "Theft and robbery · Murang'a" in seen
    assert SECRET in seen
    assert "· yours" in seen
    assert talk.office.of().claimed_by == ME
    assert talk.office.stores.kept.events[-1].signature


async def test_only_the_opened_report_is_marked_as_opened_and_no_copying(talk: Talk) -> None:
    await talk.says("/next")
    assert talk.screen().opened
    assert talk.screen().protect
    await talk.says("/help")
    assert not talk.screen().opened


async def test_danger_comes_first_and_is_shown(talk: Talk) -> None:
    talk.office.keeps(report("DANG3R", danger=True, received=date(2026, 11, 3)))
    seen = await talk.says("/next")
    assert seen.startswith("DANG3R")
    assert "DANGER: someone may be in danger" in seen


async def test_nothing_waiting_is_one_line_above_the_same_card(talk: Talk) -> None:
    first = await talk.says("/next")
    seen = await talk.says("/next")
    assert seen == f"Nothing waits to be read.\n\n{first}"


async def test_the_header_tells_what_is_known(talk: Talk) -> None:
    seen = await reading(
        talk,
        topic=Topic.LAND,
        kept_out=frozenset({KeptOut.CHIEF, KeptOut.POLICE_STATION}),
        how_far=HowFar.SUMMARY,
        area="nairobi-west",
    )
    assert "Land · Nairobi West" in seen
    assert "Must not read it: Police station, Chief, assistant chief" in seen
    assert "How far: A summary may go on" in seen
    assert "Came 2 November, moved 2 November." in seen
    assert "Due by 10 November." in seen


async def test_a_late_report_says_so(talk: Talk) -> None:
    seen = await reading(talk, since=date(2026, 9, 1))
    assert "LATE: was due by 9 September." in seen


async def test_what_an_office_claims_is_due_at_no_day(talk: Talk) -> None:
    seen = await reading(talk, state=State.CLAIMED_RESOLVED)
    assert "Due" not in seen
    assert "LATE" not in seen


async def test_a_stuck_report_tells_what_is_lacking(talk: Talk) -> None:
    assert "Why: fuel" in await reading(talk, state=State.BLOCKED, detail=Want.FUEL)


async def test_a_closed_report_tells_why(talk: Talk) -> None:
    reason = NoActionReason.NOT_SECURITY
    seen = await reading(talk, state=State.NO_ACTION, detail=reason)
    assert "Why: it is not about security" in seen


async def test_a_place_that_is_not_known_is_called_by_its_key(talk: Talk) -> None:
    assert "Theft and robbery · 099" in await reading(talk, county="099")


async def test_messages_are_told_apart(talk: Talk) -> None:
    talk.office.custody.messages[REF] = ("First", "Second <b>")
    await talk.unlocks()
    seen = await talk.says("/open 7kq 2m9")
    assert "Message 1\n\nFirst\n\nMessage 2\n\nSecond <b>" in seen


async def test_long_words_come_in_pages_and_every_page_fits(talk: Talk) -> None:
    messages = tuple(f"{number} " + "word & " * 900 for number in range(3))
    talk.office.custody.messages[REF] = messages
    await talk.unlocks()
    pages = [await talk.says("/open 7KQ2M9")]
    while any(label == "More of the words" for label in talk.buttons().values()):
        pages.append(await talk.presses(f"words:7KQ2M9:{len(pages)}"))
    assert len(pages) == 9
    assert all(len(page) <= 4096 for page in pages)
    assert sum(page.count("word") for page in pages) == 2700
    assert "Page 9 of 9" in pages[-1]
    assert await talk.presses("words:7KQ2M9:7") == pages[7]


async def test_a_page_beyond_the_last_is_the_last(talk: Talk) -> None:
    assert SECRET in await talk.presses_old("words:7KQ2M9:9999")


async def test_the_buttons_offer_what_this_moderator_may_do(talk: Talk) -> None:
    await talk.says("/next")
    assert talk.buttons() == {
        "move:7KQ2M9:in_progress": "In progress",
        "move:7KQ2M9:blocked": "Blocked",
        "move:7KQ2M9:no_action": "No action",
        "ask:7KQ2M9": "Ask the citizen",
        "route:7KQ2M9:0": "Another desk",
        "release:7KQ2M9": "Release",
        "next": "Next",
        "queue:any:any:any:0": "Queue",
        "lock": "Lock",
    }


async def test_a_sensitive_report_offers_no_closing(talk: Talk) -> None:
    await reading(talk, topic=Topic.LAND)
    assert "move:7KQ2M9:no_action" not in talk.buttons()
    assert "move:7KQ2M9:blocked" in talk.buttons()


async def test_anothers_report_offers_claiming_alone(talk: Talk) -> None:
    seen = await reading(talk, claimed_by=OTHER)
    assert "· held by another" in seen
    assert not [press for press in talk.buttons() if press.startswith("move:")]
    assert "It is yours now." in await talk.presses("claim:7KQ2M9")
    assert talk.office.of().claimed_by == ME


async def test_releasing_puts_it_back(talk: Talk) -> None:
    await talk.says("/next")
    seen = await talk.presses("release:7KQ2M9")
    assert "anyone of the desk can take it" in seen
    assert "· yours" not in seen
    assert talk.office.of().claimed_by is None


async def test_a_step_is_confirmed_with_what_the_citizen_reads(talk: Talk) -> None:
    await talk.says("/next")
    seen = await talk.presses("move:7KQ2M9:in_progress")
    assert seen.startswith("Now: In progress. The citizen reads: “Passed on”")
    assert "7KQ2M9 · In progress" in seen
    assert SECRET in seen
    assert talk.office.of().state is State.IN_PROGRESS


async def test_blocked_asks_what_is_lacking_under_the_same_words(talk: Talk) -> None:
    await talk.says("/next")
    seen = await talk.presses("move:7KQ2M9:blocked")
    assert "Blocked for want of what?" in seen
    assert SECRET in seen
    assert talk.office.of().state is State.IN_REVIEW
    assert len(talk.buttons()) == len(Want) + 1
    assert "Why: a vehicle" in await talk.presses("why:7KQ2M9:blocked:vehicle")
    assert talk.office.of().detail == Want.VEHICLE


async def test_closing_asks_why(talk: Talk) -> None:
    await talk.says("/next")
    await talk.presses("move:7KQ2M9:no_action")
    assert len(talk.buttons()) == len(NoActionReason) + 1
    await talk.presses("why:7KQ2M9:no_action:too_little_to_act_on")
    assert talk.office.of().state is State.NO_ACTION


async def test_a_reason_can_be_left_by_back_or_cancel(talk: Talk) -> None:
    first = await talk.says("/next")
    await talk.presses("move:7KQ2M9:blocked")
    assert await talk.presses("open:7KQ2M9") == first
    await talk.presses("move:7KQ2M9:blocked")
    assert await talk.says("/cancel") == f"Nothing was done.\n\n{first}"
    assert "move:7KQ2M9:blocked" in talk.buttons()


async def test_the_reason_is_asked_for_on_the_page_that_is_read(talk: Talk) -> None:
    talk.office.custody.messages[REF] = ("word " * 900,)
    await talk.unlocks()
    await talk.says("/next")
    await talk.presses("words:7KQ2M9:1")
    assert "Page 2 of 2" in await talk.presses("move:7KQ2M9:blocked")


@pytest.mark.parametrize(
    "typed",
    ["blocked fuel", "7KQ2M9 blocked fuel", "7kq-2m9 BLOCKED, Fuel", "#7kq 2m9 blocked fuel"],
)
async def test_status_is_understood_however_it_is_typed(talk: Talk, typed: str) -> None:
    await talk.says("/next", f"/status {typed}")
    assert (talk.office.of().state, talk.office.of().detail) == (State.BLOCKED, Want.FUEL)


@pytest.mark.parametrize("typed", ["in progress", "in-progress", "IN_PROGRESS", "In  Progress"])
async def test_a_state_of_two_words_is_understood(talk: Talk, typed: str) -> None:
    await talk.says("/next", f"/status 7KQ2M9 {typed}")
    assert talk.office.of().state is State.IN_PROGRESS


@pytest.mark.parametrize(
    ("typed", "state", "detail"),
    [
        ("imekwama mafuta ya gari", State.BLOCKED, Want.FUEL),
        ("7KQ2M9 Imekwama: gari", State.BLOCKED, Want.VEHICLE),
        ("inashughulikiwa", State.IN_PROGRESS, None),
        ("bila hatua haihusu usalama", State.NO_ACTION, NoActionReason.NOT_SECURITY),
    ],
)
async def test_status_is_understood_in_kiswahili(
    talk: Talk, typed: str, state: State, detail: str | None
) -> None:
    await talk.says("/next", f"/status {typed}")
    assert (talk.office.of().state, talk.office.of().detail) == (state, detail)


async def test_a_reason_of_many_words_is_understood(talk: Talk) -> None:
    await talk.says("/next", "/status no action too little to act on")
    assert talk.office.of().detail == NoActionReason.TOO_LITTLE_TO_ACT_ON


@pytest.mark.parametrize("typed", ["blocked", "blocked wheels", "7KQ2M9 blocked"])
async def test_a_missing_or_unknown_reason_is_asked_for(talk: Talk, typed: str) -> None:
    await talk.says("/next")
    assert "Blocked for want of what?" in await talk.says(f"/status {typed}")
    assert talk.office.of().state is State.IN_REVIEW


@pytest.mark.parametrize("typed", ["", "7KQ2M9", "7KQ2M9 done", "7KQ2M9 7KQ2M9"])
async def test_a_status_that_is_not_understood_is_explained(talk: Talk, typed: str) -> None:
    seen = await talk.says("/next", f"/status {typed}")
    assert "Write: /status REF state [reason]" in seen
    assert SECRET in seen


async def test_a_word_that_could_be_a_ref_is_the_state_while_a_report_is_open(talk: Talk) -> None:
    await talk.says("/next")
    assert "it can go to" in await talk.says("/status merged")


async def test_a_step_that_is_not_on_the_map_lists_those_that_are(talk: Talk) -> None:
    first = await talk.says("/next")
    seen = await talk.says("/status confirmed")
    assert seen.endswith(first)
    assert "That step is not possible from here." in seen
    assert "From “In review” it can go to: In progress, Blocked, No action." in seen


async def test_a_closed_report_goes_nowhere(talk: Talk) -> None:
    await reading(talk, state=State.MERGED)
    seen = await talk.says("/status blocked fuel")
    assert "From “Merged” a moderator cannot move it." in seen


async def test_passing_on_is_more_than_a_status(talk: Talk) -> None:
    await talk.says("/next")
    assert "use “Pass on” or /refer." in await talk.says("/status referred")


async def test_a_sensitive_report_is_not_closed_by_one(talk: Talk) -> None:
    await reading(talk, kept_out=frozenset({KeptOut.CHIEF}))
    seen = await talk.says("/status no action not security")
    assert "needs two moderators" in seen
    assert talk.office.of().state is State.IN_REVIEW


async def test_anothers_report_is_not_moved(talk: Talk) -> None:
    await reading(talk, claimed_by=OTHER)
    assert "Another moderator has this report." in await talk.says("/status in progress")


async def test_somebody_quicker_costs_nothing(talk: Talk) -> None:
    first = await talk.says("/next")
    talk.office.stores.quicker = True
    seen = await talk.presses("move:7KQ2M9:in_progress")
    assert seen == f"Somebody else changed it meanwhile. Look again.\n\n{first}"


async def test_a_record_changed_by_hand_goes_no_further(talk: Talk) -> None:
    first = await talk.says("/next")
    kept = talk.office.stores.kept
    kept.reports[ReportRef("7KQ2M9")] = replace(talk.office.of(), state=State.BLOCKED)
    before = deepcopy(kept)
    seen = await talk.says("/status in progress")
    assert seen.startswith("This report's record was changed from outside the desk.")
    assert seen.endswith(first)
    assert isinstance(talk.heeded[-1], RecordChanged)
    assert talk.office.stores.kept == before


async def test_the_same_update_twice_is_done_once(talk: Talk) -> None:
    await talk.says("/next")
    await talk.hears(Commanded("status", "in progress"))
    seen = await talk.hears(Commanded("status", "in progress"), again=True)
    assert "In progress" in seen
    kinds = [event.kind for event in talk.office.stores.kept.events]
    assert kinds == [EventKind.RECEIVED, EventKind.CLAIMED, EventKind.MOVED]


@pytest.mark.parametrize("command", ["/open", "/claim", "/release", "/status blocked fuel"])
async def test_without_a_ref_and_without_an_open_report_it_is_asked_which(
    talk: Talk, command: str
) -> None:
    assert "Say which report" in await talk.says(command)


@pytest.mark.parametrize(
    "command", ["/open", "/open 7kq2m9", "/claim", "/claim #7KQ-2M9", "/release"]
)
async def test_the_opened_report_is_meant_where_none_is_named(talk: Talk, command: str) -> None:
    await talk.says("/next")
    assert SECRET in await talk.says(command)


async def test_a_report_left_for_another_card_is_no_longer_meant(talk: Talk) -> None:
    await talk.says("/next", "/queue")
    assert "Say which report" in await talk.says("/status in progress")


@pytest.mark.parametrize("ref", ["ZZZZZZ", "12", "7KQ2M9X", "naïve", "<b>"])
async def test_an_unknown_ref_is_told_and_nothing_is_lost(talk: Talk, ref: str) -> None:
    await talk.says("/next")
    for command in ("open", "claim", "release", "status"):
        seen = await talk.says(
            f"/{command} {ref} blocked fuel"[: 60 if command == "status" else -13]
        )
        assert "There is no such report at your desks." in seen
        assert SECRET in seen


async def test_another_desks_report_is_unknown(talk: Talk) -> None:
    assert "no such report" in await reading(talk, desk="042")


async def test_a_lost_envelope_is_told(talk: Talk) -> None:
    talk.office.stores.shredded = True
    assert "does not open with the desk's key" in await talk.says("/open 7KQ2M9")
    assert isinstance(talk.heeded[-1], EnvelopeLost)


async def test_releasing_what_is_not_ones_own_is_refused(talk: Talk) -> None:
    await reading(talk, claimed_by=OTHER)
    assert "Another moderator has this report." in await talk.says("/release")


async def test_free_text_over_an_open_report_keeps_it(talk: Talk) -> None:
    first = await talk.says("/next")
    assert (await talk.hears(Typed("ok"))).endswith(first)
    assert talk.screen().opened
