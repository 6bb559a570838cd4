"""The whole way of one report over HTTP: it goes in, the desk asks and passes on, an office
says that it is done, its writer hears in the window and not before, says that it is not
better, and the clock starts again; a follower hears once. Then the search of everything on
disk.
"""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest

from domain.desks.desk import DeskKey
from domain.followup.notices import LONGEST
from domain.places.county import CountyCode
from domain.reports.draft import Draft
from domain.reports.report import ReportId
from domain.reports.submit import submit
from domain.reports.topic import Topic
from domain.staff.member import Role
from tests.deployment import POSTGRESQL, SQLITE, Deployment, deployed
from tests.e2e import moved_clock
from tests.e2e.moved_clock import MovedClock
from tests.e2e.search import CITIZEN, LEAKY, SECRETS, missed, traces
from tests.e2e.story import Moderator, Words, begin, enrol, review, send, shows, write
from tests.sandbox_client import PATIENCE_SECONDS, Phone, SandboxClient, Seen

SAY = Words.of("en")
NEWS = SAY("notice.news")


NEIGHBOURS = 5
"""Reports that others send: fewer are not shown to anybody."""

SUMMARY = "A group moves boundary stones at night and threatens whoever complains."


async def come_back(
    deployment: Deployment, sandbox: SandboxClient, clock: MovedClock
) -> tuple[Phone, str]:
    """The writer's phone and the code.

    1. A report is sent, and its writer opts in; somebody else follows the county. 2. The desk
    takes it up, and news comes at the window, once. 3. The desk asks, and reads five others;
    of six the news comes the same day. 4. The writer answers, the desk passes on what it was
    told. 5. The office says that it is done. 6. The writer is asked in the window, and says it
    is not. 7. The clock has started again, and the follower has heard once.
    """
    await deployment.start()
    desk = await enrol(await sandbox.phone("Otieno"), SAY, await deployment.invite())
    officer = await accepts(await sandbox.phone("Kamau"), deployment)
    halima = await follows(await sandbox.phone("Halima"))
    nyawira = await sandbox.phone(**CITIZEN)
    await begin(nyawira, SAY, "en")
    await write(nyawira, SAY, *SECRETS["en"])
    code = await review(nyawira, SAY, topic="land", county="muranga")
    await allows_a_summary(nyawira)
    await send(nyawira, SAY)
    await checks(nyawira, code, SAY("standing.received"))
    await nyawira.press(SAY("button.tell_me"))
    await shows(nyawira, SAY.start("check.followed"))
    await nyawira.press(SAY("button.menu"))

    ref = await opened(desk)
    await moves(desk, ref, "in progress")
    await hears_in_the_window(deployment, nyawira, desk, clock, news=1)

    await next_morning(clock)
    await unlocks_again(desk)
    await claims_again(desk, ref)
    await desk.phone.send(f"/ask {ref} On which days does it happen?")
    await shows(desk.phone, SAY.start("moderator.asked"))
    await reads_neighbours(deployment, desk, clock)
    await until_one_waits(deployment)
    await passes_the_window(nyawira, clock, news=2)
    await begin(nyawira, SAY, "en")  # after 48 hours nothing is remembered of a chat
    await checks(nyawira, code, "1 question for you")
    await nyawira.press(SAY("button.answer"))
    await shows(nyawira, "On which days does it happen?")
    await nyawira.send(SECRETS["en"][1])
    await shows(nyawira, SAY("check.answered"))

    await unlocks_again(desk)
    number = await passes_on(desk, ref)
    await hears_in_the_window(deployment, nyawira, desk, clock, news=3)
    await halima.wait_for(lambda now: len(titled(now, "news.title")) == 1)
    await officer.wait_for(lambda now: any(SUMMARY in text for text in now.bot_texts()))

    await officer.send(f"/done {number} Two patrols, and the stones were put back")
    await shows(officer, SAY("officer.said_done"))
    await hears_in_the_window(deployment, nyawira, desk, clock, news=4)
    await begin(nyawira, SAY, "en")
    await checks(nyawira, code, SAY("state.claimed_resolved"))
    before = since(await nyawira.see())
    await nyawira.press(SAY("button.not_better"))
    assert since(await shows(nyawira, SAY("state.disputed"))) != before
    assert len(titled(await halima.see(), "news.title")) == 1, "a follower hears once"
    await desk.phone.send("/lock")
    await desk.phone.wait_for(lambda now: all(ref not in text for text in now.texts()))
    await deployment.stop()
    return nyawira, code


