"""Chats, staff chats and shreds, wherever they are kept."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

from domain.ports.stores import Stores
from tests.contracts.samples import MIDNIGHT, a_chat, a_member, a_report, a_staff_chat

NAIROBI = timezone(timedelta(hours=3))


async def test_a_chat_comes_back_as_it_was_in_utc(stores: Stores) -> None:
    chat = a_chat(expires=datetime(2026, 11, 3, 3, 0, 0, 250, tzinfo=NAIROBI))
    async with stores.addresses() as addresses:
        await addresses.chats.put(chat)
        await addresses.commit()
    async with stores.addresses() as addresses:
        found = await addresses.chats.get([chat.tag])
    assert found == chat
    assert found.expires.utcoffset() is not None


async def test_the_stores_keep_moments_in_utc(stores: Stores) -> None:
    chat = a_chat(expires=MIDNIGHT)
    async with stores.addresses() as addresses:
        await addresses.chats.put(chat)
        await addresses.commit()
    async with stores.addresses() as addresses:
        (found,) = await addresses.chats.all()
    assert found.expires.tzinfo is UTC


async def test_a_chat_kept_again_replaces_the_older(stores: Stores) -> None:
    chat = a_chat()
    newer = a_chat(tag=chat.tag, sealed=b"\x01newer", expires=MIDNIGHT + timedelta(days=1))
    async with stores.addresses() as addresses:
        await addresses.chats.put(chat)
        await addresses.chats.put(newer)
        assert list(await addresses.chats.all()) == [newer]


async def test_a_chat_is_found_by_any_of_its_tags_and_the_newest_counts(stores: Stores) -> None:
    older, newer, other = a_chat(), a_chat(), a_chat()
    async with stores.addresses() as addresses:
        for chat in (older, newer, other):
            await addresses.chats.put(chat)
        assert await addresses.chats.get([b"unknown", older.tag]) == older
        assert await addresses.chats.get([newer.tag, older.tag]) == newer
        assert await addresses.chats.get([older.tag, newer.tag]) == older
        assert await addresses.chats.get([b"unknown"]) is None
        assert await addresses.chats.get([]) is None


async def test_a_chat_is_removed_under_all_of_its_tags(stores: Stores) -> None:
    older, newer, other = a_chat(), a_chat(), a_chat()
    async with stores.addresses() as addresses:
        for chat in (older, newer, other):
            await addresses.chats.put(chat)
        await addresses.chats.remove([])
        await addresses.chats.remove([newer.tag, b"unknown", older.tag])
        assert list(await addresses.chats.all()) == [other]


async def test_chats_expire_at_their_moment_and_not_before(stores: Stores) -> None:
    chats = [a_chat(expires=MIDNIGHT + timedelta(days=day)) for day in (-1, 0, 1)]
    async with stores.addresses() as addresses:
        for chat in chats:
            await addresses.chats.put(chat)
        assert await addresses.chats.remove_expired(MIDNIGHT.astimezone(NAIROBI)) == 2
        assert list(await addresses.chats.all()) == [chats[2]]
        assert await addresses.chats.remove_expired(MIDNIGHT) == 0


async def test_what_is_not_committed_leaves_addresses_and_shreds_as_they_were(
    stores: Stores,
) -> None:
    chat, member, report = a_chat(), a_member(), a_report()
    async with stores.addresses() as addresses, stores.shreds() as shreds:
        await addresses.chats.put(chat)
        await addresses.staff_chats.put(a_staff_chat(member))
        await shreds.keep(report.id, b"key")
        await shreds.commit()
    async with stores.addresses() as addresses, stores.shreds() as shreds:
        assert list(await addresses.chats.all()) == []
        assert list(await addresses.staff_chats.all()) == []
        assert await shreds.get(report.id) == b"key"
        await shreds.destroy(report.id)
    async with stores.shreds() as shreds:
        assert await shreds.get(report.id) == b"key"


async def test_a_member_is_found_by_chat_and_the_chat_by_member(stores: Stores) -> None:
    ada, ben = a_member(), a_member()
    of_ada, of_ben = a_staff_chat(ada), a_staff_chat(ben)
    async with stores.addresses() as addresses:
        await addresses.staff_chats.put(of_ada)
        await addresses.staff_chats.put(of_ben)
        await addresses.commit()
    async with stores.addresses() as addresses:
        chats = addresses.staff_chats
        assert await chats.get([b"unknown", of_ada.tag]) == of_ada
        assert await chats.get([of_ben.tag, of_ada.tag]) == of_ben
        assert await chats.get([]) is None
        assert await chats.of_member(ben.id) == of_ben
        assert await chats.of_member(a_member().id) is None
        assert sorted(await chats.all(), key=lambda row: row.tag) == [of_ada, of_ben]


async def test_a_chat_has_one_member_and_a_member_one_chat(stores: Stores) -> None:
    ada, ben = a_member(), a_member()
    phone, tablet = a_staff_chat(ada), a_staff_chat(ada)
    taken_over = a_staff_chat(ben, tag=tablet.tag, sealed=b"\x01ben")
    async with stores.addresses() as addresses:
        await addresses.staff_chats.put(phone)
        await addresses.staff_chats.put(tablet)
        assert list(await addresses.staff_chats.all()) == [tablet]
        await addresses.staff_chats.put(taken_over)
        assert list(await addresses.staff_chats.all()) == [taken_over]
        assert await addresses.staff_chats.of_member(ada.id) is None


async def test_a_member_who_leaves_takes_their_chat_and_no_other(stores: Stores) -> None:
    ada, ben = a_member(), a_member()
    of_ben = a_staff_chat(ben)
    async with stores.addresses() as addresses:
        for row in (a_staff_chat(ada), of_ben):
            await addresses.staff_chats.put(row)
        await addresses.staff_chats.remove(ada.id)
        assert list(await addresses.staff_chats.all()) == [of_ben]


async def test_a_shred_key_is_kept_and_destroyed(stores: Stores) -> None:
    report, other = a_report(), a_report()
    async with stores.shreds() as shreds:
        await shreds.keep(report.id, b"\x00first")
        await shreds.keep(other.id, b"\x00other")
        await shreds.commit()
    async with stores.shreds() as shreds:
        assert await shreds.get(report.id) == b"\x00first"
        await shreds.destroy(report.id)
        await shreds.destroy(report.id)
        await shreds.commit()
    async with stores.shreds() as shreds:
        assert await shreds.get(report.id) is None
        assert await shreds.get(other.id) == b"\x00other"


async def test_the_shred_key_that_is_there_stays_and_is_answered(stores: Stores) -> None:
    report = a_report()
    async with stores.shreds() as shreds:
        assert await shreds.keep(report.id, b"\x00first") == b"\x00first"
        assert await shreds.keep(report.id, b"\x00second") == b"\x00first"
        await shreds.commit()
    async with stores.shreds() as shreds:
        assert await shreds.keep(report.id, b"\x00third") == b"\x00first"
        await shreds.commit()
    async with stores.shreds() as shreds:
        assert await shreds.get(report.id) == b"\x00first"


async def test_of_shred_keys_kept_at_once_all_are_answered_the_one_that_stays(
    stores: Stores,
) -> None:
    report = a_report()

    async def keep(key: bytes) -> bytes:
        async with stores.shreds() as shreds:
            kept = await shreds.keep(report.id, key)
            await shreds.commit()
            return kept

    answered = await asyncio.gather(*(keep(bytes([number])) for number in range(8)))
    async with stores.shreds() as shreds:
        assert {await shreds.get(report.id)} == set(answered)
