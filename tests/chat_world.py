"""Chats in one process: the real house and its front, the real sandbox, and a hand on every
update. Nothing is answered before the test says so; what fails comes again, as it would.
"""

import asyncio
import atexit
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from telegram import Update

from app.keys import ROOT_SECRET, KeyFolder
from app.log import allow
from app.making import make_data, make_keys
from app.opening import open_house
from app.settings import Settings
from app.wiring import House
from bot.dialogue.moderator.enrolment import Enrolled, view
from bot.telegram.application import Line, open_line
from bot.telegram.card import show
from bot.telegram.front import Front
from bot.telegram.intake import quiet_libraries
from crypto.custody import new_invite
from crypto.spelling import read_root_secret
from domain.chats.memory import ChatMemory
from domain.desks.desk import NATIONAL, DeskKey
from domain.moderation.sessions import Sessions
from domain.ports.chat import Language
from domain.staff.member import MemberId, Role
from tests.e2e.story import Words, code_on
from tests.fakes.world import FakeClock
from tests.quick_passphrases import at_quick_cost
from tests.sandbox_client import READY, ROOT, Phone, SandboxClient

TOKEN = "1:sandbox-chats"
SAY = Words.of("en")
ELSEWHERE = 1
"""The chat the moderator enrolled in, until a test gives them a phone."""


