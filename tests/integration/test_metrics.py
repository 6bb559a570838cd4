"""What a watchdog may ask: scraped from a real port, and blind to what people do."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from app.metrics import METRICS, Metrics, scraped
from app.settings import SettingRefused
from domain.desks.desk import NATIONAL
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.ports.chat import Language
from domain.ports.stores import Wanted
from storage.errors import StoreUnavailable
from tests.chat_world import SAY, World, a_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as made:
        yield made


def watching(world: World, *, set_aside: int = 0) -> Metrics:
    async def leads() -> bool:
        return True

    return Metrics(house=world.house, leads=leads, updates_set_aside=lambda: set_aside)


def shown(metrics: Metrics) -> dict[str, float]:
    families = text_string_to_metric_families(generate_latest(metrics.registry).decode())
    return {each.name: sample.value for each in families for sample in each.samples}


async def test_it_is_scraped_from_a_real_port_and_says_what_is_on_the_list(world: World) -> None:
    metrics = watching(world)
    async with scraped(metrics, "127.0.0.1:0") as url, httpx.AsyncClient() as client:
        answer = await client.get(f"{url}/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        names = {each.name for each in text_string_to_metric_families(answer.text)}
        assert names == METRICS.keys(), "nothing of the process, and nothing unnamed"
        health = await client.get(f"{url}/healthz")
        assert (health.status_code, health.text) == (200, "ok\n")
        world.clock.passes(hours=1)
        assert (await client.get(f"{url}/healthz")).status_code == 503
        assert (await client.get(url)).status_code == 404
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{url}/healthz")


async def test_a_port_that_is_taken_is_one_clear_line(world: World) -> None:
    async with scraped(watching(world), "127.0.0.1:0") as url:
        with pytest.raises(SettingRefused, match="SAUTI_METRICS_LISTEN"):
            async with scraped(watching(world), url.removeprefix("http://")):
                pass


async def test_a_whole_report_changes_no_metric(world: World) -> None:
    """Sent, followed, read, asked about, answered, passed on, taken up and looked at again."""
    metrics = watching(world)
    otieno = await world.moderator()
    wambui = await world.officer("021/county_commissioner")
    amina = await world.citizen()
    await metrics.look()
    before = generate_latest(metrics.registry)
    code = await world.reviewing(amina, "They came at night")
    for button in ("button.more", "button.how_far", "how_far.summary", "button.back"):
        await world.taps(amina, SAY(button))
    for button in ("button.back", "button.send", "button.written"):
        await world.taps(amina, SAY(button))
    await metrics.look()
    assert generate_latest(metrics.registry) == before, "sent"
    await world.says(amina, code)
    await world.taps(amina, SAY("button.tell_me"))
    await world.opened(otieno)
    await world.says(otieno, "/ask On which days?")
    await world.says(amina, code)
    await world.taps(amina, SAY("button.answer"))
    await world.says(amina, "On Fridays")
    await world.house.notices().run()
    await metrics.look()
    assert generate_latest(metrics.registry) == before, "followed, read, asked and answered"
    async with world.house.stores.cases() as cases:
        (report,) = await cases.reports.waiting(Wanted(desks=frozenset({NATIONAL})), limit=2)
    await world.says(otieno, f"/refer {report.ref} county_commissioner")
    await world.says(otieno, "Thefts at night by the bridge.")
    await world.taps(otieno, SAY("moderator.button_pass_on"))
    async with world.house.stores.cases() as cases:
        (referral,) = await cases.referrals.of(report.id)
    await metrics.look()
    assert generate_latest(metrics.registry) == before, "passed on, and waiting for its window"
    await world.says(wambui, f"/ack {referral.number}")
    async with world.house.stores.cases() as cases:
        assert (await cases.referrals.of(report.id)) != (referral,), "the office took it up"
    await world.says(amina, code)
    await metrics.look()
    assert generate_latest(metrics.registry) == before, "passed on, taken up and looked at"


async def test_what_is_wrong_shows(world: World) -> None:
    metrics = watching(world, set_aside=3)
    await metrics.look()
    well = shown(metrics)
    assert well["sauti_national_desk_reads"] == 1
    assert well["sauti_outbox_overdue"] == 0
    assert well["sauti_updates_set_aside"] == 1, "not how many"
    outbox = world.house.outbox()
    await outbox.post(
        [
            Message(
                subject=outbox.subject(chat),
                kind=MessageKind.FOLLOW_UP,
                anchor="today",
                due=world.clock.now(),
                to=Addressee(chat=chat, language=Language.ENGLISH),
                facts={},
            )
            for chat in range(6)
        ]
    )
    await metrics.look()
    assert shown(metrics)["sauti_outbox_overdue"] == 0, "not overdue yet"
    world.clock.passes(minutes=50)
    await world.revoked()
    async with world.house.stores.cases() as cases:
        await cases.bells.record("remix", world.clock.now())
        await cases.commit()
    await metrics.look()
    ill = shown(metrics)
    assert ill["sauti_outbox_overdue"] == 10, "six, rounded up"
    assert ill["sauti_outbox_overdue_minutes"] == 45
    assert ill["sauti_job_done_for_seconds"] == world.clock.now().timestamp()
    assert ill["sauti_national_desk_reads"] == 0
    assert ill["sauti_desks_without_reader"] == 1


async def test_a_database_that_is_away_is_said_and_ends_nothing(world: World) -> None:
    async def nobody_knows() -> bool:
        raise StoreUnavailable

    metrics = watching(world)
    await metrics.look()
    assert metrics.is_well()
    metrics.leads = nobody_knows
    await metrics.look()
    assert not metrics.is_well()
    assert shown(metrics)["sauti_database_answers"] == 0
    assert shown(metrics)["sauti_leader"] == 0
