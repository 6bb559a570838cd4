"""An officer's proof of what was done, as whoever reads the report sees it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.dialogue.moderator.dialogue import pages_of
from bot.dialogue.moderator.pages import ROOM
from bot.dialogue.screen import Screen
from bot.texts.catalogue import TAG
from domain.moderation.answers import OpenedReport
from domain.ports.chat import Language
from domain.ports.sealing import EnvelopeLost
from domain.referrals.desk import MOST_PROOF
from domain.reports.state import State
from tests.fakes.citizen_talk import written
from tests.house import House, Moderator, a_house
from tests.spoken import LANGUAGES
from tests.unit.test_officers import CHAT, PROOF, kept, referred


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.unlock(house.neighbour)
        yield house


@pytest.fixture
async def police(house: House) -> Moderator:
    return await house.officer(CHAT, "021/county_police")


async def opened(house: House, police: Moderator, proof: str = PROOF) -> OpenedReport:
    """By the desk, after the office said it is done."""
    number = await referred(house)
    await house.officer_desk(police).done(number, proof)
    _, report = await kept(house, number)
    return await house.desk(house.neighbour).open(report.ref)


def last_page(report: OpenedReport, language: Language) -> str:
    return written(Screen(paragraphs=pages_of(report)[-1]), language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_desk_reads_the_proof_below_the_report_with_its_number_and_day(
    house: House, police: Moderator, language: Language
) -> None:
    report = await opened(house, police)
    (proof,) = report.proofs
    seen = last_page(report, language)
    assert report.line.report.state is State.CLAIMED_RESOLVED
    assert seen.endswith(PROOF)
    assert proof.number in seen.removesuffix(PROOF)
    assert len(TAG.sub("", seen.removesuffix(PROOF).splitlines()[-1])) <= 48


async def test_the_longest_proof_leaves_no_page_too_long(house: House, police: Moderator) -> None:
    report = await opened(house, police, "done " * (MOST_PROOF // 5))
    full = replace(report, words=replace(report.words, messages=("word " * (ROOM // 5),)))
    assert [len(page) for page in pages_of(full)] == [1, 2]


async def test_what_somebody_wrote_into_its_place_is_no_proof(
    house: House, police: Moderator
) -> None:
    report = await opened(house, police)
    house.tamper("cases", "UPDATE referral SET proof = ?", b"forged")
    with pytest.raises(EnvelopeLost):
        await house.desk(house.neighbour).open(report.line.report.ref)


async def test_an_office_that_has_it_again_has_proved_nothing_yet(
    house: House, police: Moderator
) -> None:
    report = (await opened(house, police)).line.report
    assert len((await house.desk(house.neighbour).open(report.ref)).proofs) == 1
    async with house.stores.cases() as cases:
        (referral,) = await cases.referrals.of(report.id)
        await cases.referrals.replace(referral, replace(referral, proof=b""))
        await cases.commit()
    assert (await house.desk(house.neighbour).open(report.ref)).proofs == ()
