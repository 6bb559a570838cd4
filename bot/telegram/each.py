"""One thing after another for many chats, of which one that fails must not keep the others."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from domain.errors import Outage


@dataclass(frozen=True, slots=True)
class Each:
    """`outages`: of the database, met on the way."""

    outages: list[Outage] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        try:
            yield
        except Outage as outage:
            self.outages.append(outage)

    def done(self) -> None:
        """Raises the first Outage, so that whoever rings knows and rings again."""
        for outage in self.outages:
            raise outage
