"""The pictures in `docs/pictures/` of a weekly digest: `make pictures` draws them anew.

What they are about is the reference data: Nairobi's forum of 3 October 2025 and its concerns.
How many people said so is made up, counted and published by the product's own rules.
"""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.pictures.digest_sheet import digest_sheet
from bot.pictures.draw import Form, drawn
from domain.ports.chat import Language
from domain.referrals.desk import table_of
from domain.reports.state import State
from domain.reports.topic import Topic
from tests.spoken import CATALOGUES
from tests.unit.test_publish import NAIROBI_CITY, Desk

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
FORUM, READ, PUBLISHED = date(2025, 10, 3), date(2025, 10, 9), date(2025, 10, 13)

RAISED = {
    Topic.GANGS: 43,
    Topic.VIOLENCE: 31,
    Topic.ALCOHOL_DRUGS: 22,
    Topic.OFFICIALS: 27,
    Topic.THEFT: 12,
    Topic.ROADS: 3,
}
"""Roads are too few to show, and nothing of them is in a picture."""


async def facts() -> dict[str, object]:
    desk = Desk()
    for topic, count in RAISED.items():
        reports = await desk.read(count, FORUM, county=NAIROBI_CITY, topic=topic)
        for report in reports[: count // 2]:
            await desk.moves(report, State.IN_PROGRESS, READ)
        for report in reports[: count // 3]:
            await desk.moves(report, State.BLOCKED, READ, "vehicle")
        for report in reports[: count // 4]:
            await desk.moves(report, State.IN_PROGRESS, READ)
            await desk.moves(report, State.CLAIMED_RESOLVED, READ)
    await desk.publish(PUBLISHED)
    table = await desk.newest(NAIROBI_CITY)
    assert table is not None
    return {"county": "Nairobi", "day": PUBLISHED.isoformat(), "table": table_of(table)}


def pictures(published: dict[str, object]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes."""
    for language in (Language.ENGLISH, Language.KISWAHILI):
        sheet = digest_sheet(published, CATALOGUES.of(language)).as_json()
        yield f"digest-{language}.png", drawn(sheet, Form.CHART)
        yield f"digest-{language}.pdf", drawn(sheet, Form.PAGE)


if __name__ == "__main__":
    for name, made in pictures(asyncio.run(facts())):
        (FOLDER / name).write_bytes(made)
