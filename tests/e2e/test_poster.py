"""From a forum's poster to a sent report, over HTTP and in Kiswahili, by a first-time user."""

from pathlib import Path

import pytest

from tests.deployment import POSTGRESQL, SQLITE, deployed
from tests.e2e.story import Words, code_on, enrol, gone, send, shows
from tests.sandbox_client import SandboxClient

SAY = Words.of("sw")
POSTER = "nairobi-2025-10-03"
ITS_DAY = "3 Oktoba 2025"


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_a_poster_leads_to_a_report_whose_row_has_county_and_forum(
    sandbox: SandboxClient, tmp_path: Path, on: str
) -> None:
    async with deployed(sandbox.url, tmp_path, on=on) as deployment:
        assert f"f-{POSTER}" in await deployment.sauti("forum", "list")
        await deployment.start()
        otieno = await sandbox.phone("Otieno", language_code="sw")
        await enrol(otieno, SAY, await deployment.invite())
        nyawira = await sandbox.phone("Nyawira", language_code="sw")

        await nyawira.send(f"/start f-{POSTER}")
        await nyawira.press(SAY("language.sw"))
        await nyawira.press(SAY("button.go_on"))
        await nyawira.press(SAY("button.phone_mine"))
        assert ITS_DAY in (await shows(nyawira, SAY.start("words.ask"))).last()["text"]

        await nyawira.send("Vijana wana mapanga")
        await gone(nyawira, "Vijana wana mapanga")
        await nyawira.press(SAY("button.done"))
        await nyawira.press(SAY("topic.gangs"))
        await nyawira.press(SAY("area.nairobi-east"))
        seen = await shows(nyawira, SAY.start("review.not_sent"))
        assert f"Baada ya jukwaa la {ITS_DAY}" in seen.last()["text"]
        assert code_on(seen)
        await send(nyawira, SAY)

        await nyawira.send("/forums nairobi")
        await shows(nyawira, "Nairobi")
        await nyawira.press(f"{ITS_DAY}: Nairobi")
        await shows(nyawira, "Organised gangs")
        await nyawira.press(SAY("button.promises", count=7))
        await shows(nyawira, "Ministry of Interior")
        await deployment.stop()

        kept = "SELECT county, area, forum, forum_relation FROM {cases}report"
        assert deployment.rows("cases", kept) == [("047", "nairobi-east", POSTER, "after")]
