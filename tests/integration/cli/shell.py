"""The command `sauti` as an operator types it: what it did, or one clear line and status 1;
no secret that was not asked for, and nothing left behind by what failed.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner, Result

from app.cli import sauti
from app.log import configure
from app.opening import open_house
from app.settings import Settings
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.ports.chat import Language

TOKEN = "1:sandbox-cli"
PAYLOAD = re.compile(r"/start (m-[\w-]+)")


@dataclass(frozen=True, slots=True)
class Shell:
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "var"

    def sauti(self, *words: str, keys: str | None = None, **settings: str) -> Result:
        given = {f"SAUTI_{name.upper()}": value for name, value in settings.items()}
        return CliRunner().invoke(sauti, words, input=keys, env=given)

    def typed(self, keys: str, *words: str) -> Result:
        """A command that asks, and what is answered."""
        return CliRunner().invoke(sauti, words, input=keys)

    def said(self, *words: str, **settings: str) -> str:
        """What a command that worked said."""
        done = self.sauti(*words, **settings)
        assert done.exit_code == 0, done.output
        return done.stdout

    def refusal(self, *words: str, **settings: str) -> str:
        """The one line of a command that could not."""
        done = self.sauti(*words, **settings)
        assert done.exit_code == 1, done.output
        assert isinstance(done.exception, SystemExit), done.exception
        assert len(done.stderr.splitlines()) == 1, done.stderr
        return done.stderr.strip()

    def files(self) -> dict[str, bytes]:
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}


async def enrolled(data: Path, payload: str) -> None:
    settings = Settings(_env_file=None, data_dir=data)
    async with open_house(settings, lambda *_, **__: None) as house:
        desk = house.enrolment_desk(101, Language.ENGLISH)
        await desk.confirm(await desk.prepare(payload))


async def in_the_outbox(data: Path, *, delivered: bool = False) -> None:
    async with open_house(Settings(_env_file=None, data_dir=data), configure()) as house:
        outbox = house.outbox()
        message = Message(
            subject=outbox.subject(1),
            kind=MessageKind.FOLLOW_UP,
            anchor="today",
            due=house.clock.now(),
            to=Addressee(chat=1, language=Language.ENGLISH),
            facts={},
        )
        await outbox.post([message])
        for claimed in await outbox.claim(1 if delivered else 0):
            await outbox.delivered(claimed.key)
