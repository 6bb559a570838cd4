"""Nobody to pass anything on to."""

from typing import ClassVar, cast

from domain.ports.sealing import (
    Words,
)
from domain.referrals.reach import check_how_far
from domain.referrals.refer import NobodyEnrolled, Referring, Target
from domain.reports.report import Report


class NoOffices:
    """Nobody is enrolled anywhere: what passing on says then is tested on a real house."""

    places: ClassVar[dict[str, str]] = {"021": "Murang'a", "nairobi-west": "Nairobi West"}

    async def choices(self, one: Report, words: Words) -> tuple[Target, ...]:
        check_how_far(one, words)
        return ()

    async def target(self, one: Report, words: Words, _: str) -> Target:
        check_how_far(one, words)
        raise NobodyEnrolled


def no_offices() -> Referring:
    return cast("Referring", NoOffices())
