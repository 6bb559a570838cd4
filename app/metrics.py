"""What a watchdog of the operator's may ask: `/metrics` and `/healthz`, on loopback only.

Gauges of how the machine stands, looked up once a minute whatever happens, and never what
people do: nothing here changes when a report arrives, is read or is asked about. The
library's own metrics of the process are left out, as a second of CPU is a report being
sealed.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.settings import SettingRefused
from domain.desks.desk import NATIONAL
from scheduler.clock import Bells, Job
from storage.errors import StoreUnavailable

if TYPE_CHECKING:
    from app.wiring import House

METRICS: dict[str, str] = {
    "sauti_database_answers": "1 if the database answered at the last look.",
    "sauti_desks_without_reader": "Desks with a key that no member can read for.",
    "sauti_job_done_for_seconds": "The moment a job of the clock was last done for, not when.",
    "sauti_leader": "1 if this process rings the clock for all.",
    "sauti_looked_seconds": "When this process last looked, to the minute.",
    "sauti_national_desk_reads": "1 if a member can read for the national desk.",
    "sauti_outbox_overdue": "Messages overdue by a quarter of an hour, rounded up to fives.",
    "sauti_outbox_overdue_minutes": "How overdue the oldest is, in quarters of an hour.",
    "sauti_outbox_set_aside": "1 if a message failed again and again.",
    "sauti_updates_set_aside": "1 if an update was set aside since the start.",
}

EVERY = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
STEP = 5
JOB = "job"


@dataclass(slots=True, kw_only=True)
class Metrics:
    """`leads` and `updates_set_aside` ask the process; all else is asked of the stores."""

    house: "House"
    leads: Callable[[], Awaitable[bool]]
    updates_set_aside: Callable[[], int]
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    gauges: dict[str, Gauge] = field(init=False)
    looked: datetime | None = None

    def __post_init__(self) -> None:
        self.gauges = {
            name: Gauge(
                name,
                what,
                labelnames=(JOB,) if name == "sauti_job_done_for_seconds" else (),
                registry=self.registry,
            )
            for name, what in METRICS.items()
        }

    @property
    def job(self) -> Job:
        return Job(name="look", every=EVERY, run=self.look)

    async def look(self) -> None:
        """What the database knows stays as it was while the database is away."""
        now = self.house.clock.now()
        self._set("looked_seconds", now.replace(second=0, microsecond=0).timestamp())
        self._set("updates_set_aside", bool(self.updates_set_aside()))
        try:
            await self._look_at_stores(now)
        except StoreUnavailable:
            self._set("database_answers", 0)
            self._set("leader", 0)
        else:
            self._set("database_answers", 1)
        self.looked = now

    async def _look_at_stores(self, now: datetime) -> None:
        self._set("leader", await self.leads())
        async with self.house.stores.addresses() as addresses:
            stages = await addresses.outgoing.count()
            overdue, oldest = await addresses.outgoing.overdue(now - QUARTER)
        self._set("outbox_overdue", -(-overdue // STEP) * STEP)
        late = (now - oldest) // QUARTER * QUARTER if oldest else timedelta()
        self._set("outbox_overdue_minutes", late / EVERY)
        self._set("outbox_set_aside", bool(stages["aside"]))
        async with self.house.stores.cases() as cases:
            rung = await cases.bells.all()
            founded = {key.desk for key in await cases.staff.desk_keys()}
            staffed = await cases.staff.staffed()
        for job in self.house.bells():
            if job.name in rung:
                gauge = self.gauges["sauti_job_done_for_seconds"].labels(job.name)
                gauge.set(rung[job.name].timestamp())
        self._set("desks_without_reader", len(founded - staffed))
        self._set("national_desk_reads", NATIONAL in staffed)

    def _set(self, name: str, value: float) -> None:
        self.gauges[f"sauti_{name}"].set(value)

    def is_well(self) -> bool:
        """Whether it looked a moment ago, and the database answered."""
        fresh = self.looked is not None and self.house.clock.now() - self.looked < 3 * EVERY
        return fresh and self.registry.get_sample_value("sauti_database_answers") == 1

    def app(self) -> Starlette:
        return Starlette(
            routes=[Route("/metrics", self._metrics), Route("/healthz", self._healthz)]
        )

    async def _metrics(self, _: Request) -> Response:
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

    async def _healthz(self, _: Request) -> Response:
        if self.is_well():
            return PlainTextResponse("ok\n")
        return PlainTextResponse("not well\n", status_code=503)


class QuietServer(uvicorn.Server):
    """Leaves the signals to the bot, which stops it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def scraped(metrics: Metrics, listen: str) -> AsyncIterator[str]:
    """Looks and listens while the bot runs; gives its address. Port 0 takes a free one.
    Raises SettingRefused where it cannot listen there.
    """
    host, _, port = listen.rpartition(":")
    try:
        family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
        listening = socket.create_server((host.strip("[]"), int(port)), family=family)
    except OSError as why:
        message = f"SAUTI_METRICS_LISTEN: cannot listen on {listen}: {why.strerror}"
        raise SettingRefused(message) from None
    config = uvicorn.Config(metrics.app(), log_config=None, access_log=False, lifespan="off")
    server, bells = QuietServer(config), Bells((metrics.job,), metrics.house.log)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        await metrics.look()
        bells.start()
        yield f"http://{host}:{listening.getsockname()[1]}"
    finally:
        bells.stop()
        server.should_exit = True
        await serving
