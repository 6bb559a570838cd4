"""Invites, members and desk keys, wherever they are kept."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.stores import Changed, Stores
from domain.staff.member import InviteId, MemberId, Role
from tests.contracts.samples import (
    KIAMBU,
    MONDAY,
    NAIROBI_WEST,
    a_copy,
    a_desk_key,
    a_member,
    an_invite,
)


async def test_an_invite_comes_back_as_it_was(stores: Stores) -> None:
    invites = [an_invite(), an_invite(role=Role.OFFICER, desk=NAIROBI_WEST, founding=False)]
    async with stores.cases() as cases:
        for invite in invites:
            await cases.staff.add_invite(invite)
        await cases.commit()
    async with stores.cases() as cases:
        assert [await cases.staff.invite(invite.id) for invite in invites] == invites
        assert await cases.staff.invite(InviteId(b"?" * 32)) is None


async def test_an_invite_is_used_once(stores: Stores) -> None:
    invite, other = an_invite(), an_invite()
    async with stores.cases() as cases:
        await cases.staff.add_invite(invite)
        await cases.staff.add_invite(other)
        await cases.staff.use_invite(invite.id)
        with pytest.raises(Changed):
            await cases.staff.use_invite(invite.id)
        with pytest.raises(Changed):
            await cases.staff.use_invite(InviteId(b"?" * 32))
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.staff.invite(invite.id) == replace(invite, used=True)
        assert await cases.staff.invite(other.id) == other


async def test_of_many_who_follow_one_invite_at_once_one_comes_in(stores: Stores) -> None:
    invite = an_invite()
    async with stores.cases() as cases:
        await cases.staff.add_invite(invite)
        await cases.commit()

    async def follow() -> None:
        async with stores.cases() as cases:
            await cases.staff.use_invite(invite.id)
            await cases.staff.add_member(a_member())
            await cases.commit()

    outcomes = await asyncio.gather(*(follow() for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(outcome, Changed) for outcome in outcomes) == 7
    async with stores.cases() as cases:
        assert len(await cases.staff.members()) == 1


async def test_an_invite_member_or_desk_key_is_never_overwritten(stores: Stores) -> None:
    invite, member, key = an_invite(), a_member(), a_desk_key()
    async with stores.cases() as cases:
        await cases.staff.add_invite(invite)
        await cases.staff.add_member(member)
        await cases.staff.add_desk_key(key)
        with pytest.raises(Changed):
            await cases.staff.add_invite(replace(invite, founding=False))
        with pytest.raises(Changed):
            await cases.staff.add_member(replace(member, certificate=b"forged"))
        with pytest.raises(Changed):
            await cases.staff.add_desk_key(replace(key, public=b"swapped"))
        assert await cases.staff.invite(invite.id) == invite
        assert await cases.staff.member(member.id) == member
        assert await cases.staff.newest_key(NATIONAL) == key


async def test_members_come_back_as_they_were_and_by_desk(stores: Stores) -> None:
    ada, ben, cleo = a_member(), a_member(desk=KIAMBU, role=Role.OFFICER), a_member()
    async with stores.cases() as cases:
        for member in (cleo, ben, ada):
            await cases.staff.add_member(member)
        await cases.commit()
    async with stores.cases() as cases:
        assert list(await cases.staff.members()) == [ben, ada, cleo]
        assert list(await cases.staff.members(NATIONAL)) == [ada, cleo]
        assert list(await cases.staff.members(NAIROBI_WEST)) == []
        assert await cases.staff.member(ben.id) == ben
        assert await cases.staff.member(MemberId(b"?" * 16)) is None


async def test_a_revoked_member_stays_on_the_list_and_their_copies_go(stores: Stores) -> None:
    ada, ben = a_member(), a_member()
    async with stores.cases() as cases:
        for member in (ada, ben):
            await cases.staff.add_member(member)
            await cases.staff.add_copy(a_copy(member))
        await cases.staff.add_copy(a_copy(ada, KIAMBU))
        await cases.staff.add_copy(a_copy(None))
        await cases.staff.revoke(ada.id)
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.staff.member(ada.id) == replace(ada, revoked=True, wrapped_seed=b"")
        assert await cases.staff.member(ben.id) == ben
        assert list(await cases.staff.copies(ada.id)) == []
        left = [a_copy(ada, KIAMBU, sealed=b""), a_copy(ada, sealed=b"")]
        assert list(await cases.staff.held(ada.id)) == sorted(left, key=lambda copy: copy.desk)
        assert list(await cases.staff.copies(ben.id)) == [a_copy(ben)]
        assert list(await cases.staff.held(ben.id)) == [a_copy(ben)]
        assert list(await cases.staff.copies(None)) == [a_copy(None)]


async def test_a_desk_is_exposed_from_a_revocation_to_its_next_key(stores: Stores) -> None:
    ada, ben, cleo = a_member(), a_member(), a_member(desk=KIAMBU)
    async with stores.cases() as cases:
        staff = cases.staff
        for member in (ada, ben, cleo):
            await staff.add_member(member)
            await staff.add_copy(a_copy(member, member.desk))
        await staff.add_desk_key(a_desk_key(NATIONAL))
        await staff.add_desk_key(a_desk_key(KIAMBU))
        assert await staff.exposed() == frozenset()

        await staff.revoke(ada.id)
        assert await staff.exposed() == {NATIONAL}
        assert await staff.staffed() == {NATIONAL, KIAMBU}

        await staff.hold(NATIONAL)
        await staff.add_desk_key(a_desk_key(NATIONAL, 2))
        await staff.add_copy(a_copy(ben, NATIONAL, 2))
        assert await staff.exposed() == frozenset()

        await staff.revoke(cleo.id)
        assert await staff.exposed() == {KIAMBU}
        assert await staff.staffed() == {NATIONAL}


async def test_who_waits_to_be_let_in_exposes_nothing_when_revoked(stores: Stores) -> None:
    ada = a_member()
    async with stores.cases() as cases:
        await cases.staff.add_member(ada)
        await cases.staff.add_desk_key(a_desk_key())
        await cases.staff.revoke(ada.id)
        assert await cases.staff.exposed() == frozenset()


async def test_who_leaves_while_a_key_is_made_anew_is_left_with_nothing(stores: Stores) -> None:
    """Whichever is first, the other waits for it."""
    ada, ben = a_member(), a_member()
    async with stores.cases() as cases:
        await cases.staff.add_desk_key(a_desk_key())
        for member in (ada, ben):
            await cases.staff.add_member(member)
            await cases.staff.add_copy(a_copy(member))
        await cases.commit()

    async def renew() -> None:
        async with stores.cases() as cases:
            await cases.staff.hold(NATIONAL)
            there = [each for each in await cases.staff.members(NATIONAL) if not each.revoked]
            await cases.staff.add_desk_key(a_desk_key(NATIONAL, 2))
            for member in there:
                await cases.staff.add_copy(a_copy(member, NATIONAL, 2))
            await cases.commit()

    async def revoke() -> None:
        async with stores.cases() as cases:
            await cases.staff.hold(NATIONAL)
            await cases.staff.revoke(ada.id)
            await cases.commit()

    await asyncio.gather(renew(), revoke())
    async with stores.cases() as cases:
        assert list(await cases.staff.copies(ada.id)) == []
        kept = [copy.generation for copy in await cases.staff.copies(ben.id)]
        assert kept == [1, 2]


async def test_a_wrapped_seed_is_replaced_once_and_only_what_was_seen(stores: Stores) -> None:
    ada, gone = a_member(), a_member(revoked=True)
    async with stores.cases() as cases:
        for member in (ada, gone):
            await cases.staff.add_member(member)
        await cases.staff.rewrap(ada.id, ada.wrapped_seed, b"\x01again")
        with pytest.raises(Changed):
            await cases.staff.rewrap(ada.id, ada.wrapped_seed, b"\x01third")
        with pytest.raises(Changed):
            await cases.staff.rewrap(gone.id, gone.wrapped_seed, b"\x01again")
        assert await cases.staff.member(ada.id) == replace(ada, wrapped_seed=b"\x01again")


async def test_desk_keys_come_by_desk_and_generation(stores: Stores) -> None:
    in_order = [
        a_desk_key(DeskKey("022")),
        a_desk_key(NAIROBI_WEST, 2),
        a_desk_key(NAIROBI_WEST, 10),
        a_desk_key(NATIONAL),
    ]
    async with stores.cases() as cases:
        for key in reversed(in_order):
            await cases.staff.add_desk_key(key)
        await cases.commit()
    async with stores.cases() as cases:
        assert list(await cases.staff.desk_keys()) == in_order
        assert list(await cases.staff.desk_keys(NAIROBI_WEST)) == in_order[1:3]
        assert await cases.staff.newest_key(NAIROBI_WEST) == in_order[2]
        assert await cases.staff.newest_key(DeskKey("001")) is None


async def test_a_copy_made_again_replaces_the_older(stores: Stores) -> None:
    ada = a_member()
    async with stores.cases() as cases:
        await cases.staff.add_copy(a_copy(ada, NATIONAL))
        await cases.staff.add_copy(a_copy(ada, KIAMBU))
        await cases.staff.add_copy(a_copy(ada, NATIONAL, sealed=b"\x01again"))
        await cases.commit()
    async with stores.cases() as cases:
        assert list(await cases.staff.copies(ada.id)) == [
            a_copy(ada, KIAMBU),
            a_copy(ada, NATIONAL, sealed=b"\x01again"),
        ]


async def test_a_desk_is_staffed_while_a_member_holds_its_newest_key(stores: Stores) -> None:
    ada, ben = a_member(), a_member(desk=KIAMBU)
    async with stores.cases() as cases:
        staff = cases.staff
        for member in (ada, ben):
            await staff.add_member(member)
        await staff.add_desk_key(a_desk_key(NATIONAL, 1))
        await staff.add_desk_key(a_desk_key(KIAMBU, 1))
        assert await staff.staffed() == frozenset()

        await staff.add_copy(a_copy(None, NATIONAL, 1))
        assert await staff.staffed() == frozenset()

        await staff.add_copy(a_copy(ada, NATIONAL, 1))
        await staff.add_copy(a_copy(ben, NATIONAL, 1))
        await staff.add_copy(a_copy(ben, KIAMBU, 1))
        assert await staff.staffed() == {NATIONAL, KIAMBU}

        await staff.add_desk_key(a_desk_key(NATIONAL, 2))
        assert await staff.staffed() == {KIAMBU}

        await staff.add_copy(a_copy(ada, NATIONAL, 2))
        assert await staff.staffed() == {NATIONAL, KIAMBU}

        await staff.revoke(ben.id)
        assert await staff.staffed() == {NATIONAL}


async def test_a_copy_held_by_a_revoked_member_or_by_nobody_staffs_no_desk(stores: Stores) -> None:
    gone, unknown = a_member(revoked=True), a_member()
    async with stores.cases() as cases:
        await cases.staff.add_member(gone)
        await cases.staff.add_desk_key(a_desk_key())
        await cases.staff.add_copy(a_copy(gone))
        await cases.staff.add_copy(a_copy(unknown))
        assert await cases.staff.staffed() == frozenset()


async def test_a_founding_invite_is_out_until_it_is_used_or_has_expired(stores: Stores) -> None:
    invite = an_invite(founding=True)
    async with stores.cases() as cases:
        await cases.staff.add_invite(invite)
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.staff.founding_invite(invite.desk, invite.expires) == invite.id
        later = invite.expires + timedelta(days=1)
        assert await cases.staff.founding_invite(invite.desk, later) is None
        assert await cases.staff.founding_invite(DeskKey("001"), invite.expires) is None
        await cases.staff.use_invite(invite.id)
        assert await cases.staff.founding_invite(invite.desk, invite.expires) is None


async def test_invites_nobody_used_by_their_day_are_dropped(stores: Stores) -> None:
    over, used, last_day = an_invite(), an_invite(), an_invite(expires=MONDAY + timedelta(days=1))
    async with stores.cases() as cases:
        for invite in (over, used, last_day):
            await cases.staff.add_invite(invite)
        await cases.staff.use_invite(used.id)
        assert await cases.staff.drop_invites(MONDAY) == 0
        assert await cases.staff.drop_invites(MONDAY + timedelta(days=1)) == 1
        left = [await cases.staff.invite(each.id) for each in (over, used, last_day)]
    assert [invite is None for invite in left] == [True, False, False]


async def test_whoever_was_let_in_is_untold_until_told_or_revoked(stores: Stores) -> None:
    ada, ben = a_member(), a_member()
    async with stores.cases() as cases:
        for member in (ada, ben):
            await cases.staff.add_member(member)
            await cases.staff.add_untold(member.id)
            await cases.staff.add_untold(member.id)
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.staff.untold() == sorted((ada.id, ben.id))
        await cases.staff.drop_untold(ada.id)
        await cases.staff.drop_untold(ada.id)
        assert await cases.staff.untold() == [ben.id]
        await cases.staff.revoke(ben.id)
        assert await cases.staff.untold() == []
        await cases.staff.add_untold(ben.id)  # as a restored backup may
        assert await cases.staff.untold() == []
