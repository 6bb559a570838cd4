"""The whole way of one report over HTTP: it goes in, somebody moves it, its writer hears in
the window and not before, says that it is not better, and the clock starts again. Then the
search of everything on disk.
"""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.deployment import POSTGRESQL, SQLITE, Deployment, deployed
from tests.e2e import moved_clock
from tests.e2e.moved_clock import MovedClock
from tests.e2e.search import CITIZEN, LEAKY, SECRETS, missed, traces
from tests.e2e.story import Moderator, Words, begin, enrol, review, send, shows, write
from tests.sandbox_client import PATIENCE_SECONDS, Phone, SandboxClient, Seen

SAY = Words.of("en")
NEWS = SAY("notice.news")


async def come_back(
    deployment: Deployment, sandbox: SandboxClient, clock: MovedClock
) -> tuple[Phone, str]:
    """The writer's phone and the code.

    1. A report is sent, and its writer opts in. 2. The desk takes it up. 3. News comes at
    the window, once. 4. The desk says it is done. 5. The writer is asked in the window, and
    says it is not. 6. The clock has started again.
    """
    await deployment.start()
    desk = await enrol(await sandbox.phone("Otieno"), SAY, await deployment.invite())
    nyawira = await sandbox.phone(**CITIZEN)
    await begin(nyawira, SAY, "en")
    await write(nyawira, SAY, *SECRETS["en"])
    code = await review(nyawira, SAY, topic="land", county="muranga")
    await send(nyawira, SAY)
    await checks(nyawira, code, SAY("standing.received"))
    await nyawira.press(SAY("button.tell_me"))
    await shows(nyawira, SAY.start("check.followed"))
    await nyawira.press(SAY("button.menu"))

    ref = await opened(desk)
    await moves(desk, ref, "in progress")
    await hears_in_the_window(deployment, nyawira, desk, clock, news=1)
    await begin(nyawira, SAY, "en")  # after 48 hours nothing is remembered of a chat
    await checks(nyawira, code, SAY("standing.passed_on"))

    await unlocks_again(desk)
    await moves(desk, ref, "claimed resolved")
    await hears_in_the_window(deployment, nyawira, desk, clock, news=2)
    await begin(nyawira, SAY, "en")
    await checks(nyawira, code, SAY("state.claimed_resolved"))
    before = since(await nyawira.see())
    await nyawira.press(SAY("button.not_better"))
    assert since(await shows(nyawira, SAY("state.disputed"))) != before
    await desk.phone.send("/lock")
    await desk.phone.wait_for(lambda now: all(ref not in text for text in now.texts()))
    await deployment.stop()
    return nyawira, code


async def checks(phone: Phone, code: str, standing: str) -> None:
    await phone.send(f"/check {code}")
    await shows(phone, standing)


async def opened(desk: Moderator) -> str:
    await desk.unlock()
    await desk.phone.press(SAY("moderator.button_next"))
    seen = await shows(desk.phone, SECRETS["en"][0])
    ref = re.search(r"\b[0-9A-Z]{6}\b", seen.last()["text"])
    assert ref
    return ref.group()


async def moves(desk: Moderator, ref: str, state: str) -> None:
    await desk.phone.send(f"/status {ref} {state}")
    key = f"moderator.state_{state.replace(' ', '_')}"
    await desk.phone.wait_for(lambda now: SAY(key) in now.last()["text"])


async def unlocks_again(desk: Moderator) -> None:
    """Once the time that went by has locked it."""
    await shows(desk.phone, SAY("moderator.locked_idle", minutes=15))
    await desk.unlock()


async def hears_in_the_window(
    deployment: Deployment, phone: Phone, desk: Moderator, clock: MovedClock, *, news: int
) -> None:
    """With so few reports a notice is written after three days, when somebody unlocks; it
    leaves at six. `news`: how many the phone has had by then.
    """
    await clock.moves_to((clock.now() + timedelta(days=3)).replace(hour=10, minute=0))
    await unlocks_again(desk)
    await until_one_waits(deployment)
    await clock.moves_to(clock.now().replace(hour=17, minute=59))
    assert len(of_news(await phone.see())) == news - 1, "it left before the window"
    await clock.moves_to(clock.now().replace(hour=18, minute=1))
    await phone.wait_for(lambda now: len(of_news(now)) == news)


def of_news(seen: Seen) -> list[str]:
    return [text for text in seen.bot_texts() if NEWS in text]


async def until_one_waits(deployment: Deployment) -> None:
    """In the outbox; nothing tells of it but the row."""
    query = "SELECT count(*) FROM {addresses}outgoing WHERE stage = 'waiting'"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while deployment.rows("addresses", query) != [(1,)]:  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.1)


def since(seen: Seen) -> str:
    found = re.search(r"Since (.*?)\.", seen.last()["text"])
    assert found, seen.as_text()
    return found.group(1)


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_what_was_said_comes_back_to_who_said_it_and_leaves_no_trace_of_them(
    sandbox: SandboxClient, tmp_path: Path, on: str
) -> None:
    clock = await MovedClock.at_next_monday(tmp_path, sandbox)
    async with deployed(sandbox.url, tmp_path, entry=moved_clock.entry(), on=on) as deployment:
        citizen, code = await come_back(deployment, sandbox, clock)
        assert list(traces(deployment, citizen, code, "en")) == []


async def test_a_build_that_leaks_on_purpose_is_found_out_after_all_that(
    sandbox: SandboxClient, tmp_path: Path
) -> None:
    clock = await MovedClock.at_next_monday(tmp_path, sandbox)
    entry = moved_clock.entry(LEAKY)
    async with deployed(sandbox.url, tmp_path, entry=entry, on=POSTGRESQL) as deployment:
        citizen, code = await come_back(deployment, sandbox, clock)
        assert missed(set(traces(deployment, citizen, code, "en")), deployment) == set()
