"""A deployment on the custodians' key, for the drills."""

import shutil
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from app.opening import open_house
from app.settings import Settings
from domain.ports.chat import Language
from domain.reports.draft import Draft
from domain.reports.report import ReportId, ReportRef
from domain.reports.submit import submit
from domain.reports.topic import Topic
from domain.staff.enrol import Prepared
from storage.tables.metadata import STORES
from tests.integration.cli.shell import PAYLOAD, Shell

SAID = ("They come at night to the Maringo bridge.",)
DESK = ("--desk", "national")


class Drill:
    """A deployment on the custodians' key: shares and wraps lie in `room`."""

    def __init__(self, shell: Shell, url: str | None) -> None:
        self.shell = shell
        self.url = url
        self.room = shell.folder / "room"
        self.root = str(shell.folder / "stick" / "root.key")
        self.settings = Settings(
            _env_file=None,
            data_dir=shell.data,
            database_url=SecretStr(url) if url else None,
            recovery_public_key=f"file:{self.room / 'recovery.pub'}",
        )
        self.told = {"recovery_public_key": f"file:{self.room / 'recovery.pub'}"}
        if url is not None:
            self.told["database_url"] = url

    def said(self, *words: str) -> str:
        return self.shell.said(*words, **self.told)

    def answered(self, keys: str, *words: str) -> str:
        """What a command that asks said."""
        done = self.shell.sauti(*words, keys=keys, **self.told)
        assert done.exit_code == 0, done.output
        return done.stdout

    def refusal(self, *words: str) -> str:
        return self.shell.refusal(*words, **self.told)

    def invited(self, *words: str) -> str:
        invite = ("staff", "invite", "--role", "moderator", "--root-key", self.root)
        payload = PAYLOAD.search(self.said(*invite, *words))
        assert payload
        return payload.group(1)

    def another_set(self, room: Path) -> None:
        """Custodians met again, and the deployment takes their key from now on."""
        self.said("custodians", str(room), "--files")
        self.room = room
        self.told["recovery_public_key"] = f"file:{room / 'recovery.pub'}"
        told = {"recovery_public_key": self.told["recovery_public_key"]}
        self.settings = self.settings.model_copy(update=told)

    def shares(self, *numbers: int) -> list[str]:
        paths = [self.room / f"share-{number}" / "share.txt" for number in numbers]
        return [word for path in paths for word in ("--share", str(path))]

    def recover(self, words: str, *numbers: int) -> tuple[str, ...]:
        wraps = ("--wraps", str(self.room / "recovery.wraps"))
        return ("keys", "recover", *DESK, *wraps, *self.shares(*numbers), "--words", words)

    def lose(self) -> Path:
        """The disk and the database are gone. Root's public half was kept apart: where it is."""
        kept = self.shell.folder / "root.pub"
        shutil.move(self.shell.data / "keys" / "root.pub", kept)
        shutil.rmtree(self.shell.data)
        if self.url is not None:
            with psycopg.connect(self.url) as connection:
                for store in STORES:
                    connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(store)))
        return kept

    async def enrolled(self, payload: str, chat: int) -> Prepared:
        async with open_house(self.settings, _unheard) as house:
            desk = house.enrolment_desk(chat, Language.ENGLISH)
            prepared = await desk.prepare(payload)
            await desk.confirm(prepared)
        return prepared

    async def let_everybody_in(self, by: Prepared, chat: int) -> None:
        async with open_house(self.settings, _unheard) as house:
            member = by.enrolled.member.id
            await house.moderator_desk(member, chat, 1).unlock(*_halves(by))
            for update, newcomer in enumerate(
                await house.moderator_desk(member, chat, 2).pending()
            ):
                await house.moderator_desk(member, chat, 3 + update).grant(newcomer)
            await house.moderator_desk(member, chat, 2).lock()

    async def renewed(self, prepared: Prepared, chat: int) -> int:
        """They unlock, and the bot makes the next key where one is needed."""
        async with open_house(self.settings, _unheard) as house:
            desk = house.moderator_desk(prepared.enrolled.member.id, chat, 1)
            await desk.unlock(*_halves(prepared))
            made = await house.renewing().run()
            await desk.lock()
        return made

    async def sent(self) -> ReportRef:
        async with open_house(self.settings, _unheard) as house:
            report, code = ReportId(house.entropy.token(16)), await house.sealer.mint()
            county = house.gazetteer.counties()[0].code
            draft = Draft(nonce=report, words=SAID, topic=Topic.LAND, county=county)
            await submit(
                draft,
                code,
                stores=house.stores,
                sealer=house.sealer,
                clock=house.clock,
                entropy=house.entropy,
            )
            async with house.stores.cases() as cases:
                found = await cases.reports.get(report)
        assert found is not None
        return found.ref

    async def read(self, ref: ReportRef, prepared: Prepared, chat: int) -> tuple[str, ...]:
        """By the bot's own desk, as *Unlock* and `/open` do."""
        async with open_house(self.settings, _unheard) as house:
            desk = house.moderator_desk(prepared.enrolled.member.id, chat, 1)
            await desk.unlock(*_halves(prepared))
            opened = await desk.open(ref)
            await desk.lock()
            return opened.words.messages


def _halves(prepared: Prepared) -> tuple[str, bytes]:
    return prepared.enrolled.passphrase, prepared.enrolled.share


def _unheard(event: str, **fields: object) -> None:
    """Commands are heard on their own streams."""


def rows_of(room: Path) -> list[str]:
    """Rows of six words, as they stand in the files of the shares."""
    texts = [path.read_text() for path in sorted(room.rglob("share.txt"))]
    return [" ".join(text.split()[3:9]) for text in texts]
