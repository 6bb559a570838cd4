"""The demo: a sandbox Telegram as a process of its own, a fresh deployment in a
temporary folder, and phones seeded over HTTP. Everything is gone when it stops.
"""

import asyncio
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import typer
from pydantic import SecretStr

from app.demo_story import story
from app.inviting import make_invite
from app.keys import ROOT_SECRET, KeyFolder
from app.log import configure
from app.making import make_data, make_keys
from app.opening import open_house
from app.run import serve
from app.sandbox_clock import SandboxClock
from app.settings import SettingRefused, Settings
from app.wiring import House
from bot.dialogue.screen import Text
from bot.telegram.application import open_line
from bot.texts.catalogue import Catalogue
from crypto.spelling import read_root_secret
from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.chat import Language
from domain.staff.member import Role

TOKEN = "1:sandbox"  # noqa: S105 - the sandbox takes no real one
READY = "sandbox ready "
PATIENCE = 20.0

LONG = 60.0
"""Seconds; above what the sandbox holds a question open."""

SOON = timedelta(seconds=1)
"""Whoever moves the clock on the page should not wait for what it brings."""

SAY = Catalogue.load(Language.ENGLISH)
BUTTON = SAY.plain(Text("button.written"))
UNLOCK = SAY.plain(Text("moderator.button_unlock"))
ASKED = SAY.plain(Text("moderator.ask_passphrase"))
LET_IN = SAY.form("moderator.button_let_in").partition("{")[0]
SAME = SAY.plain(Text("moderator.button_same"))
ACCEPT = SAY.plain(Text("button.accept"))
ENROLLED = SAY.plain(Text("officer.enrolled"))
OFFICE = DeskKey("nairobi-east/county_commissioner")
LOCK = SAY.plain(Text("moderator.button_lock"))
WELCOME = SAY.plain(Text("moderator.welcome"))
LOCKED = SAY.plain(Text("moderator.how_to_unlock"))


class DemoFailed(SettingRefused):
    """The sandbox or the bot did not come up; the message says which."""


async def play(port: int) -> None:
    """A sandbox, and one world in it after another, until Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="sauti-demo-") as folder:
        settings = _settings(Path(folder) / "data")
        async with _sandbox(port, settings) as url:
            settings = settings.model_copy(update={"telegram_api_url": url})
            while await _world(settings, url):
                shutil.rmtree(settings.data_dir)
                async with httpx.AsyncClient(base_url=url) as http:
                    (await http.post("/reset")).raise_for_status()


async def _world(settings: Settings, url: str) -> bool:
    """1. A deployment with demo keys. 2. Bot. 3. Phones. Whether a fresh one is wanted."""
    list(make_keys(settings, root_key=None, demo=True))
    await make_data(settings)
    clock = SandboxClock(settings.zone)
    async with open_house(settings, configure(), clock) as opened:
        house = replace(opened, ring_every=SOON, deliver_every=SOON, notice_every=SOON, leaps=True)
        return await _with_bot(house, settings, url, clock)


def _settings(data_dir: Path) -> Settings:
    """The demo's own, whatever stands in the environment or in `.env`."""
    shipped = {name: field.default for name, field in Settings.model_fields.items()}
    own: dict[str, Any] = {
        "bot_token": SecretStr(TOKEN),
        "data_dir": data_dir,
        "operator_name": "Sauti Salama (demo)",
    }
    return Settings(_env_file=None, **shipped | own)


