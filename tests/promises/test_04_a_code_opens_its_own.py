"""Promise 4: a code opens its own report and nothing else; every wrong path does the same work.

Work is counted, never timed: derivations, opens and statements.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from crypto import code as code_of_crypto
from crypto.code import Code, CodeRoot, derive_root, ledger_commitment, parse
from crypto.sealer import ReportSealer, TriedCode
from domain.ports.sealing import CodeRefused, FreshCode, Opened, Tried, TypedCode
from domain.reports.check import NO_REPORT, ReportExpired, ReportMissing, ReportWithdrawn
from domain.reports.draft import Draft
from domain.reports.report import ForumKey, Report, ReportId
from domain.reports.submit import Sent, submit
from storage.addresses import SqlShreds
from tests import house as a_house
from tests.counted_work import Work, counted
from tests.house import DEPLOYMENT, House


@pytest.fixture
def house(staffed_house: House) -> House:
    """On either database. How often a code is derived is counted, not how long it takes."""
    return staffed_house


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


async def a_withdrawn_report(house: House) -> str:
    code, report = await house.sent()
    proof = ledger_commitment(derive_root(parse(code), DEPLOYMENT))
    leave_a_tombstone(house, report, "withdrawn", proof)
    house.tamper("shreds", "DELETE FROM shred WHERE report = ?", report.id)
    house.tamper("cases", "DELETE FROM report WHERE id = ?", report.id)
    return code


def leave_a_tombstone(
    house: House, report: Report, ending: str = "expired", proof: bytes = b""
) -> None:
    tombstone = "INSERT INTO tombstone VALUES (?, ?, '2026-11-01', ?)"
    house.tamper("cases", tombstone, report.intake_leaf, ending, proof)


Way = Callable[[House], Awaitable[str]]
REFUSED: tuple[Way, ...] = (
    wrong_digits,
    unknown_locator,
    digits_of_another_report,
    wrong_digits_and_no_shred_key,
    wrong_digits_of_an_expired_report,
)
EXPIRED: tuple[Way, ...] = (an_expired_report, a_report_that_is_just_expiring)
WITHDRAWN: tuple[Way, ...] = (a_withdrawn_report,)
MISSING: tuple[Way, ...] = (a_deleted_row, a_destroyed_shred_key)


async def work_of(house: House, way: Way) -> Work:
    typed = await way(house)
    told = {
        CodeRefused: REFUSED,
        ReportExpired: EXPIRED,
        ReportWithdrawn: WITHDRAWN,
        ReportMissing: MISSING,
    }
    (expected,) = [refusal for refusal, ways in told.items() if way in ways]
    with counted(house) as work, pytest.raises(expected):
        await house.check(typed)
    return work


@pytest.mark.parametrize("way", REFUSED + EXPIRED + WITHDRAWN + MISSING)
async def test_every_wrong_path_does_the_same_work(house: House, way: Way) -> None:
    work = await work_of(house, way)
    assert work.argon == 1
    assert work.opens == ["case_for_code"] * 2, "the shred wrap, and the one blob in it"
    assert work.statements
    assert work == await work_of(house, unknown_locator)


async def test_the_right_code_derives_once_too(house: House) -> None:
    code, _ = await house.sent()
    with counted(house) as work:
        await house.check(code)
    assert work.argon == 1
    assert work.opens == ["case_for_code"] * 2 + ["visits"]


async def told_apart(house: House) -> set[str]:
    """By what kinds of work whoever counts tells a wrong code of a report from one of none."""
    known, unknown = await work_of(house, wrong_digits), await work_of(house, unknown_locator)
    kinds = (each.name for each in fields(Work))
    return {kind for kind in kinds if getattr(known, kind) != getattr(unknown, kind)}


async def test_a_build_that_answers_strangers_sooner_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = TriedCode.open

    def hasty(tried: TriedCode, report: Report | None, key: bytes | None, day: date) -> Opened:
        if report is None:
            raise CodeRefused
        return honest(tried, report, key, day)

    monkeypatch.setattr(TriedCode, "open", hasty)
    assert await told_apart(house) == {"opens"}


async def test_a_build_that_derives_for_known_locators_alone_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = ReportSealer.try_code

    async def looking_first(sealer: ReportSealer, code: TypedCode) -> Tried:
        if house.rows("cases", "SELECT 1 FROM report WHERE locator = ?", code.locator):
            return await honest(sealer, code)
        return TriedCode(CodeRoot(bytes(32)), sealer.dummy)

    monkeypatch.setattr(ReportSealer, "try_code", looking_first)
    assert await told_apart(house) == {"argon"}


async def test_a_build_that_asks_for_no_strangers_key_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = SqlShreds.get

    async def sparing(shreds: SqlShreds, report: ReportId) -> bytes | None:
        return None if report == NO_REPORT else await honest(shreds, report)

    monkeypatch.setattr(SqlShreds, "get", sparing)
    assert await told_apart(house) == {"statements"}


async def opened_by_others(house: House) -> list[tuple[int, int]]:
    """Of a few reports: whose code opened whose."""
    sent, opened = [await house.sent() for _ in range(6)], []
    for number, (code, _) in enumerate(sent):
        tried = await house.sealer.try_code(house.sealer.read_code(code))
        for other, (_, report) in enumerate(sent):
            with suppress(CodeRefused):
                tried.open(report, await house.shred_key(report.id), report.received)
                opened.append((number, other))
    assert {(number, number) for number in range(6)} <= set(opened), "nobody's code opens anything"
    return [(number, other) for number, other in opened if number != other]


async def test_no_code_among_many_opens_anothers_report(house: House) -> None:
    assert await opened_by_others(house) == []


async def test_a_build_that_seals_under_a_key_of_no_code_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("case_key", "visits_key"):
        monkeypatch.setattr(code_of_crypto, name, lambda _: house.keyring.newest.key)
    assert len(await opened_by_others(house)) == 6 * 5


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


async def kept_of_the_code(house: House) -> set[str]:
    """What of it lies on the disk, beside the locator."""
    code, report = await house.sent()
    while code[5] == report.county[0]:  # the county's column comes after the locator's
        code, report = await house.sent()
    disk = house.files()
    assert report.locator.encode() in disk
    parts = {"check character": code[:6], "digits": parse(code).digits, "code": code}
    return {name for name, part in parts.items() if part.encode() in disk}


async def test_the_code_is_kept_nowhere_not_even_its_check_character(house: House) -> None:
    assert await kept_of_the_code(house) == set()


@pytest.mark.parametrize(
    ("kept", "part"),
    [
        ("check character", lambda code: code[:6]),
        ("digits", lambda code: code.replace("-", "")[6:]),
    ],
)
@pytest.mark.also_on_postgresql
async def test_a_build_that_keeps_a_part_of_the_code_is_found_out(
    house: House,
    kept: str,
    part: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    async def telling(draft: Draft, code: FreshCode, **ports: Any) -> Sent:
        return await submit(replace(draft, forum=ForumKey(part(code.text))), code, **ports)

    monkeypatch.setattr(a_house, "submit", telling)
    assert await kept_of_the_code(house) == {kept}
    record_property("leak", f"keeps the codes {kept}")
