"""Days of a deployment in a real chat world: whoever reads unlocks, and the product does by itself
what it does, by its own jobs, bells and delivery.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.alone import CLOCK
from app.timetable import jobs
from scheduler.clock import Job
from scheduler.delivery import Delivery
from scheduler.pace import Pace
from scheduler.ringing import Ringing
from tests.chat_world import World
from tests.sandbox_client import Phone

LOOKED = {"notices", "sweep-mailboxes", "forget-chats", "lock-idle", "vanish"}
"""Jobs of the process; the bells ring too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    world: World
    reader: Phone
    looked: tuple[Job, ...]
    rings: Ringing
    delivery: Delivery

    async def look(self, at: datetime, *, unlocked: bool = False) -> int:
        """What the product finds to do at this moment, where it looks every few seconds. How
        many messages were delivered.
        """
        self.world.clock.moment = at
        if unlocked:
            await self.world.unlocked(self.reader)
        for job in self.looked:
            await job.run()
        await self.rings.ring_due()
        return await self.delivery.run_once()

    async def night(self, at: datetime) -> None:
        """A look before dawn, and one more: of what a night lets go the rows are written anew
        by the next `remix`.
        """
        for look in (at, at + timedelta(minutes=10)):
            await self.look(look)

    async def end(self) -> None:
        await self.rings.lead.leave()


async def days_of(world: World) -> Days:
    """One leader, and one sender, for as long as the world stands."""
    house = world.house
    delivery = house.delivery(world.line, world.front)
    delivery.pace = Pace(sleep=_at_once)
    looked = tuple(job for job in jobs(house, world.front) if job.name in LOOKED)
    assert len(looked) == len(LOOKED)
    return Days(
        world=world,
        reader=await world.moderator(),
        looked=looked,
        rings=house.ringing(house.lead(CLOCK)),
        delivery=delivery,
    )


async def _at_once(_: float) -> None: ...
