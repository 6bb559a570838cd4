"""A deployment in a temporary folder, made as `sauti init` makes it, with one moderator who
reads for the national desk and is unlocked in this process.
"""

import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from app.inviting import make_invite
from app.keys import ROOT_SECRET, KeyFolder
from app.log import allow
from app.making import make_data, make_keys
from app.opening import open_house
from app.settings import Settings
from app.wiring import House
from bot.telegram.intake import quiet_libraries
from crypto.spelling import read_root_secret
from domain.desks.desk import NATIONAL
from domain.moderation.desk import ModeratorDesk
from domain.ports.chat import Language
from domain.staff.member import MemberId, Role

TOKEN = "1:sandbox-bench"  # noqa: S105 - the small Telegram takes no real one
STAFF_CHAT = 1


def unheard(event: str, **fields: object) -> None:
    """Refuses what the product's own log refuses."""
    allow(event, fields)


@dataclass(slots=True, kw_only=True)
class Deployment:
    """`updates`: ids of the moderator's commands so far."""

    settings: Settings
    house: House
    member: MemberId
    updates: int = 0

    def moderator(self) -> ModeratorDesk:
        """For one update."""
        self.updates += 1
        return self.house.moderator_desk(self.member, STAFF_CHAT, self.updates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A deployment nobody uses, to be copied, and what its moderator knows."""

    data_dir: Path
    member: MemberId
    passphrase: str
    share: bytes


_made: list[Made] = []
"""Once a process."""


@asynccontextmanager
async def deployed() -> AsyncIterator[Deployment]:
    quiet_libraries()
    made = _made[0] if _made else await _make()
    with tempfile.TemporaryDirectory(prefix="sauti-bench-") as folder:
        settings = _settings(Path(folder) / "data")
        shutil.copytree(made.data_dir, settings.data_dir)
        async with open_house(settings, unheard) as house:
            desk = house.moderator_desk(made.member, STAFF_CHAT, 0)
            await desk.unlock(made.passphrase, made.share)
            yield Deployment(settings=settings, house=house, member=made.member)


def _settings(data_dir: Path) -> Settings:
    return Settings(_env_file=None, bot_token=SecretStr(TOKEN), data_dir=data_dir)


async def _make() -> Made:
    folder = tempfile.mkdtemp(prefix="sauti-bench-")
    atexit.register(shutil.rmtree, folder)
    settings = _settings(Path(folder) / "data")
    list(make_keys(settings, root_key=None, demo=True))
    await make_data(settings)
    root = read_root_secret(
        (KeyFolder(settings.data_dir).offline / ROOT_SECRET).read_text(encoding="ascii")
    )
    async with open_house(settings, unheard) as house:
        invite = await make_invite(house, root, role=Role.MODERATOR, desk=NATIONAL)
        enrolment = house.enrolment_desk(STAFF_CHAT, Language.ENGLISH)
        prepared = await enrolment.prepare(invite.payload)
        confirmed = await enrolment.confirm(prepared)
    _made.append(
        Made(
            data_dir=settings.data_dir,
            member=confirmed.member,
            passphrase=prepared.enrolled.passphrase,
            share=confirmed.share,
        )
    )
    return _made[0]
