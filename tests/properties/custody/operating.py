"""What the operator does: the service key rotates; each store is backed up and restored; a report
comes to its end.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from pydantic import SecretStr

from app import rotating
from app.backing_up import Store, back_up
from app.keyring_file import join_keyring, keyring_here, keyring_place, replace_keyring
from app.keys import DEPLOYMENT, ROOT_PUBLIC, SERVICE, KeyFolder, write_private
from app.restoring import Wishes, restore, verify
from app.settings import SettingRefused, Settings
from crypto.spelling import ROOT_PUBLIC as SPELT
from crypto.spelling import spell
from domain.moderation.sessions import Sessions
from domain.ports.stores import Cases
from domain.reports.ending import end
from domain.reports.report import Report
from domain.reports.tombstone import Ending, Tombstone
from tests.house import DEPLOYMENT as DEPLOYMENT_ID
from tests.house import RECOVERY, ROOT, House
from tests.properties.custody.acts import act
from tests.properties.custody.looking import Looking
from tests.properties.custody.people import Crash, Dying, Shelved, crashes, dying

which = st.integers(0, 99)
OVER = Wishes(overwrite=True)
MONTH = date(2026, 11, 1)


def settings_of(house: House) -> Settings:
    """With the files that `sauti init` would have made."""
    folder = KeyFolder(house.folder).keys
    write_private(folder / DEPLOYMENT, DEPLOYMENT_ID.hex())
    write_private(folder / SERVICE, house.keyring.format())
    write_private(folder / ROOT_PUBLIC, spell(SPELT, ROOT.public))
    url = SecretStr(house.url) if house.url else None
    return _settings().model_copy(update={"data_dir": house.folder, "database_url": url})


@cache
def _settings() -> Settings:
    return Settings(_env_file=None)


class Operating(Looking):
    settings: Settings
    shelf: Path
    shelved: dict[Store, list[Shelved]]
    renewed: bool
    """Whether no desk waits for its next key, as far as is known."""

    def restart(self) -> None:
        """The process ends, and another one begins: what is in memory is gone."""
        self.house.sessions = Sessions()
        self.house.keyring = keyring_here(self.settings)

    def done(self, work: Any, crash: Dying | None) -> bool:
        """False after a crash that left nothing of it."""
        try:
            with dying(crash):
                work()
        except Crash:
            self.restart()
            assert crash is not None
            return crash.after
        return True

    @act(crash=crashes)
    def the_service_key_rotates(self, crash: Dying | None) -> None:
        """Killed, it goes on with the key that was made; a third is not made before."""
        keyring = keyring_here(self.settings)
        if len(keyring.keys) == 1:
            replace_keyring(keyring_place(self.settings), keyring.rotated())
        self.restart()
        keyring, now = self.house.keyring, self.house.clock.now()
        self.done(lambda: rotating.seal_anew(self.settings, keyring, now, _say), crash)

    @act(2, possible=lambda self: len(self.house.keyring.keys) > 1)
    def the_older_service_key_goes(self) -> None:
        """Once nothing needs it."""
        keyring = keyring_here(self.settings)
        found = rotating.standing(self.settings, keyring)
        if found.older and not found.forgotten and not sum(found.waiting.values()):
            replace_keyring(keyring_place(self.settings), keyring.newest_only())
        self.restart()

    @act(2, possible=lambda self: self.sent, store=st.sampled_from(Store), crash=crashes)
    def a_store_is_backed_up(self, store: Store, crash: Dying | None) -> None:
        """Of *cases* beside the former one, of the others in its place."""
        self.house.clock.passes(minutes=1)
        name = f"cases-{len(self.shelved[store])}" if store is Store.CASES else str(store)
        file = self.shelf / name
        now, public = self.house.clock.now(), RECOVERY.public
        if self.done(lambda: back_up(self.settings, store, file, public, now, say=_say), crash):
            made = Shelved(
                file=file,
                sent=tuple(self.sent),
                chats=frozenset(self.chats),
                keyring=self.house.keyring.format(),
            )
            before = self.shelved[store] if store is Store.CASES else []
            self.shelved[store] = [*before, made]

    @act(
        3,
        possible=lambda self: any(self.shelved.values()),
        store=st.sampled_from(Store),
        backup=which,
        crash=crashes,
    )
    def a_store_is_restored(self, store: Store, backup: int, crash: Dying | None) -> None:
        """Over what is there, the bot standing: the keys before the rows. Killed on the way,
        nothing has changed but that more keys are there.
        """
        if not self.shelved[store]:
            there = [each for each in Store if self.shelved[each]]
            store = there[backup % len(there)]
        made = self.shelved[store][backup % len(self.shelved[store])]
        self.restart()
        assert verify(store, made.file, RECOVERY).rows
        if store is Store.SHREDS and not self._fits(made):
            return
        if store is Store.ADDRESSES:
            join_keyring(self.settings, made.keyring)()
        if not self.done(lambda: self._restored(store, made), crash):
            return
        if store is Store.ADDRESSES:
            self.chats = set(made.chats)
        if store is Store.CASES:
            self.renewed = False
            over = {each.report.id for each in self.ended}
            self.sent = [each for each in made.sent if each.report.id not in over]
        self.restart()

    def _fits(self, made: Shelved) -> bool:
        """Keys that belong to no report any more are refused, all of them."""
        there = {each.report.id for each in self.sent}
        if any(each.report.id in there for each in made.sent):
            return True
        try:
            self._restored(Store.SHREDS, made)
        except SettingRefused:
            return False
        raise AssertionError(made)

    def _restored(self, store: Store, made: Shelved) -> None:
        now = self.house.clock.now()
        restore(self.settings, store, made.file, RECOVERY, now=now, say=_say, wishes=OVER)

    @act(possible=lambda self: len(self.sent) > 1, report=which)
    def a_report_ends(self, report: int) -> None:
        """Half a year after it was closed, or withdrawn."""
        over = self.sent.pop(report % len(self.sent))
        self.run(self._ends(over.report))
        self.ended.append(over)

    async def _ends(self, report: Report) -> None:
        tombstone = Tombstone(leaf=report.intake_leaf, ending=Ending.EXPIRED, month=MONTH)

        async def entomb(cases: Cases) -> bool:
            await cases.tombstones.add(tombstone)
            return True

        assert await end(report.id, entomb, self.house.stores)


def _say(_: str) -> None: ...