async def accepts(phone: Phone, deployment: Deployment) -> Phone:
    seat = DeskKey("021/county_commissioner")
    await phone.send(f"/start {await deployment.invite(seat, Role.OFFICER)}")
    await phone.press(SAY("button.accept"))
    await shows(phone, SAY("officer.enrolled"))
    return phone


async def follows(phone: Phone) -> Phone:
    await begin(phone, SAY, "en")
    await phone.send("/follow theft in muranga")
    await phone.wait_for(lambda now: any("Murang'a" in text for text in now.bot_texts()))
    return phone


async def allows_a_summary(phone: Phone) -> None:
    """From the review card and back to it."""
    await phone.press(SAY("button.more"))
    await phone.press(SAY("button.how_far"))
    await phone.press(SAY("how_far.summary"))
    for _ in range(2):
        await phone.press(SAY("button.back"))
    await shows(phone, SAY.start("review.not_sent"))


async def reads_neighbours(deployment: Deployment, desk: Moderator, clock: MovedClock) -> None:
    """Five reports of others come in, and each is read."""
    async with deployment.house(clock) as house:
        for number in range(NEIGHBOURS):
            draft = Draft(
                nonce=ReportId(house.entropy.token(16)),
                words=(f"A neighbour was robbed, number {number}.",),
                topic=Topic.THEFT,
                county=CountyCode("021"),
            )
            await submit(
                draft,
                await house.sealer.mint(),
                stores=house.stores,
                sealer=house.sealer,
                clock=clock,
                entropy=house.entropy,
            )
    for _ in range(NEIGHBOURS):
        await opens_another(desk.phone)


async def opens_another(phone: Phone) -> None:
    before = (await phone.last())["text"]

    def is_another(now: Seen) -> bool:
        text = now.last()["text"]
        return "A neighbour was robbed" in text and text != before

    await phone.send("/next")
    await phone.wait_for(is_another)


async def passes_on(desk: Moderator, ref: str) -> str:
    """The office's number for it."""
    await desk.phone.send(f"/refer {ref} county_commissioner")
    await shows(desk.phone, SAY.start("moderator.refer_write"))
    await desk.phone.send(SUMMARY)
    await desk.phone.press(SAY("moderator.button_pass_on"))
    seen = await shows(desk.phone, "Passed on to County Commissioner, as ")
    found = re.search(r"as ([0-9A-Z]{6})\b", seen.last()["text"])
    assert found, seen.as_text()
    return found.group(1)


def titled(seen: Seen, key: str) -> list[str]:
    return [text for text in seen.bot_texts() if SAY(key) in text]


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
    """With so few reports a notice is written on the fourth day, when somebody unlocks; it
    leaves at six. `news`: how many the phone has had by then.
    """
    await clock.moves_to((clock.now() + LONGEST).replace(hour=10, minute=0))
    await unlocks_again(desk)
    await until_one_waits(deployment)
    await passes_the_window(phone, clock, news=news)


async def claims_again(desk: Moderator, ref: str) -> None:
    """What nobody touched for three working days went back to the queue."""
    await desk.phone.send(f"/claim {ref}")
    await shows(desk.phone, SAY("moderator.claimed"))


async def next_morning(clock: MovedClock) -> None:
    await clock.moves_to((clock.now() + timedelta(days=1)).replace(hour=10, minute=0))


async def passes_the_window(phone: Phone, clock: MovedClock, *, news: int) -> None:
    await clock.moves_to(clock.now().replace(hour=17, minute=59))
    assert len(of_news(await phone.see())) == news - 1, "it left before the window"
    await clock.moves_to(clock.now().replace(hour=18, minute=1))
    await phone.wait_for(lambda now: len(of_news(now)) == news)


def of_news(seen: Seen) -> list[str]:
    return [text for text in seen.bot_texts() if NEWS in text]


async def until_one_waits(deployment: Deployment) -> None:
    """In the outbox; nothing tells of it but the row."""
    query = "SELECT count(*) FROM {addresses}outgoing WHERE stage = 'waiting' AND kind = 'notice'"
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
