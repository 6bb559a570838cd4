"""Who may open what, as somebody would who forges links and swaps rows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crypto import xwing
from crypto.custody import RootedCustody, new_invite
from crypto.session import copy_context
from crypto.signing import SigningKey
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.sealing import InviteRefused, KeyRefused, PassphraseRefused, Session
from domain.staff.member import DeskCopy, DeskPublic, Invite, MemberId, Role
from tests.fakes.world import MONDAY
from tests.house import COUNTY_DESK, RECOVERY, ROOT, House, Moderator, a_house

TODAY = MONDAY.date()
NEWCOMER = MemberId(b"newcomer" * 2)
CUSTODY = RootedCustody(root_public=ROOT.public, recovery_public=RECOVERY.public)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


def invited(root: SigningKey = ROOT, **change: Any) -> tuple[Invite, bytes]:
    """An invite and the seed of its link."""
    asked: dict[str, Any] = {
        "role": Role.MODERATOR,
        "desk": NATIONAL,
        "founding": True,
        "expires": TODAY,
    }
    invite, payload = new_invite(root, **(asked | change))
    return invite, CUSTODY.read_invite(payload)


async def unlock(house: House, moderator: Moderator, **change: Any) -> Session:
    """With what is stored, but for what somebody changed."""
    async with house.stores.cases() as cases:
        given: dict[str, Any] = {
            "member": await cases.staff.member(moderator.id),
            "passphrase": moderator.passphrase,
            "share": moderator.share,
            "keys": tuple(await cases.staff.desk_keys()),
            "copies": tuple(await cases.staff.copies(moderator.id)),
        }
    return await CUSTODY.unlock(**(given | change))


async def copies(house: House, moderator: Moderator | None) -> tuple[DeskCopy, ...]:
    async with house.stores.cases() as cases:
        return tuple(await cases.staff.copies(moderator.id if moderator else None))


async def keys(house: House) -> dict[DeskKey, DeskPublic]:
    async with house.stores.cases() as cases:
        return {key.desk: key for key in await cases.staff.desk_keys()}


@pytest.mark.parametrize(
    "payload",
    [
        *("", "m-", "m-short", "f-embu-2025-05"),
        *("x-" + "A" * 43, "M-" + "A" * 43, " m-" + "A" * 43),
        *("m-" + "A" * 44, "m-" + "A" * 42 + "!", "m-" + "A" * 42 + "=", "m-" + "é" * 43),
    ],
)
def test_what_is_no_invite_is_refused(payload: str) -> None:
    with pytest.raises(InviteRefused):
        CUSTODY.read_invite(payload)


def test_a_link_carries_the_seed_that_answers_the_invite() -> None:
    invite, seed = invited()
    assert CUSTODY.invite_id(seed) == invite.id
    assert seed not in invite.certificate


@pytest.mark.parametrize(
    "forged",
    [
        {"root": SigningKey.generate()},
        {"expires": TODAY - timedelta(days=1)},
    ],
)
async def test_a_forged_or_expired_invite_enrols_nobody(forged: dict[str, Any]) -> None:
    invite, seed = invited(**forged)
    with pytest.raises(InviteRefused):
        await CUSTODY.enrol(invite, seed, NEWCOMER, TODAY, found=True)


@pytest.mark.parametrize(
    "change",
    [
        {"desk": COUNTY_DESK},
        {"role": Role.OFFICER},
        {"founding": False},
        {"certificate": invited()[0].certificate},
        {"certificate": b""},
    ],
)
async def test_an_invite_for_another_desk_or_role_than_was_signed_is_refused(
    change: dict[str, Any],
) -> None:
    invite, seed = invited()
    with pytest.raises(InviteRefused):
        await CUSTODY.enrol(replace(invite, **change), seed, NEWCOMER, TODAY, found=True)


async def test_an_invite_to_join_founds_nothing_whatever_its_row_says() -> None:
    invite, seed = invited(founding=False)
    with pytest.raises(InviteRefused):
        await CUSTODY.enrol(replace(invite, founding=True), seed, NEWCOMER, TODAY, found=True)
    assert (await CUSTODY.enrol(invite, seed, NEWCOMER, TODAY, found=False)).copies == ()


@pytest.mark.parametrize("found", [True, False])
async def test_no_officer_founds_a_desk(*, found: bool) -> None:
    """Not even with an invite that the root signed."""
    invite, seed = invited(role=Role.OFFICER, founding=True)
    with pytest.raises(InviteRefused):
        await CUSTODY.enrol(invite, seed, NEWCOMER, TODAY, found=found)


async def test_a_stretched_date_in_the_row_does_not_lengthen_an_invite() -> None:
    invite, seed = invited(expires=TODAY)
    stretched = replace(invite, expires=TODAY + timedelta(days=99))
    with pytest.raises(InviteRefused):
        await CUSTODY.enrol(stretched, seed, NEWCOMER, TODAY + timedelta(days=1), found=True)


async def test_who_does_not_found_gets_no_key_and_no_copy() -> None:
    invite, seed = invited()
    enrolled = await CUSTODY.enrol(invite, seed, NEWCOMER, TODAY, found=False)
    assert (enrolled.founded, enrolled.copies) == (None, ())


async def test_both_halves_are_needed_to_unlock(house: House) -> None:
    first, second = house.first, house.second
    for passphrase, share in (
        (second.passphrase, first.share),
        (first.passphrase, second.share),
        (first.passphrase, bytes(32)),
        (first.passphrase, b""),
        ("", first.share),
    ):
        with pytest.raises(PassphraseRefused):
            await unlock(house, first, passphrase=passphrase, share=share)
    sloppy = first.passphrase.upper().replace(" ", " - ")
    assert (await unlock(house, first, passphrase=sloppy)).desks == {NATIONAL}


async def test_another_members_row_does_not_open_with_ones_own_halves(house: House) -> None:
    mine, theirs = await house.member(house.first), await house.member(house.second)
    with pytest.raises(PassphraseRefused):
        await unlock(house, house.first, member=theirs)
    for swapped in (
        replace(mine, id=theirs.id),
        replace(mine, wrapped_seed=theirs.wrapped_seed),
        replace(mine, wrapped_seed=b""),
        replace(mine, wrapped_seed=b"\2" + mine.wrapped_seed[1:]),
    ):
        with pytest.raises(PassphraseRefused):
            await unlock(house, house.first, member=swapped)


async def test_a_certificate_of_another_or_of_another_root_is_refused(house: House) -> None:
    mine, theirs = await house.member(house.first), await house.member(house.second)
    for certificate in (theirs.certificate, b"", mine.certificate[:-1]):
        with pytest.raises(KeyRefused):
            await unlock(house, house.first, member=replace(mine, certificate=certificate))
    elsewhere = RootedCustody(
        root_public=SigningKey.generate().public, recovery_public=RECOVERY.public
    )
    with pytest.raises(KeyRefused):
        await elsewhere.unlock(mine, house.first.passphrase, house.first.share, (), ())


async def test_a_certificate_of_ones_own_name_but_other_keys_is_refused() -> None:
    """The same invite, used twice for the same id: each certificate is true by itself."""
    invite, seed = invited()
    one, twin = [await CUSTODY.enrol(invite, seed, NEWCOMER, TODAY, found=False) for _ in range(2)]
    swapped = replace(one.member, certificate=twin.member.certificate)
    with pytest.raises(KeyRefused):
        await CUSTODY.unlock(swapped, one.passphrase, one.share, (), ())


def moved_to_another_desk(copy: DeskCopy, _: DeskCopy) -> DeskCopy:
    return replace(copy, desk=COUNTY_DESK)


def moved_to_another_generation(copy: DeskCopy, _: DeskCopy) -> DeskCopy:
    return replace(copy, generation=2)


def another_members(_: DeskCopy, theirs: DeskCopy) -> DeskCopy:
    return theirs


def garbled(copy: DeskCopy, _: DeskCopy) -> DeskCopy:
    return replace(copy, sealed=copy.sealed[:-1] + b"?")


def without_standing(copy: DeskCopy, _: DeskCopy) -> DeskCopy:
    return replace(copy, standing=b"")


@pytest.mark.parametrize(
    "forge",
    [
        moved_to_another_desk,
        moved_to_another_generation,
        another_members,
        without_standing,
        garbled,
    ],
)
async def test_a_copy_that_was_moved_or_forged_is_an_alarm(house: House, forge: Any) -> None:
    (mine,), (theirs,) = await copies(house, house.first), await copies(house, house.second)
    with pytest.raises(KeyRefused):
        await unlock(house, house.first, copies=(forge(mine, theirs),))


async def test_a_desk_key_planted_with_its_private_half_is_an_alarm(house: House) -> None:
    """Somebody seals a pair of their own to a member, and swaps the public key too."""
    (mine,), planted = await copies(house, house.first), KeyPair.generate()
    public = xwing.PublicKey.from_bytes((await house.member(house.first)).sealing_public)
    context = copy_context(house.first.id, NATIONAL, 1)
    forged = replace(mine, sealed=xwing.seal(public, planted.seed, context))
    true_key = (await keys(house))[NATIONAL]
    for key in (true_key, replace(true_key, public=planted.public.raw)):
        with pytest.raises(KeyRefused):
            await unlock(house, house.first, keys=(key,), copies=(forged,))


@pytest.mark.parametrize("size", [0, 31, 33, 96])
async def test_a_copy_that_holds_an_odd_seed_is_an_alarm(house: House, size: int) -> None:
    (mine,) = await copies(house, house.first)
    public = xwing.PublicKey.from_bytes((await house.member(house.first)).sealing_public)
    context = copy_context(house.first.id, NATIONAL, 1)
    odd = replace(mine, sealed=xwing.seal(public, bytes(size), context))
    with pytest.raises(KeyRefused):
        await unlock(house, house.first, copies=(odd,))


async def test_a_copy_without_its_desks_public_key_is_an_alarm(house: House) -> None:
    with pytest.raises(KeyRefused):
        await unlock(house, house.first, keys=())


async def test_the_custodians_can_open_every_desk(house: House) -> None:
    publics = await keys(house)
    found = set()
    for copy in await copies(house, None):
        context = copy_context(None, copy.desk, copy.generation)
        pair = KeyPair.from_seed(xwing.unseal(RECOVERY, copy.sealed, context))
        assert pair.public.raw == publics[copy.desk].public
        found.add(copy.desk)
    assert found == set(publics)


async def test_both_sides_read_the_same_six_words_and_a_swap_changes_them(house: House) -> None:
    mine, theirs = await house.member(house.first), await house.member(house.second)
    words = CUSTODY.comparison_words(mine)
    assert len(words) == 6
    assert words == CUSTODY.comparison_words(replace(mine, sealing_public=b"", wrapped_seed=b""))
    assert words != CUSTODY.comparison_words(replace(mine, certificate=theirs.certificate))
    with pytest.raises(KeyRefused):
        CUSTODY.comparison_words(replace(mine, certificate=b"?"))


def test_every_passphrase_and_share_is_its_own(house: House) -> None:
    people = (house.first, house.second, house.neighbour)
    assert len({person.passphrase for person in people}) == len(people)
    assert len({person.share for person in people}) == len(people)
    assert all(len(person.passphrase.split()) == 6 for person in people)
