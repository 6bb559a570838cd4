"""Who was told that they were let in, in memory."""

from dataclasses import dataclass, field
from typing import cast

from domain.staff.member import MemberId
from domain.staff.welcome import Welcome


@dataclass(slots=True)
class Greeting:
    told: list[MemberId] = field(default_factory=list)

    async def tell(self, member: MemberId) -> None:
        self.told.append(member)

    def as_welcome(self) -> Welcome:
        return cast("Welcome", self)
