"""The loop every dialogue shares: pure steps, and one await for what they ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.dialogue.heard import Heard, Refused
from domain.errors import DomainError

State = TypeVar("State")
Desk = TypeVar("Desk")
Desk_contra = TypeVar("Desk_contra", contravariant=True)


class Ask(Protocol[Desk_contra]):
    """A value that knows its use case. What `of` gives is heard next."""

    async def of(self, desk: Desk_contra) -> Heard: ...


@dataclass(frozen=True, slots=True)
class Step(Generic[State, Desk]):
    """Where the dialogue stands now, and what it needs from the domain to go on."""

    state: State
    ask: Ask[Desk] | None = None


async def converse(
    state: State,
    heard: Heard,
    desk: Desk,
    advance: Callable[[State, Heard], Step[State, Desk]],
    heed: Callable[[DomainError], object],
) -> State:
    """The state after what was heard and every answer it led to. `heed` hears every
    refusal too: some of them are alarms, and what `heed` raises ends the turn.
    """
    step = advance(state, heard)
    while step.ask is not None:
        try:
            heard = await step.ask.of(desk)
        except DomainError as refusal:
            heed(refusal)
            heard = Refused(refusal)
        step = advance(step.state, heard)
    return step.state
