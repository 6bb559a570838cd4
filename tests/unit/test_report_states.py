"""The map of a report's states: every step from every state, by everybody."""

from datetime import date

import pytest

from domain.desks.desk import NATIONAL
from domain.ledger.leaf import LeafHash
from domain.moderation.move import (
    ClaimedByAnother,
    NeedsReferral,
    NeedsSecondKey,
    ReasonMissing,
    claimed,
    moved,
    released,
)
from domain.places.county import CountyCode
from domain.reports.report import Locator, Report, ReportId, ReportRef, SealedReport
from domain.reports.state import (
    STANDING,
    Author,
    MoveRefused,
    NoActionReason,
    State,
    Want,
    check_move,
)
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar, KeptOut
from domain.staff.member import MemberId

ME, ANOTHER = MemberId(b"m" * 16), MemberId(b"a" * 16)
TODAY, YESTERDAY = date(2026, 11, 3), date(2026, 11, 2)

ON_THE_MAP = {
    State.RECEIVED: "in_review",
    State.IN_REVIEW: "referred in_progress blocked no_action",
    State.REFERRED: "in_progress blocked claimed_resolved no_action",
    State.IN_PROGRESS: "blocked claimed_resolved no_action",
    State.BLOCKED: "in_progress claimed_resolved no_action",
    State.CLAIMED_RESOLVED: "in_progress",
    State.DISPUTED: "referred in_progress blocked",
}
STEPS = [(before, after) for before in State for after in State]
REASONS: dict[State, str] = {
    State.BLOCKED: Want.FUEL,
    State.NO_ACTION: NoActionReason.ALREADY_HANDLED,
}


def report(
    state: State = State.IN_REVIEW,
    *,
    topic: Topic = Topic.THEFT,
    kept_out: frozenset[KeptOut] = frozenset(),
    claimed_by: MemberId | None = None,
) -> Report:
    return Report(
        id=ReportId(bytes(16)),
        ref=ReportRef("7K3F9Q"),
        locator=Locator("7K3F9"),
        county=CountyCode("021"),
        area=None,
        topic=topic,
        danger=True,
        kept_out=kept_out,
        how_far=HowFar.DESK_ONLY,
        received=YESTERDAY,
        received_hour=3,
        state=state,
        since=YESTERDAY,
        desk=NATIONAL,
        generation=1,
        claimed_by=claimed_by,
        intake_leaf=LeafHash(bytes(32)),
        sealed=SealedReport(words=b"", dek_for_desk=b"", case_for_desk=b"", case_for_code=b""),
        visits=b"",
    )


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_a_moderator_takes_the_steps_on_the_map_and_no_other(before: State, after: State) -> None:
    if after in ON_THE_MAP.get(before, "").split():
        check_move(before, after, Author.MODERATOR)
    else:
        with pytest.raises(MoveRefused):
            check_move(before, after, Author.MODERATOR)


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_only_the_codes_holder_confirms_or_disputes(before: State, after: State) -> None:
    verdict = after in {State.CONFIRMED, State.DISPUTED}
    if before is State.CLAIMED_RESOLVED and verdict:
        check_move(before, after, Author.CITIZEN)
    else:
        with pytest.raises(MoveRefused):
            check_move(before, after, Author.CITIZEN)
    if verdict:
        with pytest.raises(MoveRefused):
            check_move(before, after, Author.MODERATOR)


def test_every_state_is_open_closed_or_waits_for_the_holder() -> None:
    waiting = {State.CLAIMED_RESOLVED, State.CONFIRMED, State.DISPUTED}
    for state in State:
        assert [state.is_open, state.is_closed, state in waiting].count(True) == 1
        assert state in STANDING


def test_a_step_says_since_when_and_forgets_the_hour() -> None:
    after = moved(report(State.RECEIVED), State.IN_REVIEW, None, ME, TODAY, sensitive=False)
    assert (after.state, after.since, after.claimed_by) == (State.IN_REVIEW, TODAY, ME)
    assert after.received_hour is None
    assert after.notice_due


@pytest.mark.parametrize("to", REASONS)
def test_being_stuck_or_closed_wants_a_reason_of_its_own_list(to: State) -> None:
    other = next(REASONS[state] for state in REASONS if state is not to)
    for reason in (None, "", "because I say so", other):
        with pytest.raises(ReasonMissing):
            moved(report(), to, reason, ME, TODAY, sensitive=False)
    assert moved(report(), to, REASONS[to], ME, TODAY, sensitive=False).detail == REASONS[to]


def test_a_reason_does_not_outlive_its_state() -> None:
    blocked = moved(report(), State.BLOCKED, Want.FUEL, ME, TODAY, sensitive=False)
    assert (
        moved(blocked, State.IN_PROGRESS, "free words", ME, TODAY, sensitive=False).detail is None
    )


def test_a_status_alone_refers_nothing() -> None:
    with pytest.raises(NeedsReferral):
        moved(report(), State.REFERRED, None, ME, TODAY, sensitive=False)


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("kept_out", [(), (KeptOut.CHIEF,)])
def test_one_moderator_closes_only_what_is_not_sensitive(
    topic: Topic, kept_out: tuple[KeptOut, ...]
) -> None:
    case = report(topic=topic, kept_out=frozenset(kept_out))
    sensitive = topic in {Topic.GANGS, Topic.VIOLENCE, Topic.LAND, Topic.OFFICIALS}
    if sensitive or kept_out:
        with pytest.raises(NeedsSecondKey):
            moved(case, State.NO_ACTION, NoActionReason.NOT_SECURITY, ME, TODAY, sensitive=False)
    else:
        after = moved(
            case, State.NO_ACTION, NoActionReason.NOT_SECURITY, ME, TODAY, sensitive=False
        )
        assert after.state is State.NO_ACTION


def test_a_plain_row_does_not_close_what_was_sealed_as_sensitive() -> None:
    with pytest.raises(NeedsSecondKey):
        moved(report(), State.NO_ACTION, NoActionReason.NOT_SECURITY, ME, TODAY, sensitive=True)
    for to, reason in ((State.BLOCKED, Want.FUEL), (State.IN_PROGRESS, None)):
        assert moved(report(), to, reason, ME, TODAY, sensitive=True).state is to


def test_nobody_moves_or_releases_what_another_holds() -> None:
    theirs = report(claimed_by=ANOTHER)
    with pytest.raises(ClaimedByAnother):
        moved(theirs, State.IN_PROGRESS, None, ME, TODAY, sensitive=False)
    for case in (theirs, report()):
        with pytest.raises(ClaimedByAnother):
            released(case, ME)


def test_the_first_claim_begins_the_reading_and_a_later_one_changes_hands_only() -> None:
    first = claimed(report(State.RECEIVED), ME, TODAY)
    assert (first.state, first.since, first.claimed_by) == (State.IN_REVIEW, TODAY, ME)
    later = claimed(report(State.BLOCKED, claimed_by=ANOTHER), ME, TODAY)
    assert (later.state, later.since, later.claimed_by) == (State.BLOCKED, YESTERDAY, ME)
    assert released(later, ME).claimed_by is None