@dataclass(slots=True, kw_only=True)
class Log:
    """Refuses what the allow-list refuses."""

    events: list[str] = field(default_factory=list)

    def __call__(self, event: str, **fields: object) -> None:
        allow(event, fields)
        self.events.append(event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A moderator of the national desk: what they know, and what lies in their chat."""

    member: MemberId
    passphrase: str
    share: bytes


@dataclass(slots=True, kw_only=True)
class World:
    sandbox: SandboxClient
    house: House
    clock: FakeClock
    log: Log
    line: Line
    front: Front
    reader: Reader
    offset: int = 0

    async def answer(self) -> None:
        """Every update that waits, in order. One that fails is raised, and waits on."""
        while updates := await self.line.bot.get_updates(offset=self.offset, timeout=0):
            for update in updates:
                await self.handle(update)
                self.offset = update.update_id + 1

    async def handle(self, update: Update) -> None:
        await self.front.handle(update, None)  # type: ignore[arg-type] # the front looks at no context

    async def waiting(self) -> list[Update]:
        """The updates not answered yet; they stay so."""
        return list(await self.line.bot.get_updates(offset=self.offset, timeout=0))

    async def restart(self) -> None:
        """As after a kill: memory is gone, what is on disk is swept, updates come again."""
        self.house = replace(self.house, sessions=Sessions())
        self.front = self.house.front(self.line)
        await self.front.sweep()

    async def says(self, phone: Phone, text: str) -> None:
        await phone.send(text)
        await self.answer()

    async def taps(self, phone: Phone, label: str) -> None:
        await phone.tap(label)
        await self.answer()

    async def invite(self, *, founding: bool = False, seat: str | None = None) -> str:
        """For a moderator; for an officer, where there is a seat."""
        if seat is None:
            return await _invite(self.house, founding=founding)
        return await _invite(self.house, founding=False, role=Role.OFFICER, desk=DeskKey(seat))

    async def citizen(self, name: str = "Amina", *, shared: bool = False) -> Phone:
        """Known since yesterday, and at the menu: a card of one message."""
        phone = await self.sandbox.phone(name)
        memory = ChatMemory(chat=phone.id, language=Language.ENGLISH, shared=shared)
        await self.house.memories().keep(memory)
        await self.says(phone, "/start")
        return phone

    async def reviewing(self, phone: Phone, *words: str) -> str:
        """From anywhere to the review card; the code on it."""
        for message in words:
            await self.says(phone, message)
        await self.taps(phone, SAY("button.done"))
        await self.taps(phone, SAY("topic.theft"))
        await self.says(phone, "muranga")
        return code_on(await phone.see())

    async def sent(self, phone: Phone, *words: str) -> str:
        code = await self.reviewing(phone, *words)
        await self.taps(phone, SAY("button.send"))
        return code

    async def officer(self, seat: str, name: str = "Wambui") -> Phone:
        """Enrolled by a link, in their own chat."""
        phone = await self.sandbox.phone(name)
        await self.says(phone, f"/start {await self.invite(seat=seat)}")
        await self.taps(phone, SAY("button.accept"))
        return phone

    async def moderator(self, name: str = "Otieno") -> Phone:
        """The reader's own chat: the message with the unlock button, and nothing else."""
        phone = await self.sandbox.phone(name)
        await phone.send("/start")
        self.offset = (await self.waiting())[-1].update_id + 1
        await self.house.staff_book().enter(phone.id, self.reader.member, Language.ENGLISH)
        await self.unlock_message(phone)
        return phone

    async def unlock_message(self, phone: Phone) -> None:
        """The one of the reader's enrolment."""
        enrolled = Enrolled(
            language=Language.ENGLISH, share=self.reader.share, let_in=True, words=()
        )
        await show(self.line.bot, phone.id, view(enrolled), SAY.catalogue, None)

    async def revoked(self) -> None:
        """The reader is, beside the running bot."""
        async with self.house.stores.cases() as cases:
            await cases.staff.revoke(self.reader.member)
            await cases.commit()

    async def unlocked(self, phone: Phone) -> None:
        await self.taps(phone, SAY("moderator.button_unlock"))
        await self.says(phone, self.reader.passphrase)

    async def opened(self, phone: Phone) -> None:
        """What matters most, on the card."""
        await self.unlocked(phone)
        await self.taps(phone, SAY("moderator.button_next"))


KEPT = "\n\n".join((SAY("moderator.enrol_done"), SAY("moderator.enrol_keep")))


@asynccontextmanager
async def a_world(
    folder: Path, database_url: str | None = None, **more: Any
) -> AsyncIterator[World]:
    """On SQLite files, or an empty PostgreSQL. `more`: settings."""
    template, reader = await asyncio.to_thread(_template)
    shutil.copytree(template, folder / "data")
    settings = _settings(folder / "data", database_url, **more)
    if database_url is not None:
        reader = await _staffed(settings)
    log, clock = Log(), FakeClock()
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(SandboxClient(_sandbox()))
        await sandbox.reset()
        opened = await stack.enter_async_context(open_house(settings, log))
        house = replace(opened, clock=clock)
        quiet_libraries()
        line = open_line(TOKEN, sandbox.url)
        await stack.enter_async_context(line.bot)
        yield World(
            sandbox=sandbox,
            house=house,
            clock=clock,
            log=log,
            line=line,
            front=house.front(line),
            reader=reader,
        )


def _settings(data_dir: Path, database_url: str | None = None, **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        database_url=SecretStr(database_url) if database_url else None,
        bot_token=SecretStr(TOKEN),
        data_dir=data_dir,
        operator_name="Test Operator",
        **more,
    )


@cache
def _sandbox() -> str:
    """One a process; `reset` for each world."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--token", TOKEN, "--no-limits"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    atexit.register(_stop, process)
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line.startswith(READY), f"the sandbox said: {line!r}"
    return line.removeprefix(READY)


def _stop(process: "subprocess.Popen[str]") -> None:
    with process:
        process.terminate()


@cache
def _template() -> tuple[Path, Reader]:
    """A deployment with one moderator who reads, made once a process and copied."""
    folder = Path(tempfile.mkdtemp(prefix="sauti-world-"))
    atexit.register(shutil.rmtree, folder)
    settings = _settings(folder / "data")
    list(make_keys(settings, root_key=None, demo=True))
    with at_quick_cost():
        return folder / "data", asyncio.run(_staffed(settings))


async def _staffed(settings: Settings) -> Reader:
    await make_data(settings)
    async with open_house(settings, Log()) as opened:
        house = replace(opened, clock=FakeClock())
        desk = house.enrolment_desk(ELSEWHERE, Language.ENGLISH)
        prepared = await desk.prepare(await _invite(house, founding=True))
        confirmed = await desk.confirm(prepared)
    return Reader(
        member=confirmed.member,
        passphrase=prepared.enrolled.passphrase,
        share=confirmed.share,
    )


async def _invite(
    house: House,
    *,
    founding: bool,
    role: Role = Role.MODERATOR,
    desk: DeskKey = NATIONAL,
) -> str:
    place = KeyFolder(house.settings.data_dir).offline / ROOT_SECRET
    root = read_root_secret(place.read_text(encoding="ascii"))
    async with house.stores.cases() as cases:
        entry, payload = new_invite(
            root,
            role=role,
            desk=desk,
            founding=founding,
            expires=house.clock.now().date(),
        )
        await cases.staff.add_invite(entry)
        await cases.commit()
    return payload
