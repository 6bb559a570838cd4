"""The states of a report, who may move it, and the six words a citizen hears."""

from enum import StrEnum

from domain.errors import DomainError


class State(StrEnum):
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    REFERRED = "referred"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    CLAIMED_RESOLVED = "claimed_resolved"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    NO_ACTION = "no_action"
    MERGED = "merged"
    SET_ASIDE = "set_aside"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def is_open(self) -> bool:
        return self in _OPEN

    @property
    def is_closed(self) -> bool:
        return self in _CLOSED


_OPEN = frozenset(
    {State.RECEIVED, State.IN_REVIEW, State.REFERRED, State.IN_PROGRESS, State.BLOCKED}
)
_CLOSED = frozenset(
    {State.NO_ACTION, State.MERGED, State.SET_ASIDE, State.WITHDRAWN, State.EXPIRED}
)


class Standing(StrEnum):
    """The six words of `/check`."""

    RECEIVED = "received"
    BEING_READ = "being_read"
    PASSED_ON = "passed_on"
    STUCK = "stuck"
    SAID_DONE = "said_done"
    CLOSED = "closed"


STANDING: dict[State, Standing] = {
    State.RECEIVED: Standing.RECEIVED,
    State.IN_REVIEW: Standing.BEING_READ,
    State.REFERRED: Standing.PASSED_ON,
    State.IN_PROGRESS: Standing.PASSED_ON,
    State.BLOCKED: Standing.STUCK,
    State.CLAIMED_RESOLVED: Standing.SAID_DONE,
    State.DISPUTED: Standing.SAID_DONE,
    State.CONFIRMED: Standing.CLOSED,
    State.NO_ACTION: Standing.CLOSED,
    State.MERGED: Standing.CLOSED,
    State.SET_ASIDE: Standing.CLOSED,
    State.WITHDRAWN: Standing.CLOSED,
    State.EXPIRED: Standing.CLOSED,
}


class Want(StrEnum):
    """What a blocked report lacks."""

    VEHICLE = "vehicle"
    FUEL = "fuel"
    STAFF = "staff"
    BUDGET = "budget"
    PATROLS = "patrols"
    STATION = "station"
    EQUIPMENT = "equipment"
    REHABILITATION = "rehabilitation"
    JURISDICTION = "jurisdiction"
    COURT = "court"


class NoActionReason(StrEnum):
    """Why a report is closed without action."""

    NOT_SECURITY = "not_security"
    TOO_LITTLE_TO_ACT_ON = "too_little_to_act_on"
    ALREADY_HANDLED = "already_handled"
    ANOTHER_BODY = "another_body"


class Author(StrEnum):
    """Who said so: part of every change."""

    CITIZEN = "citizen"
    MODERATOR = "moderator"
    OFFICE = "office"
    CLOCK = "clock"


_BY_MODERATOR: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.IN_REVIEW}),
    State.IN_REVIEW: frozenset({State.REFERRED, State.IN_PROGRESS, State.BLOCKED, State.NO_ACTION}),
    State.REFERRED: frozenset(
        {State.IN_PROGRESS, State.BLOCKED, State.CLAIMED_RESOLVED, State.NO_ACTION}
    ),
    State.IN_PROGRESS: frozenset({State.BLOCKED, State.CLAIMED_RESOLVED, State.NO_ACTION}),
    State.BLOCKED: frozenset({State.IN_PROGRESS, State.CLAIMED_RESOLVED, State.NO_ACTION}),
    State.CLAIMED_RESOLVED: frozenset({State.IN_PROGRESS}),
    State.DISPUTED: frozenset({State.REFERRED, State.IN_PROGRESS, State.BLOCKED}),
}

_BY_OFFICE: dict[State, frozenset[State]] = {
    state: frozenset({State.IN_PROGRESS, State.BLOCKED, State.CLAIMED_RESOLVED, State.IN_REVIEW})
    - ({state} - {State.BLOCKED})
    for state in (State.REFERRED, State.IN_PROGRESS, State.BLOCKED, State.DISPUTED)
}
"""Taken, blocked (for want of something else too), said done, and not theirs: read anew."""

_BY_CITIZEN: dict[State, frozenset[State]] = {
    State.CLAIMED_RESOLVED: frozenset({State.CONFIRMED, State.DISPUTED}),
}


def next_states(state: State, author: Author) -> frozenset[State]:
    """The states this author may move a report to from `state`."""
    tables = {Author.CITIZEN: _BY_CITIZEN, Author.OFFICE: _BY_OFFICE}
    return tables.get(author, _BY_MODERATOR).get(state, frozenset())


class MoveRefused(DomainError):
    key = "error.move_refused"


def check_move(state: State, to: State, author: Author) -> None:
    """Raises MoveRefused when the step is not on the map."""
    if to not in next_states(state, author):
        raise MoveRefused(state=state, to=to)
