"""What is sealed on intake: by public keys, of one size, in its own place."""

from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from crypto.code import parse
from crypto.sealer import ReportSealer, certified
from domain.ports.sealing import CodeRefused, EnvelopeLost, KeyRefused
from domain.reports.report import Report, SealedReport
from tests.house import DEPLOYMENT, ROOT, House, a_house

TODAY = date(2026, 11, 2)
ENVELOPES = tuple(field.name for field in fields(SealedReport))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def test_every_envelope_says_its_version_first(house: House) -> None:
    _, report = await house.sent()
    for envelope in (*(getattr(report.sealed, name) for name in ENVELOPES), report.visits):
        assert envelope[0] == 1


async def test_the_same_words_sealed_twice_have_nothing_in_common(house: House) -> None:
    (_, one), (_, other) = await house.sent(), await house.sent()
    for name in ENVELOPES:
        first, second = getattr(one.sealed, name), getattr(other.sealed, name)
        assert len(first) == len(second)
        assert not {first[at : at + 8] for at in range(1, len(first) - 8)} & {
            second[at : at + 8] for at in range(1, len(second) - 8)
        }


@pytest.mark.parametrize("name", ENVELOPES)
async def test_an_envelope_of_one_report_does_not_open_in_another(house: House, name: str) -> None:
    """Not even with its own shred key, which whoever writes to the shreds can bring along."""
    (code, mine), (_, theirs) = await house.sent(), await house.sent()
    session = await house.unlock(house.neighbour)
    tried = await house.sealer.try_code(house.sealer.read_code(code))

    def open_all(report: Report, key: bytes) -> None:
        session.words(report, key)
        session.case(report, key)
        tried.open(report, key, TODAY)

    keys = (await house.shred_key(mine.id), await house.shred_key(theirs.id))
    open_all(mine, keys[0])
    forged = replace(mine, sealed=replace(mine.sealed, **{name: getattr(theirs.sealed, name)}))
    for key in keys:
        with pytest.raises((EnvelopeLost, CodeRefused)):
            open_all(forged, key)


async def test_the_desk_and_the_code_reach_the_same_secret(house: House) -> None:
    code, report = await house.sent()
    key = await house.shred_key(report.id)
    tried = await house.sealer.try_code(house.sealer.read_code(code))
    opened = tried.open(report, key, TODAY)
    session = await house.unlock(house.neighbour)
    assert opened.case == session.case(report, key)


async def test_a_code_of_another_deployment_opens_nothing(house: House) -> None:
    code, report = await house.sent()
    elsewhere = ReportSealer(root_public=ROOT.public, deployment_id=DEPLOYMENT[::-1])
    tried = await elsewhere.try_code(elsewhere.read_code(code))
    with pytest.raises(CodeRefused):
        tried.open(report, await house.shred_key(report.id), TODAY)


async def test_a_key_believed_once_is_not_believed_for_another_desk(house: House) -> None:
    """What was checked before is remembered: by all its bytes, not by the key alone."""
    async with house.stores.cases() as cases:
        keys = {key.desk: key for key in await cases.staff.desk_keys()}
    national, county = keys.values()
    for desk in (national, county):
        certified(desk, ROOT.public)
    for changed in (
        replace(national, desk=county.desk),
        replace(national, generation=2),
        replace(national, public=county.public),
        replace(national, certificate=county.certificate),
    ):
        with pytest.raises(KeyRefused):
            certified(changed, ROOT.public)
    with pytest.raises(KeyRefused):
        certified(national, bytes(32))


async def test_codes_minted_ahead_are_each_given_once(house: House) -> None:
    await house.sealer.mint_ahead(3)
    await house.sealer.mint_ahead(2)
    assert len(house.sealer.ready) == 3
    assert len({(await house.sealer.mint()).text for _ in range(4)}) == 4


async def test_no_secret_shows_when_a_value_is_printed(house: House) -> None:
    code = await house.sealer.mint()
    tried = await house.sealer.try_code(house.sealer.read_code(code.text))
    printed = f"{code!r} {tried!r} {house.sealer!r} {house.sealer.read_code(code.text)!r}"
    for secret in (code.text, code.locator, parse(code.text).digits, str(code.commitment)):
        assert secret not in printed
