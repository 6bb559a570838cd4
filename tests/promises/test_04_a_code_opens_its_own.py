"""Promise 4: a code opens its own report and nothing else; every wrong path does the same work.

Work is counted, never timed: derivations, opens and statements.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from crypto import code as code_of_crypto
from crypto.code import Code, derive_root, parse
from crypto.sealer import TriedCode
from domain.ports.sealing import CodeRefused, Opened
from domain.reports.check import ReportExpired, ReportMissing
from domain.reports.report import Report
from tests.counted_work import Work, counted
from tests.house import DEPLOYMENT, House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def wrong_digits(house: House) -> str:
    code, _ = await house.sent()
    real = parse(code)
    return Code(locator=real.locator, digits=real.digits[::-1]).text


async def unknown_locator(house: House) -> str:
    await house.sent()
    return (await house.sealer.mint()).text


async def digits_of_another_report(house: House) -> str:
    (mine, _), (theirs, _) = await house.sent(), await house.sent()
    return Code(locator=parse(mine).locator, digits=parse(theirs).digits).text


async def wrong_digits_and_no_shred_key(house: House) -> str:
    typed = await wrong_digits(house)
    house.tamper("shreds", "DELETE FROM shred")
    return typed


async def a_deleted_row(house: House) -> str:
    code, _ = await house.sent()
    house.tamper("cases", "DELETE FROM report")
    return code


async def a_destroyed_shred_key(house: House) -> str:
    code, _ = await house.sent()
    house.tamper("shreds", "DELETE FROM shred")
    return code


async def an_expired_report(house: House) -> str:
    code, report = await house.sent()
    leave_a_tombstone(house, report)
    house.tamper("shreds", "DELETE FROM shred WHERE report = ?", report.id)
    house.tamper("cases", "DELETE FROM report WHERE id = ?", report.id)
    return code


async def a_report_that_is_just_expiring(house: House) -> str:
    """Its key is destroyed and its row is there still."""
    code, report = await house.sent()
    leave_a_tombstone(house, report)
    house.tamper("shreds", "DELETE FROM shred WHERE report = ?", report.id)
    return code


async def wrong_digits_of_an_expired_report(house: House) -> str:
    code = parse(await an_expired_report(house))
    return Code(locator=code.locator, digits=code.digits[::-1]).text


def leave_a_tombstone(house: House, report: Report) -> None:
    tombstone = "INSERT INTO tombstone VALUES (?, 'expired', '2026-11-01', x'')"
    house.tamper("cases", tombstone, report.intake_leaf)


Way = Callable[[House], Awaitable[str]]
REFUSED: tuple[Way, ...] = (
    wrong_digits,
    unknown_locator,
    digits_of_another_report,
    wrong_digits_and_no_shred_key,
    wrong_digits_of_an_expired_report,
)
EXPIRED: tuple[Way, ...] = (an_expired_report, a_report_that_is_just_expiring)
MISSING: tuple[Way, ...] = (a_deleted_row, a_destroyed_shred_key)


async def work_of(house: House, way: Way) -> Work:
    typed = await way(house)
    told = {CodeRefused: REFUSED, ReportExpired: EXPIRED, ReportMissing: MISSING}
    (expected,) = [refusal for refusal, ways in told.items() if way in ways]
    with counted(house) as work, pytest.raises(expected):
        await house.check(typed)
    return work


@pytest.mark.parametrize("way", REFUSED + EXPIRED + MISSING)
async def test_every_wrong_path_does_the_same_work(house: House, way: Way) -> None:
    work = await work_of(house, way)
    assert work.argon == 1
    assert work.opens == ["case_for_code"] * 2, "the shred wrap, and the one blob in it"
    assert work == await work_of(house, unknown_locator)


async def test_the_right_code_derives_once_too(house: House) -> None:
    code, _ = await house.sent()
    with counted(house) as work:
        await house.check(code)
    assert work.argon == 1
    assert work.opens == ["case_for_code"] * 2 + ["visits"]


async def test_a_build_that_answers_strangers_sooner_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = TriedCode.open

    def hasty(tried: TriedCode, report: Report | None, key: bytes | None, day: date) -> Opened:
        if report is None:
            raise CodeRefused
        return honest(tried, report, key, day)

    monkeypatch.setattr(TriedCode, "open", hasty)
    assert await work_of(house, wrong_digits) != await work_of(house, unknown_locator)


async def test_no_code_among_many_opens_anothers_report(house: House) -> None:
    sent = [await house.sent() for _ in range(6)]
    for number, (code, _) in enumerate(sent):
        tried = await house.sealer.try_code(house.sealer.read_code(code))
        for other, (_, report) in enumerate(sent):
            key = await house.shred_key(report.id)
            if other == number:
                assert tried.open(report, key, report.received).visits.count == 1
            else:
                with pytest.raises(CodeRefused):
                    tried.open(report, key, report.received)


def roots_of_one_guess() -> set[bytes]:
    """What one guess of the digits derives for reports of different locators."""
    codes = (Code(locator=each, digits="4821339055271064") for each in ("7K3F9", "7K3FA", "2B2B2"))
    return {derive_root(each, DEPLOYMENT) for each in codes}


def test_one_guess_of_the_digits_tests_one_report_only() -> None:
    assert len(roots_of_one_guess()) == 3


def test_a_build_that_salts_every_code_alike_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    alike = bytes(code_of_crypto.SALT_BYTES)
    monkeypatch.setattr(
        code_of_crypto, "Argon2id", lambda **given: Argon2id(**given | {"salt": alike})
    )
    assert len(roots_of_one_guess()) == 1


async def test_the_code_is_kept_nowhere_not_even_its_check_character(house: House) -> None:
    code, report = await house.sent()
    while code[5] == report.county[0]:  # the county's column comes after the locator's
        code, report = await house.sent()
    disk = house.files()
    assert report.locator.encode() in disk
    for part in (code[:6], *code.split("-"), parse(code).digits):
        assert part.encode() not in disk or len(part) < 6
