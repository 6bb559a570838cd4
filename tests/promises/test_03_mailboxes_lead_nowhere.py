"""Promise 3, mailboxes and notices: a copy of the files, with every service key, ties no mailbox
and no notice to a report, by value, by id or by order.
"""

import pytest

from crypto.case_secret import CaseSecret
from domain.followup.outgoing import Addressee
from domain.ports.chat import Language
from domain.reports.own import Own
from tests.house import House
from tests.promises.thief import thief_of

CHAT = 7_712_345_678
MANY = 40
PAGE = 8192
"""Of PostgreSQL, which fills each from its end."""
TELLING = 0.6
"""A rank correlation that chance gives 40 rows less than once in ten thousand."""


@pytest.fixture
def house(staffed_house: House) -> House:
    return staffed_house


async def a_week(house: House) -> None:
    """Five follow their reports; all move; a batch is written and waits."""
    await house.unlock(house.neighbour)
    for number in range(5):
        code, report = await house.followed(CHAT + number)
        await house.own((await house.check(code)).held).say(Own.ADDITION, "They came back")
        await house.desk(house.neighbour).claim(report.ref)
    await house.notices().run()


def values(house: House, store: str, *queries: str) -> set[bytes]:
    found = {value for query in queries for row in house.rows(store, query) for value in row}
    return {value for value in found if isinstance(value, bytes) and len(value) >= 16}


def of_reports(house: House) -> set[bytes]:
    return values(
        house,
        "cases",
        "SELECT id, words, dek_for_desk, case_for_desk, case_for_code, visits, intake_leaf"
        " FROM report",
        "SELECT report, signature, nonce FROM event",
        "SELECT report, sealed FROM entry",
        "SELECT hash FROM pending_leaf",
    ) | values(house, "shreds", "SELECT report, key FROM shred")


def of_chats(house: House) -> set[bytes]:
    return values(
        house,
        "addresses",
        "SELECT slot, sealed FROM mailbox",
        "SELECT subject, sealed FROM outgoing",
    )


async def loot_of(house: House) -> list[tuple[str, bytes]]:
    """What opens of mailboxes, dialogue and outbox with every key there is on the server."""
    thief = await thief_of(house)
    thief.blobs = [blob for blob in thief.blobs if blob.name in {"mailbox", "entry", "outgoing"}]
    return thief.rob()


async def links(house: House) -> set[bytes]:
    """Values the two sides share, in what lies there or in what opens with the server's keys."""
    chats, reports = of_chats(house), of_reports(house)
    opened = [plain for _, plain in await loot_of(house)]
    seen = b"\n".join([*opened, *chats])
    spelt = reports | {value.hex().encode() for value in reports if len(value) <= 32}
    cases = house.disk.store("cases") + house.disk.store("shreds")
    return {value for value in spelt if value in seen} | {
        value for value in chats if value in cases
    }


async def test_no_value_of_a_mailbox_or_notice_is_a_reports(house: House) -> None:
    await a_week(house)
    assert len(house.rows("addresses", "SELECT 1 FROM mailbox")) == 5
    assert len(house.rows("addresses", "SELECT 1 FROM outgoing")) == 5
    assert await links(house) == set()


async def test_no_service_key_opens_a_mailbox_or_what_was_said(house: House) -> None:
    """The notices of a batch open: chats and nothing else, as attacks.md says."""
    await a_week(house)
    loot = await loot_of(house)
    assert {name for name, _ in loot} == {"outgoing"}
    assert b"They came back" not in b"".join(plain for _, plain in loot)


async def test_following_and_not_following_leave_the_same_trace_with_the_report(
    house: House,
) -> None:
    _, followed = await house.followed(CHAT)
    code, other = await house.sent()
    await house.check(code)
    rows = house.rows(
        "cases", "SELECT length(visits), notice_due, unread, length(case_for_code) FROM report"
    )
    assert len(rows) == 2
    assert len(set(rows)) == 1
    assert followed.id != other.id


async def test_a_build_whose_slot_is_kept_with_the_report_is_found_out(house: House) -> None:
    await a_week(house)
    ((slot, *_), *_) = house.rows("addresses", "SELECT slot FROM mailbox")
    house.tamper("cases", "UPDATE event SET nonce = ? WHERE number = 1", slot)
    assert slot in await links(house)


async def test_a_build_whose_notice_names_the_report_is_found_out(house: House) -> None:
    await a_week(house)
    ((report,), *_) = house.rows("cases", "SELECT id FROM report")
    for (slot,) in house.rows("addresses", "SELECT slot FROM mailbox"):
        named = report + slot[16:]
        house.tamper("addresses", "UPDATE mailbox SET slot = ? WHERE slot = ?", named, slot)
    assert report in await links(house)


async def opted_in(house: House) -> list[bytes]:
    """Slots in the order of opting in."""
    secrets = [CaseSecret.generate() for _ in range(MANY)]
    for number, secret in enumerate(secrets):
        to = Addressee(chat=CHAT + number, language=Language.ENGLISH)
        await house.mailboxes.open(secret, to)
        house.clock.passes(minutes=7)
    return [secret.mailbox_slot() for secret in secrets]


def places(house: House, slots: list[bytes]) -> list[int]:
    """Where the end of each mailbox's envelope stands in the file."""
    raw = house.disk.heap("addresses", "mailbox")
    sealed = dict(house.rows("addresses", "SELECT slot, sealed FROM mailbox"))
    assert len({len(each) for each in sealed.values()}) == 1, "sizes tell nothing"
    found = [raw.index(sealed[slot][-40:]) for slot in slots]
    if house.url is None:
        return found
    return [at - at % PAGE + PAGE - at % PAGE for at in found]


def telling(house: House, slots: list[bytes]) -> float:
    """How much of the order of opting in there is in the rows' places, and in their slots."""
    counted = [int.from_bytes(slot, "big") for slot in slots]
    return max(abs(correlation(places(house, slots))), abs(correlation(counted)))


async def test_after_the_rows_are_written_anew_no_order_tells_who_came_when(
    house: House,
) -> None:
    slots = await opted_in(house)
    await house.stores.remix(house.clock.now())
    assert telling(house, slots) < TELLING


@pytest.mark.also_on_postgresql
async def test_a_build_that_never_rewrites_its_rows_is_found_out(house: House) -> None:
    assert telling(house, await opted_in(house)) > TELLING


async def test_a_build_whose_slots_count_upwards_is_found_out(house: House) -> None:
    slots = await opted_in(house)
    for number, slot in enumerate(slots):
        slots[number] = number.to_bytes(2, "big") + slot[2:]
        house.tamper("addresses", "UPDATE mailbox SET slot = ? WHERE slot = ?", slots[number], slot)
    await house.stores.remix(house.clock.now())
    assert telling(house, slots) > TELLING


def correlation(places: list[int]) -> float:
    """Spearman's rho of where rows stand against when they came."""
    ranks = [sorted(places).index(place) for place in places]
    n = len(places)
    return 1 - 6 * sum((rank - at) ** 2 for at, rank in enumerate(ranks)) / (n * (n * n - 1))
