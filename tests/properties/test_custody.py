"""Whatever bit is changed in what custody keeps, nothing opens and nobody is believed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.custody import LINK_PREFIX, RootedCustody, new_invite
from domain.desks.desk import NATIONAL
from domain.ports.sealing import Enrolled, InviteRefused, KeyRefused, PassphraseRefused
from domain.staff.member import DeskCopy, DeskPublic, MemberId, Role
from tests.fakes.world import MONDAY
from tests.house import RECOVERY, ROOT

TODAY = MONDAY.date()
CUSTODY = RootedCustody(root_public=ROOT.public, recovery_public=RECOVERY.public)
STORED = ("certificate", "wrapped_seed", "copy", "standing", "public", "desk_certificate")
PLACES = st.integers(0, 2**20)
BITS = st.integers(0, 7)
MANY = settings(deadline=None, max_examples=150)


@pytest.fixture(scope="module")
def founder() -> Enrolled:
    invite, payload = new_invite(
        ROOT, role=Role.MODERATOR, desk=NATIONAL, founding=True, expires=TODAY
    )
    seed = CUSTODY.read_invite(payload)
    enrolled = CUSTODY.enrol(invite, seed, MemberId(b"m" * 16), TODAY, found=True)
    return asyncio.run(enrolled)


def flipped(whole: bytes, place: int, bit: int) -> bytes:
    at = place % len(whole)
    return whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]


def unlock(founder: Enrolled, **parts: bytes) -> frozenset[str]:
    """The desks that open with what is stored, some of it changed."""
    member, (copy, _), public = founder.member, founder.copies, founder.founded
    assert public is not None
    stored: dict[str, bytes] = {
        "certificate": member.certificate,
        "wrapped_seed": member.wrapped_seed,
        "copy": copy.sealed,
        "standing": copy.standing,
        "public": public.public,
        "desk_certificate": public.certificate,
    } | parts
    changed = replace(
        member, certificate=stored["certificate"], wrapped_seed=stored["wrapped_seed"]
    )
    key = DeskPublic(
        desk=NATIONAL,
        generation=1,
        public=stored["public"],
        certificate=stored["desk_certificate"],
    )
    mine: DeskCopy = replace(copy, sealed=stored["copy"], standing=stored["standing"])
    halves = (founder.passphrase, founder.share)
    session = asyncio.run(CUSTODY.unlock(changed, *halves, (key,), (mine,)))
    return session.desks


def test_unchanged_it_opens(founder: Enrolled) -> None:
    assert unlock(founder) == {NATIONAL}


@MANY
@given(part=st.sampled_from(STORED), place=PLACES, bit=BITS)
def test_one_bit_anywhere_and_nothing_opens(
    founder: Enrolled, part: str, place: int, bit: int
) -> None:
    whole = {
        "certificate": founder.member.certificate,
        "wrapped_seed": founder.member.wrapped_seed,
        "copy": founder.copies[0].sealed,
        "standing": founder.copies[0].standing,
        "public": founder.founded.public if founder.founded else b"",
        "desk_certificate": founder.founded.certificate if founder.founded else b"",
    }[part]
    with pytest.raises((KeyRefused, PassphraseRefused)):
        unlock(founder, **{part: flipped(whole, place, bit)})


@MANY
@given(part=st.sampled_from(STORED), junk=st.binary(max_size=200))
def test_junk_anywhere_and_nothing_opens(founder: Enrolled, part: str, junk: bytes) -> None:
    with pytest.raises((KeyRefused, PassphraseRefused)):
        unlock(founder, **{part: junk})


@MANY
@given(text=st.text(max_size=60))
def test_no_text_but_a_link_is_read_as_an_invite(text: str) -> None:
    for payload in (text, LINK_PREFIX + text):
        try:
            seed = CUSTODY.read_invite(payload)
        except InviteRefused:
            continue
        assert payload.startswith(LINK_PREFIX)
        assert len(seed) == 32


@settings(deadline=None, max_examples=40)
@given(late=st.integers(-30, 30), place=PLACES, bit=BITS)
def test_an_invite_enrols_to_its_last_day_and_only_unchanged(
    late: int, place: int, bit: int
) -> None:
    invite, payload = new_invite(
        ROOT, role=Role.MODERATOR, desk=NATIONAL, founding=False, expires=TODAY
    )
    seed, day = CUSTODY.read_invite(payload), TODAY + timedelta(days=late)
    forged = replace(invite, certificate=flipped(invite.certificate, place, bit))
    for given_invite, believed in ((invite, late <= 0), (forged, False)):
        enrolling = CUSTODY.enrol(given_invite, seed, MemberId(b"n" * 16), day, found=False)
        if believed:
            assert asyncio.run(enrolling).copies == ()
        else:
            with pytest.raises(InviteRefused):
                asyncio.run(enrolling)
