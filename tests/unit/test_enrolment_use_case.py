"""Enrolment by link, as somebody would who found, kept or shared one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crypto.custody import LINK_PREFIX
from crypto.halves import share_of
from domain.desks.desk import NATIONAL
from domain.ports.chat import Language
from domain.ports.sealing import InviteRefused
from domain.staff.enrol import ChatTaken
from domain.staff.member import MemberId, Role
from domain.staff.unlock import NotLetInYet
from tests.house import COUNTY_DESK, House, a_house, an_empty_house

CHAT, ANOTHER_CHAT = 7_712_345_678, 7_700_000_001
FIRSTS_CHAT = 101
"""Where the house's first moderator enrolled."""


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[House]:
    async with an_empty_house(tmp_path) as house:
        yield house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def staffed(house: House) -> frozenset[str]:
    async with house.stores.cases() as cases:
        return await cases.staff.staffed()


async def test_the_first_of_a_desk_reads_at_once(empty: House) -> None:
    _, payload = await empty.invite(founding=True)
    founder = await empty.enrolled(CHAT, payload)
    assert await staffed(empty) == {NATIONAL}
    assert (await empty.unlock(founder)).desks == {NATIONAL}
    entry = await empty.book.of_chat(CHAT)
    assert entry is not None
    assert (entry.member, entry.language) == (founder.id, Language.ENGLISH)


async def test_who_does_not_confirm_has_changed_nothing_and_keeps_the_link(empty: House) -> None:
    _, payload = await empty.invite(founding=True)
    before = empty.files()
    await empty.enrolment(CHAT).prepare(payload)
    assert empty.files() == before
    await empty.enrolled(CHAT, payload)


async def test_a_link_works_once(empty: House) -> None:
    _, payload = await empty.invite(founding=True)
    desk = empty.enrolment(CHAT)
    first, second = await desk.prepare(payload), await desk.prepare(payload)
    await desk.confirm(first)
    with pytest.raises(InviteRefused):
        await desk.confirm(second)
    with pytest.raises(InviteRefused):
        await empty.enrolment(ANOTHER_CHAT).prepare(payload)
    assert len(empty.rows("cases", "SELECT 1 FROM member")) == 1


async def test_confirming_again_is_the_same_answer(empty: House) -> None:
    """Its first answer may never have come."""
    _, payload = await empty.invite(founding=True)
    desk = empty.enrolment(CHAT)
    prepared = await desk.prepare(payload)
    assert await desk.confirm(prepared) == await desk.confirm(prepared)
    assert len(empty.rows("cases", "SELECT 1 FROM member")) == 1


async def test_two_founding_links_found_one_desk_key(empty: House) -> None:
    """The second to confirm is refused whole, and joins with the same link like anybody."""
    _, one = await empty.invite(founding=True)
    _, other = await empty.invite(founding=True)
    prepared = [
        await empty.enrolment(chat).prepare(payload)
        for chat, payload in ((CHAT, one), (ANOTHER_CHAT, other))
    ]
    assert (await empty.enrolment(CHAT).confirm(prepared[0])).let_in
    with pytest.raises(InviteRefused):
        await empty.enrolment(ANOTHER_CHAT).confirm(prepared[1])
    assert len(empty.rows("cases", "SELECT 1 FROM member")) == 1

    again = await empty.enrolment(ANOTHER_CHAT).prepare(other)
    assert not (await empty.enrolment(ANOTHER_CHAT).confirm(again)).let_in
    assert len(empty.rows("cases", "SELECT 1 FROM desk_key")) == 1


async def test_a_later_one_waits_until_they_are_let_in(house: House) -> None:
    _, payload = await house.invite()
    newcomer = await house.enrolled(CHAT, payload)
    with pytest.raises(NotLetInYet):
        await house.unlock(newcomer)


async def test_an_unknown_or_expired_link_is_refused(house: House) -> None:
    _, payload = await house.invite()
    house.clock.passes(days=8)
    for typed in (payload, LINK_PREFIX + "A" * 43, "", "f-embu-2025-05"):
        with pytest.raises(InviteRefused):
            await house.enrolment(CHAT).prepare(typed)


async def test_a_row_changed_to_another_desk_enrols_nobody(house: House) -> None:
    invite, payload = await house.invite()
    house.tamper("cases", "UPDATE invite SET desk = ? WHERE id = ?", COUNTY_DESK, invite.id)
    with pytest.raises(InviteRefused):
        await house.enrolment(CHAT).prepare(payload)


@pytest.mark.parametrize("signed", [True, False])
async def test_a_row_whose_founding_flag_was_flipped_enrols_nobody(
    empty: House, *, signed: bool
) -> None:
    invite, payload = await empty.invite(founding=signed)
    empty.tamper("cases", "UPDATE invite SET founding = NOT founding WHERE id = ?", invite.id)
    with pytest.raises(InviteRefused):
        await empty.enrolment(CHAT).prepare(payload)


