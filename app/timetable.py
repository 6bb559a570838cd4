"""When the product does what: what one process does by the second, and what one leader does
at moments of the clock. `docs/operations.md` says what each job is for.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.telegram.alarms import heeding
from bot.telegram.front import Front
from domain.followup.ask_again import AskAgain
from domain.followup.bells import Daily, Often, Weekly
from domain.ledger.batch import batch_leaves
from domain.moderation.expiry import release_claims
from domain.reports.retention import Retention
from domain.staff.renew import Renewing
from scheduler.clock import BellJob, Job
from scheduler.delivery import Delivery
from scheduler.mixing import Mixing
from scheduler.ringing import Ringing

if TYPE_CHECKING:
    from app.wiring import House

CODES_AHEAD = 4
"""Codes that lie ready, so that the review card comes at once."""


def jobs(house: "House", front: Front) -> tuple[Job, ...]:
    minute, notices = timedelta(minutes=1), house.notices()
    renewing = house.renewing()
    return (
        Job(name="expire-drafts", every=minute, run=front.citizens.expire),
        Job(name="vanish", every=timedelta(seconds=5), run=front.citizens.vanish),
        Job(name="lock-idle", every=timedelta(seconds=15), run=front.staff.lock_idle),
        Job(name="forget-chats", every=60 * minute, run=front.citizens.keeping.drop_expired),
        Job(
            name="mint-ahead",
            every=timedelta(seconds=5),
            run=lambda: house.sealer.mint_ahead(CODES_AHEAD),
        ),
        Job(
            name="renew-desk-keys",
            every=timedelta(seconds=10),
            run=partial(_renew_desk_keys, house, renewing),
        ),
        Job(name="welcome", every=timedelta(seconds=15), run=house.welcome().run),
        Job(name="notices", every=house.notice_every, run=notices.run),
        Job(name="sweep-mailboxes", every=60 * minute, run=notices.sweep),
    )


def errands(
    house: "House", ringing: Ringing, delivery: Delivery, stay: Callable[[], Awaitable[object]]
) -> tuple[Job, ...]:
    """What a process does for all: it leads the clock if no other does, and sends."""
    return (
        Job(name="ring", every=house.ring_every, run=ringing.ring_due),
        Job(name="deliver", every=house.deliver_every, run=delivery.run_once),
        Job(name="stay-alone", every=timedelta(seconds=15), run=stay),
    )


def bells(house: "House") -> tuple[BellJob, ...]:
    """What one leader does, whatever bots there are."""
    window, mailboxes, digests = house.settings.windows.bell, house.mailboxes(), house.digests()
    followers = house.followers()
    return (
        BellJob(name="remix", bell=Often(minutes=10, past=5), run=Mixing(stores=house.stores).run),
        BellJob(name="outbox-tidy", bell=_at(3, 10), run=lambda _: house.outbox().forget_done()),
        BellJob(name="release-claims", bell=_at(4, 10), run=partial(_release_claims, house)),
        BellJob(name="ask-again", bell=_at(4, 20), run=partial(_ask_again, house)),
        BellJob(name="forget-tombstones", bell=_at(4, 30), run=mailboxes.drop_expired),
        BellJob(name="forget-followers", bell=_at(4, 40), run=followers.drop_expired),
        BellJob(name="retention", bell=_at(4, 40), run=partial(_retention, house)),
        BellJob(name="batch-leaves", bell=_at(4, 50), run=partial(_batch_leaves, house)),
        BellJob(name="clocks", bell=_at(6, 0), run=house.chase().run),
        BellJob(name="daily-digest", bell=_at(7, 30), run=digests.daily),
        BellJob(name="weekly-digest", bell=Weekly(weekday=0, at=time(7, 30)), run=digests.weekly),
        BellJob(name="follow-up", bell=window, run=house.follow_up().run),
        BellJob(name="publish", bell=window, run=house.publisher().publish),
    )


def _at(hour: int, minute: int) -> Daily:
    return Daily(at=time(hour, minute))


async def _renew_desk_keys(house: "House", renewing: Renewing) -> None:
    made = await renewing.run()
    if made:
        house.log("desk.renewed", count=made)


async def _ask_again(house: "House", moment: datetime) -> int:
    ask_again = AskAgain(
        stores=house.stores,
        custody=house.custody,
        entropy=house.entropy,
        heed=heeding(house.log),
    )
    return await ask_again.run(moment)


async def _release_claims(house: "House", moment: datetime) -> int:
    return await release_claims(
        moment,
        stores=house.stores,
        custody=house.custody,
        calendar=house.calendar,
        clocks=house.clocks,
        entropy=house.entropy,
        heed=heeding(house.log),
    )


async def _retention(house: "House", moment: datetime) -> int:
    retention = Retention(
        stores=house.stores,
        custody=house.custody,
        clock=house.clock,
        clocks=house.clocks,
        entropy=house.entropy,
        heed=heeding(house.log),
    )
    return await retention.run(moment)


async def _batch_leaves(house: "House", moment: datetime) -> int:
    return await batch_leaves(moment, stores=house.stores, entropy=house.entropy)