async def _with_bot(house: House, settings: Settings, url: str, clock: SandboxClock) -> bool:
    following = asyncio.create_task(clock.follow(url))
    serving = asyncio.create_task(serve(house, open_line(TOKEN, url)))
    seeding = asyncio.create_task(_seed(house, settings, url))
    wishing = asyncio.create_task(_fresh_wanted(url))
    try:
        await asyncio.wait({serving, seeding}, return_when=asyncio.FIRST_COMPLETED)
        if not serving.done():
            seeding.result()
            typer.echo(f"Open {url} in a browser. Ctrl-C ends the demo; nothing is kept.")
            await asyncio.wait({serving, wishing}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        return not serving.done()
    finally:
        for task in (wishing, seeding, serving, following):
            task.cancel()
        await asyncio.wait({wishing, serving, seeding, following})


async def _fresh_wanted(url: str) -> None:
    """Returns when somebody presses *Start again* on the page."""
    async with httpx.AsyncClient(base_url=url, timeout=LONG) as http:
        before = (await http.get("/fresh/wait", params={"after": -1})).json()["wishes"]
        while (await http.get("/fresh/wait", params={"after": before})).json()["wishes"] == before:
            pass


@asynccontextmanager
async def _sandbox(port: int, settings: Settings) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", str(port), "--token", TOKEN),
        *("--bot-name", "Sauti Salama", "--bot-username", "sauti_salama_bot"),
        *("--zone", settings.timezone, "--window", settings.update_window),
        stdout=PIPE,
        start_new_session=True,
    )
    try:
        yield await _address(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _address(process: Process) -> str:
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode().strip()
    if not line.startswith(READY):
        message = "the sandbox did not start; is its port taken? try `sauti demo --port 0`"
        raise DemoFailed(message)
    return line.removeprefix(READY)


@dataclass(frozen=True, slots=True)
class SeededPhone:
    """One phone of the page, driven over HTTP as a hand would."""

    http: httpx.AsyncClient
    id: int

    async def send(self, text: str) -> None:
        await self._post("send", text=text)

    async def press(self, beginning: str) -> None:
        """The first button that begins so, as soon as it is there."""
        chat = await self.until(lambda chat: any(_beginning(buttons_of(chat), beginning)))
        await self._post("press", text=next(_beginning(buttons_of(chat), beginning)))

    async def note(self, text: str) -> None:
        (await self.http.patch(f"/phones/{self.id}", json={"note": text})).raise_for_status()

    async def until(self, seen: Any) -> dict[str, Any]:
        """Raises DemoFailed when it does not come."""
        chat: dict[str, Any] = (await self.http.get(f"/phones/{self.id}")).json()
        for _ in range(int(PATIENCE)):
            if seen(chat):
                return chat
            chat = (
                await self.http.get(
                    f"/phones/{self.id}/wait", params={"after": chat["seq"], "timeout": 1}
                )
            ).json()
        message = "the bot did not answer in time"
        raise DemoFailed(message)

    async def _post(self, action: str, **body: str) -> None:
        (await self.http.post(f"/phones/{self.id}/{action}", json=body)).raise_for_status()


def _beginning(buttons: list[str], text: str) -> Iterator[str]:
    return (button for button in buttons if button.startswith(text))


def buttons_of(chat: dict[str, Any]) -> list[str]:
    rows = [row for message in chat["messages"] for row in message["buttons"]]
    return [button["text"] for row in rows for button in row]


async def _seed(house: House, settings: Settings, url: str) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE + 10) as http:
        await _phone(http, name="Amina", role="citizen")
        first = await _moderator(house, settings, http, "Otieno")
        second = await _moderator(house, settings, http, "Wanjiru")
        await _let_in(first, second)
        await _officer(house, settings, http, "Kamau")
        (await http.put("/story", json={"steps": story()})).raise_for_status()


async def _phone(http: httpx.AsyncClient, **given: str) -> SeededPhone:
    made = await http.post("/phones", json={"language_code": "en", **given})
    made.raise_for_status()
    return SeededPhone(http, made.json()["id"])


@dataclass(frozen=True, slots=True)
class SeededModerator:
    phone: SeededPhone
    passphrase: str
    words: tuple[str, ...]


async def _moderator(
    house: House, settings: Settings, http: httpx.AsyncClient, name: str
) -> SeededModerator:
    payload = await _invite(house, settings)
    phone = await _phone(http, name=name, role="moderator")
    await phone.send(f"/start {payload}")
    card = await phone.until(lambda chat: any(BUTTON in text for text in buttons_of(chat)))
    passphrase, words = _code_in(card["messages"][-1]), _words_on(card["messages"][-1])
    await phone.press(BUTTON)
    await phone.until(lambda chat: BUTTON not in buttons_of(chat))
    await phone.note(f"Passphrase: {passphrase}")
    return SeededModerator(phone, passphrase, words)


async def _let_in(first: SeededModerator, second: SeededModerator) -> None:
    """The first moderator unlocks, lets the second in, who is told, and locks again."""
    phone = first.phone
    await phone.press("Unlock")
    await phone.until(lambda chat: "passphrase now" in chat["messages"][-1]["text"])
    await phone.send(first.passphrase)
    for button in ("Pending", f"Let in: {second.words[0]}", "Yes, the same words", "Lock"):
        await phone.press(button)
    await phone.until(lambda chat: "Locked" in chat["messages"][-1]["text"])
    await second.phone.until(lambda chat: WELCOME in chat["messages"][-1]["text"])


async def _officer(house: House, settings: Settings, http: httpx.AsyncClient, name: str) -> None:
    payload = await _invite(house, settings, Role.OFFICER, OFFICE)
    phone = await _phone(http, name=name, role="officer", note="County Commissioner, Nairobi East")
    await phone.send(f"/start {payload}")
    await phone.press(ACCEPT)
    await phone.until(lambda chat: ENROLLED in chat["messages"][-1]["text"])


async def _invite(
    house: House, settings: Settings, role: Role = Role.MODERATOR, desk: DeskKey = NATIONAL
) -> str:
    root = read_root_secret(
        (KeyFolder(settings.data_dir).offline / ROOT_SECRET).read_text(encoding="ascii")
    )
    return (await make_invite(house, root, role=role, desk=desk)).payload


def _code_in(message: dict[str, Any]) -> str:
    """The first run of the message that is set as code: the passphrase."""
    entity = next(one for one in message["entities"] if one["type"] == "code")
    units: bytes = message["text"].encode("utf-16-le")
    start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
    return units[start:end].decode("utf-16-le")


def _words_on(message: dict[str, Any]) -> tuple[str, ...]:
    """The six words on the card, its last line."""
    return tuple(message["text"].strip().splitlines()[-1].split())