async def test_an_officers_founding_link_enrols_nobody(empty: House) -> None:
    _, payload = await empty.invite(role=Role.OFFICER, founding=True)
    before = empty.files()
    with pytest.raises(InviteRefused):
        await empty.enrolment(CHAT).prepare(payload)
    assert empty.files() == before


@pytest.mark.parametrize("role", list(Role))
async def test_a_chat_that_is_a_members_takes_no_other(house: House, role: Role) -> None:
    """One press would shut the first desk: nobody else may be there to open it."""
    _, payload = await house.invite(role=role, desk=COUNTY_DESK)
    before, files = await house.book.all(), house.files()
    with pytest.raises(ChatTaken):
        await house.enrolment(FIRSTS_CHAT).prepare(payload)
    elsewhere = await house.enrolment(ANOTHER_CHAT).prepare(payload)
    with pytest.raises(ChatTaken):
        await house.enrolment(FIRSTS_CHAT).confirm(elsewhere)
    assert (await house.book.all(), house.files()) == (before, files)
    await house.unlock(house.first)

    await house.revoke(house.first.id)
    anew = await house.enrolled(FIRSTS_CHAT, payload)
    entry = await house.book.of_chat(FIRSTS_CHAT)
    assert entry is not None
    assert entry.member == anew.id


async def test_an_officers_chat_takes_no_moderator(house: House) -> None:
    officer = await house.officer(CHAT, "021")
    _, payload = await house.invite()
    with pytest.raises(ChatTaken):
        await house.enrolment(CHAT).prepare(payload)
    await house.revoke(officer.id)
    await house.enrolled(CHAT, payload)


async def test_a_chat_whose_enrolment_was_cut_off_takes_the_link_again(house: House) -> None:
    """The chat comes first, and alone it leads nowhere."""
    await house.book.enter(CHAT, MemberId(bytes(16)), Language.ENGLISH)
    _, payload = await house.invite()
    await house.enrolled(CHAT, payload)


async def test_a_refused_link_leaves_the_chat_to_the_member_it_was(house: House) -> None:
    """Of two who prepared with one link, the slower had been staff in their chat before."""
    await house.revoke(house.first.id)
    await house.book.note_opened(FIRSTS_CHAT, (7, 8))
    former = await house.book.of_chat(FIRSTS_CHAT)
    assert former is not None
    _, payload = await house.invite()
    slower, quicker = house.enrolment(FIRSTS_CHAT), house.enrolment(ANOTHER_CHAT)
    late, early = await slower.prepare(payload), await quicker.prepare(payload)
    confirmed = await quicker.confirm(early)
    for _ in range(2):
        with pytest.raises(InviteRefused):
            await slower.confirm(late)
        assert await house.book.of_chat(FIRSTS_CHAT) == former
    taken = await house.book.of_chat(ANOTHER_CHAT)
    assert taken is not None
    assert taken.member == confirmed.member
    assert {each.member for each in await house.book.all()} == {
        *(house.first.id, house.second.id, house.neighbour.id),
        confirmed.member,
    }


async def test_a_row_marked_unused_again_makes_no_second_desk_key(empty: House) -> None:
    invite, payload = await empty.invite(founding=True)
    await empty.enrolled(CHAT, payload)
    empty.tamper("cases", "UPDATE invite SET used = 0 WHERE id = ?", invite.id)
    twin = await empty.enrolled(ANOTHER_CHAT, payload)
    with pytest.raises(NotLetInYet):
        await empty.unlock(twin)
    assert len(empty.rows("cases", "SELECT 1 FROM desk_key")) == 1


async def test_neither_link_nor_passphrase_nor_share_nor_chat_is_on_disk(empty: House) -> None:
    _, payload = await empty.invite(founding=True)
    founder = await empty.enrolled(CHAT, payload)
    disk = empty.files()
    assert bytes(founder.id) in disk, "this is the disk that was written to"
    seed = empty.custody.read_invite(payload)
    secrets = [seed, payload[2:].encode(), share_of(founder.share), founder.passphrase.encode()]
    secrets += [str(CHAT).encode(), CHAT.to_bytes(5, "big"), CHAT.to_bytes(8, "little")]
    for secret in secrets:
        assert secret not in disk


async def test_neither_half_shows_when_an_enrolment_is_printed(empty: House) -> None:
    _, payload = await empty.invite(founding=True)
    prepared = await empty.enrolment(CHAT).prepare(payload)
    confirmed = await empty.enrolment(CHAT).confirm(prepared)
    printed = f"{prepared!r} {confirmed!r}"
    assert prepared.enrolled.passphrase not in printed
    assert repr(confirmed.share) not in printed
