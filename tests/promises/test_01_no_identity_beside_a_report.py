"""Promise 1: no identity beside a report. The way of one report over HTTP, in both languages,
and then a thief's search of every file; the same search finds what builds that leak on
purpose leave behind.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deployment import POSTGRESQL, SQLITE, Deployment, deployed
from tests.e2e.search import CITIZEN, LEAKS, LEAKY, SECRETS, missed, traces
from tests.e2e.story import (
    Moderator,
    Words,
    begin,
    enrol,
    review,
    send,
    shows,
    write,
)
from tests.sandbox_client import Phone, SandboxClient


async def live_through(
    deployment: Deployment, sandbox: SandboxClient, language: str
) -> tuple[Phone, str]:
    """`/start` to `/report` to the moderator's status to `/check`; the phone and the code."""
    say = Words.of(language)
    await deployment.start()
    otieno = await sandbox.phone("Otieno", language_code=language)
    desk = await enrol(otieno, say, await deployment.invite())

    nyawira = await sandbox.phone(language_code=language, **CITIZEN)
    await begin(nyawira, say, language)
    await write(nyawira, say, *SECRETS[language])
    code = await review(nyawira, say, topic="land", county="muranga")
    await send(nyawira, say)

    await read_and_move(desk, SECRETS[language])
    await nyawira.send(f"/check {code.lower().replace('-', ' ')}")
    seen = await shows(nyawira, say("standing.passed_on"))
    assert all(code[:6] not in text for text in seen.texts())
    await deployment.stop()
    return nyawira, code


async def read_and_move(desk: Moderator, words: tuple[str, ...]) -> None:
    await desk.unlock()
    await desk.phone.press(desk.say("moderator.button_next"))
    seen = await shows(desk.phone, words[0])
    assert words[1] in seen.last()["text"]
    ref = re.search(r"\b[0-9A-Z]{6}\b", seen.last()["text"])
    assert ref
    await desk.phone.send(f"/status {ref.group()} in progress")
    await desk.phone.wait_for(
        lambda now: desk.say("moderator.state_in_progress") in now.last()["text"]
    )
    await desk.phone.send("/lock")
    await desk.phone.wait_for(lambda now: all(words[0] not in text for text in now.texts()))


@pytest.mark.parametrize(("language", "on"), [("en", SQLITE), ("sw", SQLITE), ("sw", POSTGRESQL)])
async def test_a_report_goes_in_comes_to_the_desk_and_leaves_no_trace_of_who_wrote_it(
    sandbox: SandboxClient, tmp_path: Path, language: str, on: str
) -> None:
    async with deployed(sandbox.url, tmp_path, on=on) as deployment:
        citizen, code = await live_through(deployment, sandbox, language)
        assert list(traces(deployment, citizen, code, language)) == []


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_a_build_that_keeps_or_logs_who_wrote_is_found_out(
    sandbox: SandboxClient,
    tmp_path: Path,
    on: str,
    record_property: Callable[[str, object], None],
) -> None:
    async with deployed(sandbox.url, tmp_path, entry=LEAKY, on=on) as deployment:
        citizen, code = await live_through(deployment, sandbox, "en")
        found = set(traces(deployment, citizen, code, "en"))
        assert missed(found, deployment) == set()
        for leak in LEAKS:
            record_property("leak", leak.format(cases="cases", addresses="addresses"))
