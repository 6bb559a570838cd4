"""What a release keeps, written down once and read for ever: three stores as SQL, and what
opens them. `python -m tests.golden NAME` writes a new one; an old one is never written again.
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.custody import RootedCustody
from crypto.keyring import Keyring
from crypto.sealer import ReportSealer
from crypto.xwing import PublicKey
from domain.followup.followers import Followers
from domain.staff.member import MemberId
from storage.migrate import upgrade
from storage.open import open_stores
from storage.tables.metadata import STORES
from tests.fakes.world import MONDAY, FakeClock
from tests.golden_life import Life
from tests.house import DEPLOYMENT, RECOVERY, ROOT, House, Moderator, a_founded_house

HOME = Path(__file__).parent / "vectors" / "stores"
FIRST = {"first id": "member", "first passphrase": "passphrase", "first share": "share"}
"""What the first set called them: it knew one member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """A release's stores, and what people and the server of that time held."""

    name: str

    @property
    def folder(self) -> Path:
        return HOME / self.name

    def put_into(self, folder: Path) -> None:
        """The stores of then, as they were."""
        for store in STORES:
            with closing(sqlite3.connect(folder / f"{store}.db")) as file:
                file.executescript((self.folder / f"{store}.sql").read_text("utf-8"))

    def held(self, name: str) -> bytes:
        read: dict[str, str] = json.loads((self.folder / "held.json").read_text("utf-8"))
        return b64decode(read[name] if name in read else read[FIRST[name]])

    def code(self, name: str) -> str:
        return self.held(f"code {name}").decode()

    def person(self, name: str, chat: int) -> Moderator:
        return Moderator(
            id=MemberId(self.held(f"{name} id")),
            passphrase=self.held(f"{name} passphrase").decode(),
            share=self.held(f"{name} share"),
            chat=chat,
        )

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[House]:
        """The stores of then, in the shape of now."""
        self.put_into(folder)
        await upgrade(None, folder)
        async with self.house(folder, None) as house:
            yield house

    @asynccontextmanager
    async def house(self, folder: Path, database_url: str | None) -> AsyncIterator[House]:
        """Over stores that are there, with what was held then."""
        stores = await open_stores(database_url, folder)
        root, recovery = self.held("root_public"), self.held("recovery_public")
        house = House(
            folder=folder,
            url=database_url,
            stores=stores,
            sealer=ReportSealer(root_public=root, deployment_id=self.held("deployment")),
            custody=RootedCustody(root_public=root, recovery_public=PublicKey.from_bytes(recovery)),
            keyring=Keyring.parse(self.held("keyring").decode()),
            clock=FakeClock(moment=self.moment()),
            first=self.person("first", 101),
        )
        try:
            yield house
        finally:
            await stores.aclose()

    def moment(self) -> datetime:
        """When its last row was written; the first set lived for an hour, on a Monday."""
        try:
            return datetime.fromisoformat(self.held("now").decode())
        except KeyError:
            return MONDAY


def followers(house: House) -> Followers:
    seal = KeyringChatSeal(house.keyring, Purpose.FOLLOWER)
    return Followers(stores=house.stores, seal=seal, clock=house.clock)


async def write(name: str) -> None:
    home = HOME / name
    home.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        async with a_founded_house(Path(folder), None) as house:
            life = Life(house=house, followers=followers(house))
            await life.lived()
            held = {
                "deployment": DEPLOYMENT,
                "root_public": ROOT.public,
                "recovery_public": RECOVERY.public.raw,
                "recovery_seed": bytes(RECOVERY.seed),
                "keyring": house.keyring.format().encode(),
                "now": house.clock.now().isoformat().encode(),
                **{f"code {name}": code.encode() for name, code in life.codes.items()},
                **{f"number {at}": number.encode() for at, number in enumerate(life.numbers)},
                **dict(_people({"first": house.first, **life.people})),
            }
        written = {name: b64encode(value).decode() for name, value in held.items()}
        (home / "held.json").write_text(json.dumps(written, indent=1) + "\n", "utf-8")
        for store in STORES:
            with closing(sqlite3.connect(Path(folder) / f"{store}.db")) as file:
                (home / f"{store}.sql").write_text("\n".join(file.iterdump()) + "\n", "utf-8")


def _people(people: dict[str, Moderator]) -> Iterator[tuple[str, bytes]]:
    for name, each in people.items():
        yield f"{name} id", each.id
        yield f"{name} passphrase", each.passphrase.encode()
        yield f"{name} share", each.share


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1]))
