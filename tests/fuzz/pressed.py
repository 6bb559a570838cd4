"""Who a press can come to: a citizen, somebody new, a moderator at their unlocked desk, and an
officer with a referral. Nothing that is pressed may show the one what is the other's.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from bot.dialogue.citizen import view
from bot.dialogue.heard import Pressed
from bot.dialogue.moderator.buttons import unlock_press
from bot.dialogue.screen import Screen
from crypto.custody import RootedCustody
from crypto.sealer import ReportSealer
from domain.referrals.referral import ReferralNumber
from domain.reports.topic import Topic
from tests.fakes.citizen_talk import Talk as CitizenTalk
from tests.fakes.citizen_talk import buttons_of
from tests.fakes.moderator_desk import NEW_SHARE, OTHER, PASSPHRASE, SECRET, SHARE, member, report
from tests.fakes.moderator_talk import Talk as ModeratorTalk
from tests.fakes.officer_talk import OfficerTalk
from tests.fakes.stores import MemoryStores
from tests.fakes.world import FakeEntropy
from tests.house import DEPLOYMENT, RECOVERY, ROOT, WORDS, House, Moderator
from tests.unit.test_officers import referred

MOST_PRESSES = 8
LONGEST_PRESS = 64
LONGEST_CARD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """An officer and their referral, once a process."""

    house: House
    stores: MemoryStores
    police: Moderator
    number: ReferralNumber
    hidden: tuple[str, ...]
    """What is the desk's and the citizen's."""


@cache
def _offices() -> Offices:
    return asyncio.run(_referred())


async def _referred() -> Offices:
    stores = MemoryStores()
    house = House(
        folder=Path("/nowhere"),
        stores=stores,  # type: ignore[arg-type] # the same ports, without a disk
        sealer=ReportSealer(root_public=ROOT.public, deployment_id=DEPLOYMENT),
        custody=RootedCustody(root_public=ROOT.public, recovery_public=RECOVERY.public),
        entropy=FakeEntropy(Random("offices")),
    )
    _, founding = await house.invite(founding=True)
    house.first = await house.enrolled(101, founding)
    police = await house.officer(7, "021/county_police")
    number = await referred(house)
    async with house.stores.cases() as cases:
        referral = await cases.referrals.get(number)
    assert referral is not None
    kept = await house.report(referral.report)
    hidden = (*WORDS, kept.ref, kept.locator)
    return Offices(house=house, stores=stores, police=police, number=number, hidden=hidden)


def seeds() -> list[bytes]:
    """What the cards of each hold, and some that follow one another."""
    number = _offices().number
    lines = (
        "review:send",
        "place:047",
        "own:answer:0",
        "stop:" + "A" * 43,
        "menu:report\ntopic:theft\nplace:047",
        "next\nopen:7KQ2M9\nwords:7KQ2M9:0\nclaim:7KQ2M9\nmove:7KQ2M9:in_progress",
        "why:7KQ2M9:no_action:not_ours\nrelease:7KQ2M9",
        f"pending:0\nletin:{OTHER.hex()}\ngrant:{OTHER.hex()}",
        "queue:any:late:mine:0\nstats\nlock\npassphrase",
        unlock_press(SHARE) + "\n" + unlock_press(NEW_SHARE),
        f"ack:{number}\ndone:{number}\nblock:{number}\nwant:{number}:fuel\nnotmine:{number}",
        "language:sw\nhelp\nlanguage:en\ncancel",
    )
    return [line.encode() for line in lines]


async def press(lines: list[str]) -> None:
    """A line after the other to each of them. A press that no card of ours has leaves every
    card standing.
    """
    presses = [Pressed(line[:LONGEST_PRESS]) for line in lines[:MOST_PRESSES]]
    for citizen in (CitizenTalk(), CitizenTalk.of_a_stranger()):
        for each in presses:
            await citizen.hears(each)
            _shown_well(citizen.screen(), citizen.sees(), citizen.buttons)
            assert view(citizen.state).paragraphs
    moderator = await _unlocked()
    for each in presses:
        seen = await moderator.hears(each)
        screen = moderator.screen()
        _shown_well(screen, seen, moderator.buttons)
        assert screen.opened or SECRET not in seen
        assert PASSPHRASE not in seen
    offices = _offices()
    officer = OfficerTalk(_branch(offices), offices.police)
    for each in presses:
        seen = await officer.hears(each)
        _shown_well(officer.screen(), seen, officer.buttons)
        assert not any(each in seen for each in offices.hidden)


def _shown_well(screen: Screen, seen: str, buttons: Callable[[], dict[str, str]]) -> None:
    assert 0 < len(seen) <= LONGEST_CARD
    assert all(buttons().values())
    assert all(0 < len(each.press.encode()) <= LONGEST_PRESS for each in buttons_of(screen))


async def _unlocked() -> ModeratorTalk:
    moderator = ModeratorTalk()
    moderator.office.keeps(report("7KQ2M9"), report("AAAAA1", topic=Topic.LAND, danger=True))
    moderator.office.has_newcomers(member(OTHER))
    await moderator.unlocks()
    return moderator


def _branch(offices: Offices) -> House:
    """With rows of its own: the presses of another input have not changed them."""
    return replace(offices.house, stores=offices.stores.branched())  # type: ignore[arg-type] # as above
