"""Promise 1, phone number and language: a citizen shares a contact and reports in Kiswahili. The
number is in no file and no line of the log, and no row of *cases* says which language they speak.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.telegram.front import Front
from domain.chats.memory import ChatMemory
from domain.ports.chat import Language
from domain.reports import desk
from domain.reports.report import ForumKey
from domain.reports.submit import submit
from storage.tables.metadata import STORES
from tests.chat_world import World, a_world
from tests.disk import Disk
from tests.e2e.search import spellings
from tests.e2e.story import Words, code_on
from tests.promises.test_02_sealed_on_arrival import empty  # noqa: F401 - a fixture
from tests.sandbox_client import Phone

NUMBER = "254799012345"
SAY = Words.of("sw")
SPOKEN = {Language.ENGLISH, Language.KISWAHILI, "kiswahili", "swahili", "english"}


@dataclass(frozen=True, slots=True)
class Found:
    """`number`: whether it is in a file or in the log. `language`: columns of *cases* that say one
    more often than before the citizen came.
    """

    number: bool
    language: set[str]


async def lived(disk: Disk) -> Found:
    async with a_world(disk.folder, disk.url) as world:
        rows = replace(disk, folder=world.house.settings.data_dir)
        before = said_languages(rows)
        nyawira = await world.sandbox.phone("Nyawira", language_code="sw")
        memory = ChatMemory(chat=nyawira.id, language=Language.KISWAHILI, shared=False)
        await world.house.memories().keep(memory)
        await world.says(nyawira, "/start")
        await shares_a_contact(world, nyawira)
        code = await reported(world, nyawira)
        await shares_a_contact(world, nyawira)
        await world.says(nyawira, f"/check {code}")
        await world.taps(nyawira, SAY("button.tell_me"))
        files = disk.files() + "".join(world.log.events).encode()
        return Found(
            number=any(spelt in files for spelt in spellings(NUMBER)),
            language=set(said_languages(rows) - before),
        )


async def shares_a_contact(world: World, phone: Phone) -> None:
    """The sandbox has none to share: a voice note becomes one on its way."""
    await phone.voice()
    (update,) = await world.waiting()
    told: dict[str, Any] = update.to_dict()
    del told["message"]["voice"]
    contact = {"phone_number": f"+{NUMBER}", "first_name": "Nyawira", "user_id": phone.id}
    told["message"]["contact"] = contact
    heard = Update.de_json(told, world.line.bot)
    assert heard.message
    assert heard.message.contact
    await world.handle(heard)
    world.offset = update.update_id + 1


async def reported(world: World, phone: Phone) -> str:
    for message in ("Wanakuja usiku darajani.", "Wana mapanga."):
        await world.says(phone, message)
    await world.taps(phone, SAY("button.done"))
    await world.taps(phone, SAY("topic.theft"))
    await world.says(phone, "muranga")
    code = code_on(await phone.see())
    await world.taps(phone, SAY("button.send"))
    return code


def said_languages(disk: Disk) -> Counter[str]:
    """How often each column of *cases* names a language."""
    return Counter(
        f"{table}.{column}"
        for table, column, value in values_of_cases(disk)
        if (value.decode(errors="replace") if isinstance(value, bytes) else str(value)) in SPOKEN
    )


def values_of_cases(disk: Disk) -> Iterator[tuple[str, str, object]]:
    for table in STORES["cases"].sorted_tables:
        names = [column.name for column in table.c]
        query = f"SELECT {', '.join(names)} FROM {table.name}"  # noqa: S608 - names of ours
        for row in disk.rows("cases", query):
            yield from ((table.name, name, value) for name, value in zip(names, row, strict=True))


async def test_neither_a_phone_number_nor_the_language_of_a_reporter_is_kept(
    empty: Disk,  # noqa: F811 - the fixture
) -> None:
    assert await lived(empty) == Found(number=False, language=set())


LEAKS = {
    "number": ("keeps a phone number", Found(number=True, language=set())),
    "language": (
        "keeps the language beside a report",
        Found(number=False, language={"report.forum"}),
    ),
}


@pytest.mark.parametrize("kept", LEAKS)
async def test_a_build_that_keeps_what_tells_who_wrote_is_found_out(
    tmp_path: Path,
    kept: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    handle, seen = Front.handle, dict[str, str]()

    async def noting(front: Front, update: Update, context: Any) -> None:
        if update.message and update.message.contact:
            seen["number"] = update.message.contact.phone_number
        if update.effective_user:
            seen["language"] = update.effective_user.language_code or ""
        await handle(front, update, context)

    async def telling(draft: Any, code: Any, **ports: Any) -> Any:
        return await submit(replace(draft, forum=ForumKey(seen[kept])), code, **ports)

    monkeypatch.setattr(Front, "handle", noting)
    monkeypatch.setattr(desk, "submit", telling)
    leak, found = LEAKS[kept]
    assert await lived(Disk(folder=tmp_path)) == found
    record_property("leak", leak)
