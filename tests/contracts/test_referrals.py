"""Referrals: each found by its number and its report, changed by compare and swap."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.offices.office import OfficeKey
from domain.ports.stores import Changed, Stores
from domain.referrals.referral import Referral, ReferralNumber, ReferralState
from domain.reports.report import ReportId
from tests.contracts.samples import MONDAY, number


def a_referral(**different: Any) -> Referral:
    mark = int.from_bytes(number(4), "big")
    values: dict[str, Any] = {
        "number": ReferralNumber(f"N{mark:05}"),
        "report": ReportId(number(16)),
        "office": OfficeKey("county_police"),
        "place": "021",
        "sent": MONDAY,
        "since": MONDAY,
    }
    return Referral(**(values | different))


async def kept(stores: Stores, *referrals: Referral) -> None:
    async with stores.cases() as cases:
        for referral in referrals:
            await cases.referrals.add(referral)
        await cases.commit()


async def test_a_referral_comes_back_as_it_was(stores: Stores) -> None:
    referral = a_referral(
        state=ReferralState.DONE, detail="fuel", nudges=2, proof=b"sealed \x00 to the desk"
    )
    await kept(stores, referral)
    async with stores.cases() as cases:
        assert await cases.referrals.get(referral.number) == referral
        assert await cases.referrals.of(referral.report) == [referral]
        assert await cases.referrals.get(ReferralNumber("ZZZZZZ")) is None


async def test_a_number_is_given_once(stores: Stores) -> None:
    referral = a_referral()
    await kept(stores, referral)
    async with stores.cases() as cases:
        with pytest.raises(Changed):
            await cases.referrals.add(a_referral(number=referral.number))


async def test_what_is_over_is_not_live_and_the_oldest_comes_first(stores: Stores) -> None:
    by_state = [
        a_referral(state=state, sent=MONDAY - timedelta(days=day))
        for day, state in enumerate(ReferralState)
    ]
    await kept(stores, *by_state)
    async with stores.cases() as cases:
        live = await cases.referrals.live()
    assert [each.state for each in live] == [
        ReferralState.DONE,
        ReferralState.BLOCKED,
        ReferralState.TAKEN,
        ReferralState.SENT,
    ]


async def test_a_change_is_made_once(stores: Stores) -> None:
    before = a_referral()
    after = replace(before, state=ReferralState.TAKEN, nudges=1)
    await kept(stores, before, a_referral())
    async with stores.cases() as cases:
        await cases.referrals.replace(before, after)
        await cases.commit()
    async with stores.cases() as cases:
        with pytest.raises(Changed):
            await cases.referrals.replace(before, replace(before, state=ReferralState.DONE))
        assert await cases.referrals.get(before.number) == after
