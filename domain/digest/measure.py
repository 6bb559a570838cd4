"""What the published table counts: each measure is a column, each topic a line."""

from enum import StrEnum

from domain.reports.state import State, Want


class Stock(StrEnum):
    """How things stand at the end of a day."""

    OPEN = "open"
    LATE = "late"
    BLOCKED = "blocked"
    SAID_DONE = "said_done"
    DISPUTED = "disputed"
    LACKS_VEHICLE = "lacks_vehicle"
    LACKS_FUEL = "lacks_fuel"
    LACKS_STAFF = "lacks_staff"
    LACKS_BUDGET = "lacks_budget"
    LACKS_PATROLS = "lacks_patrols"
    LACKS_STATION = "lacks_station"
    LACKS_EQUIPMENT = "lacks_equipment"
    LACKS_REHABILITATION = "lacks_rehabilitation"
    LACKS_JURISDICTION = "lacks_jurisdiction"
    LACKS_COURT = "lacks_court"


LACKS: dict[Want, Stock] = {want: Stock(f"lacks_{want}") for want in Want}
"""What blocked reports want for."""


class Flow(StrEnum):
    """What happened, counted by its day. `NEW` is when a moderator first read it: a report
    nobody read yet is in no table. `WITHDRAWN` reports are gone by the time they are counted.
    """

    NEW = "new"
    PASSED_ON = "passed_on"
    CALLED_DONE = "called_done"
    CONFIRMED = "confirmed"
    CONTESTED = "contested"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


Measure = Stock | Flow

UNCOUNTED = frozenset(
    {State.RECEIVED, State.SET_ASIDE, State.MERGED, State.WITHDRAWN, State.EXPIRED}
)
"""Reports in these states are in no table."""

ENDED = UNCOUNTED - {State.RECEIVED}


def measure(word: str) -> Measure:
    """Raises ValueError."""
    return Stock(word) if word in set(Stock) else Flow(word)


def stocks_of(state: State, detail: str | None, *, late: bool) -> tuple[Stock, ...]:
    """In which columns one report stands."""
    stocks = []
    if state.is_open and state not in UNCOUNTED:
        stocks.append(Stock.OPEN)
    if late and state not in UNCOUNTED:
        stocks.append(Stock.LATE)
    match state:
        case State.BLOCKED:
            stocks.append(Stock.BLOCKED)
            if detail in set(Want):
                stocks.append(LACKS[Want(detail)])
        case State.CLAIMED_RESOLVED:
            stocks.append(Stock.SAID_DONE)
        case State.DISPUTED:
            stocks.append(Stock.DISPUTED)
        case _:
            pass
    return tuple(stocks)


_ENTERED: dict[State, Flow] = {
    State.REFERRED: Flow.PASSED_ON,
    State.CLAIMED_RESOLVED: Flow.CALLED_DONE,
    State.CONFIRMED: Flow.CONFIRMED,
    State.DISPUTED: Flow.CONTESTED,
    State.NO_ACTION: Flow.CLOSED,
}


def flows_of(before: State, after: State) -> tuple[Flow, ...]:
    """What a change of state counts as."""
    read = (Flow.NEW,) if before is State.RECEIVED and after not in UNCOUNTED else ()
    entered = _ENTERED.get(after) if before is not after else None
    return (*read, entered) if entered else read
