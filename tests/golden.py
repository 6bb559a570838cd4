"""What a release keeps, written down once and read for ever: three stores as SQL, and what
opens them. `python -m tests.golden NAME` writes a new one; an old one is never written again.
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.custody import RootedCustody
from crypto.keyring import Keyring
from crypto.sealer import ReportSealer
from crypto.xwing import PublicKey
from domain.chats.memory import ChatMemory
from domain.followup.followers import CountyFollowed, Followers
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.reports.files import CleanFile, FileKind
from domain.reports.own import Own
from domain.staff.member import MemberId
from storage.migrate import upgrade
from storage.open import open_stores
from storage.tables.metadata import STORES
from tests.house import DEPLOYMENT, RECOVERY, ROOT, House, Moderator, a_founded_house

HOME = Path(__file__).parent / "vectors" / "stores"
WORDS = ("They come at night to the Maringo bridge.", "Wanakuja na pikipiki nyeusi.")
FILE = CleanFile(kind=FileKind.TEXT, content=b"Kilichoandikwa ukutani")
QUESTION, ANSWER = "On which days?", "Every Friday"
CHAT = 7_712_345_678


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """A release's stores, and what people and the server of that time held."""

    name: str

    @property
    def folder(self) -> Path:
        return HOME / self.name

    def held(self, name: str) -> bytes:
        read: dict[str, str] = json.loads((self.folder / "held.json").read_text("utf-8"))
        return b64decode(read[name])

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[House]:
        """The stores of then, in the shape of now."""
        for store in STORES:
            with closing(sqlite3.connect(folder / f"{store}.db")) as file:
                file.executescript((self.folder / f"{store}.sql").read_text("utf-8"))
        await upgrade(None, folder)
        stores = await open_stores(None, folder)
        root, recovery = self.held("root_public"), self.held("recovery_public")
        house = House(
            folder=folder,
            stores=stores,
            sealer=ReportSealer(root_public=root, deployment_id=self.held("deployment")),
            custody=RootedCustody(root_public=root, recovery_public=PublicKey.from_bytes(recovery)),
            keyring=Keyring.parse(self.held("keyring").decode()),
            first=Moderator(
                id=MemberId(self.held("member")),
                passphrase=self.held("passphrase").decode(),
                share=self.held("share"),
                chat=101,
            ),
        )
        try:
            yield house
        finally:
            await stores.aclose()


def followers(house: House) -> Followers:
    seal = KeyringChatSeal(house.keyring, Purpose.FOLLOWER)
    return Followers(stores=house.stores, seal=seal, clock=house.clock)


async def write(name: str) -> None:
    home = HOME / name
    home.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        async with a_founded_house(Path(folder), None) as house:
            code = await _lived(house)
            first = house.first
            held = {
                "code": code.encode(),
                "deployment": DEPLOYMENT,
                "root_public": ROOT.public,
                "recovery_public": RECOVERY.public.raw,
                "keyring": house.keyring.format().encode(),
                "member": first.id,
                "passphrase": first.passphrase.encode(),
                "share": first.share,
            }
        written = {name: b64encode(value).decode() for name, value in held.items()}
        (home / "held.json").write_text(json.dumps(written, indent=1) + "\n", "utf-8")
        for store in STORES:
            with closing(sqlite3.connect(Path(folder) / f"{store}.db")) as file:
                (home / f"{store}.sql").write_text("\n".join(file.iterdump()) + "\n", "utf-8")


async def _lived(house: House) -> str:
    """One of everything that is kept of a citizen. The code."""
    await house.unlock(house.first)
    code, report = await house.sent(words=WORDS, files=(FILE,))
    checked = await house.check(code)
    await house.desk(house.first).claim(report.ref)
    await house.desk(house.first).ask(report.ref, QUESTION)
    await house.own((await house.check(code)).held).say(Own.ANSWER, ANSWER, "0")
    to = Addressee(chat=CHAT, language=Language.KISWAHILI)
    await house.mailboxes.open(checked.held.secret, to)
    memory = ChatMemory(chat=CHAT, language=Language.KISWAHILI, shared=False)
    await house.memories.keep(memory.noting(frozenset({41, 42}), house.clock.now()))
    county = CountyFollowed(county=CountyCode("021"))
    await followers(house).follow(CHAT, Language.KISWAHILI, county)
    message = Message(
        subject=bytes(32),
        kind=MessageKind.NOTICE,
        anchor="2026-11-02",
        due=house.clock.now(),
        to=to,
        facts={"slot": "A" * 43},
    )
    await house.outbox.post([message])
    await house.mailboxes.forget(CHAT + 1)
    return code


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1]))
