"""How a message of the outbox leaves, and what can keep it from leaving."""

from datetime import timedelta
from typing import Protocol

from domain.followup.outgoing import Message


class Busy(Exception):
    """This one chat has been sent too much: not before `after`."""

    def __init__(self, after: timedelta) -> None:
        super().__init__()
        self.after = after


class Away(Exception):
    """Nobody answers at all: whether it went out is not known."""


class Gone(Exception):
    """The chat does not take messages from us any more."""


class Poison(Exception):
    """This message can never be sent."""


class Carrier(Protocol):
    async def carry(self, message: Message) -> None:
        """Returns once it is delivered. Raises Busy, Away, Gone, Poison; anything else it
        raises is a fault of this message.
        """
        ...
