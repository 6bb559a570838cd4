"""Promise 3, backups: even opened, those of *cases*, *shreds* and *addresses* together tie no
chat to a report: whatever would is in none of them.
"""

from datetime import date
from pathlib import Path

import pytest

from app.backing_up import Store
from crypto.chat_seal import KeyringChatSeal, Purpose
from domain.chats.memory import ChatMemory
from domain.followup.followers import CountyFollowed, Followers
from domain.places.county import CountyCode
from domain.ports.chat import Language
from tests.house import RECOVERY, House
from tests.promises.backups import leaving_nothing_out, of_house, opened
from tests.promises.joins import Loot, forms, opened_in

CHAT = 7_712_345_678
FIVE = 5


@pytest.fixture
def house(staffed_house: House) -> House:
    return staffed_house


async def a_week(house: House) -> None:
    """Five are remembered, opt in and follow their county; all reports move; notices wait."""
    await house.unlock(house.neighbour)
    seal = KeyringChatSeal(house.keyring, Purpose.FOLLOWER)
    followers = Followers(stores=house.stores, seal=seal, clock=house.clock)
    for chat in range(CHAT, CHAT + FIVE):
        await house.memories.keep(ChatMemory(chat=chat, language=Language.KISWAHILI))
        _, report = await house.followed(chat)
        await followers.follow(chat, Language.KISWAHILI, CountyFollowed(county=CountyCode("021")))
        await house.desk(house.neighbour).claim(report.ref)
    await house.notices().run()


def links(house: House, shelf: Path) -> set[str]:
    """Tables of *addresses* that say who was here or waits for news; and columns of the others
    that share a value with what a chat follows, plain, hashed, tagged or inside its envelope.
    """
    files = of_house(house, shelf)
    rows = {store: opened(store, file, RECOVERY) for store, file in files.items()}
    addresses = rows[Store.ADDRESSES]
    found = {table for table in addresses if table not in {"staff_chat", "subscription"}}

    loot = Loot(cases={}, addresses=addresses, files={}, keyring=house.keyring)
    theirs: set[bytes] = set()
    for row in addresses["subscription"]:
        words = opened_in(loot, row)
        assert str(CHAT).encode()[:7] in b"".join(words), "the thief knew how to open it"
        theirs |= words | forms(row["tag"], house.keyring) | forms(row["sealed"], house.keyring)
    for store in (Store.CASES, Store.SHREDS):
        for table, kept in rows[store].items():
            for name, value in ((name, value) for row in kept for name, value in row.items()):
                if not isinstance(value, date) and forms(value, house.keyring) & theirs:
                    found.add(f"{table}.{name}")
    return found


async def test_opened_backups_tie_nobody_to_a_report(house: House, tmp_path: Path) -> None:
    await a_week(house)
    assert links(house, tmp_path / "shelf") == set()


async def test_a_build_that_backs_up_mailboxes_and_the_outbox_is_found_out(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving_nothing_out(monkeypatch)
    await a_week(house)
    assert links(house, tmp_path / "shelf") == {"mailbox", "outgoing", "chat"}


async def test_a_build_whose_backup_of_cases_names_the_chat_is_found_out(
    house: House, tmp_path: Path
) -> None:
    await a_week(house)
    house.tamper("cases", "UPDATE report SET area = ?", str(CHAT))
    tag = KeyringChatSeal(house.keyring, Purpose.FOLLOWER).tags(CHAT + 1)[0]
    house.tamper("shreds", "UPDATE shred SET key = ?", tag)
    assert links(house, tmp_path / "shelf") == {"report.area", "shred.key"}
