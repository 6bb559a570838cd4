"""Who was told that they were let in, and what was an alarm, in memory."""

from dataclasses import dataclass, field
from typing import cast

from domain.errors import DomainError
from domain.staff.member import MemberId
from domain.staff.welcome import Welcome


@dataclass(slots=True)
class Greeting:
    told: list[MemberId] = field(default_factory=list)
    heeded: list[DomainError] = field(default_factory=list)

    @property
    def book(self) -> "Greeting":
        return self

    def heed(self, alarm: DomainError) -> None:
        self.heeded.append(alarm)

    async def tell(self, member: MemberId) -> None:
        self.told.append(member)

    def as_welcome(self) -> Welcome:
        return cast("Welcome", self)
