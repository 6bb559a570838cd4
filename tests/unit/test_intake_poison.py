import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.telegram.intake.poison import Patience, Tries


class DatabaseAway(Exception):
    """An error of the app's own world."""


@pytest.fixture(autouse=True, params=["true", "false"])
def either_way_of_ptb(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", request.param)


ignoring_the_change_of_ptb = pytest.mark.filterwarnings(
    "ignore:.*retry_after.*:telegram.warnings.PTBDeprecationWarning"
)


@ignoring_the_change_of_ptb
def test_what_passes_by_itself_is_told_from_what_does_not() -> None:
    patience = Patience(also_outages=(DatabaseAway,))
    for passing in (NetworkError("away"), TimedOut(), RetryAfter(3), DatabaseAway()):
        assert patience.is_outage(passing)
    for lasting in (BadRequest("no"), Forbidden("blocked"), LookupError(), TimeoutError()):
        assert not patience.is_outage(lasting)


def test_a_fault_is_tried_three_times_with_doubling_pauses() -> None:
    patience, tries, pauses = Patience(first_pause=0.5), Tries(), []
    for _ in range(3):
        tries = patience.count(tries, LookupError())
        pauses.append(patience.pause(tries, LookupError()))
    assert pauses == [0.5, 1.0, None]


def test_an_outage_takes_no_try_from_a_fault_and_has_a_far_end() -> None:
    patience, tries, pauses = Patience(), Tries(), []
    for _ in range(30):
        tries = patience.count(tries, TimedOut())
        pauses.append(patience.pause(tries, TimedOut()))
    assert tries == Tries(faults=0, outages=30)
    assert pauses[:7] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]
    assert pauses[-2:] == [30.0, None]


@ignoring_the_change_of_ptb
def test_telegrams_wish_to_wait_is_obeyed_up_to_the_longest_pause() -> None:
    patience = Patience(longest_pause=30.0)
    assert patience.pause(Tries(outages=1), RetryAfter(7)) == 7.0
    assert patience.pause(Tries(outages=1), RetryAfter(700)) == 30.0
