"""Promise 3: the server at rest links no chat to a report, with every service key in hand.

Mailboxes and notices: `test_03_mailboxes_lead_nowhere.py`.
"""

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import member_keys, symmetric
from crypto.context import Context
from crypto.errors import EnvelopeRefused
from crypto.halves import share_of
from domain.chats.memory import ChatMemory
from domain.ports.chat import Language
from tests.house import House
from tests.promises.thief import thief_of

CHAT = 7_712_345_678


@pytest.fixture
def house(staffed_house: House) -> House:
    return staffed_house


async def told_and_sent(house: House) -> None:
    """A citizen opens a chat and sends; another one only looks around."""
    for chat in (CHAT, CHAT + 1):
        memory = ChatMemory(chat=chat, language=Language.KISWAHILI, shared=False)
        await house.memories.keep(memory)
        await house.traces.note(chat, frozenset(range(40, 48)))
    code, _ = await house.sent(danger=True)
    await house.check(code)


async def links(house: House) -> set[bytes]:
    """What the addresses, opened, have in common with a report; and chats in the cases."""
    loot = (await thief_of(house)).rob()
    chats = b"\n".join(plain for name, plain in loot if name in {"chat", "trace"})
    for table in ("chat", "trace"):
        for row in house.rows("addresses", f"SELECT tag, sealed, expires FROM {table}"):  # noqa: S608 - names of ours
            chats += b"\n".join(_bytes(value) for value in row)
    of_reports = house.rows(
        "cases",
        "SELECT id, ref, locator, words, dek_for_desk, case_for_desk, case_for_code, visits,"
        " received FROM report",
    )
    of_reports += house.rows("cases", "SELECT hash FROM pending_leaf")
    values = {_bytes(value) for row in of_reports for value in row}
    values |= {value.hex().encode() for value in values if len(value) == 16}
    met = {value for value in values if value in chats}

    cases = house.disk.store("cases") + house.disk.store("shreds")
    tags = {tag for (tag,) in house.rows("addresses", "SELECT tag FROM chat")}
    chat_ids = {str(CHAT).encode(), CHAT.to_bytes(5, "big"), CHAT.to_bytes(8, "little")}
    return met | {trace for trace in tags | chat_ids if trace in cases}


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


async def test_nothing_leads_from_a_chat_to_a_report_or_back(house: House) -> None:
    await told_and_sent(house)
    assert await links(house) == set()


async def test_who_sent_and_who_did_not_left_the_same_trace(house: House) -> None:
    await told_and_sent(house)
    rows = house.rows("addresses", "SELECT length(tag), length(sealed), expires FROM chat")
    assert len(rows) == 2
    assert len(set(rows)) == 1


async def test_a_build_that_keeps_the_report_with_the_chat_is_found_out(house: House) -> None:
    await told_and_sent(house)
    ((report,),) = house.rows("cases", "SELECT id FROM report")
    tag = house.chat_seal.tags(CHAT)[0]
    sealed = house.chat_seal.seal(tag, report.hex().encode())
    house.tamper("addresses", "UPDATE chat SET sealed = ? WHERE tag = ?", sealed, tag)
    assert report.hex().encode() in await links(house)


async def test_a_build_that_keeps_the_chats_tag_with_the_report_is_found_out(
    house: House,
) -> None:
    await told_and_sent(house)
    tag = house.chat_seal.tags(CHAT)[0]
    house.tamper("cases", "UPDATE event SET signature = ?", tag)
    assert await links(house) == {tag}


async def test_a_moderators_passphrase_without_their_chat_opens_nothing(house: House) -> None:
    """The share is in no file: the thief tries all there is in its place."""
    wrapped = (await house.member(house.first)).wrapped_seed
    salt, envelope = wrapped[1:17], wrapped[17:]
    argon = Argon2id(
        salt=salt,
        length=32,
        iterations=member_keys.ITERATIONS,
        lanes=member_keys.LANES,
        memory_cost=member_keys.MEMORY_KIB,
    )
    known = argon.derive(house.first.passphrase.encode())
    here = Context(kind="member", row=house.first.id, field="seed")

    def open_with(share: bytes) -> bytes:
        info = member_keys.WRAP_INFO
        key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(known + share)
        return symmetric.unseal(key, envelope, here)

    for guess in (*(await thief_of(house)).keys, b"", bytes(32)):
        with pytest.raises(EnvelopeRefused):
            open_with(guess)
    share = share_of(house.first.share)
    assert share not in house.files()
    assert len(open_with(share)) == 32, "the thief knew how"
