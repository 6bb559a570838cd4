"""`sauti restore`: a backup of one store put back, and who was revoked since stays revoked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app import keys
from app.alone import RESTORE, alone
from app.backing_up import Head, Store
from app.cli.backups import FileArgument, StoreArgument
from app.cli.recovery_key import ShareOption, UndividedOption, WrapsOption, recovery_pair
from app.cli.saying import finish, say, settings_or_exit
from app.custody_files import RecoveryPlaces
from app.keyring_file import join_keyring
from app.keys import KeyFolder, write_private
from app.restoring import MemberThen, Opened, Restored, Wishes, refuse_living, restore, verify
from app.settings import SettingRefused, Settings
from app.shutdown import refuse_shut_down
from app.world import SystemClock
from domain.staff.member import MemberId
from storage.fitting import without_key
from storage.migrate import upgrade
from storage.restoring import knows_members

NOBODY = "nobody"


def restore_store(
    *,
    store: StoreArgument,
    file: FileArgument,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="The store holds rows: put the backup in their place."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Open all of it, say what is in it, keep nothing.")
    ] = False,
    drop_unreadable: Annotated[
        bool,
        typer.Option(
            "--drop-unreadable",
            help="Cases: leave out reports whose key is destroyed. Shreds: keys without a report.",
        ),
    ] = False,
    older: Annotated[
        bool, typer.Option("--older", help="Shreds: the newest backup is lost, take this one.")
    ] = False,
    revoked: Annotated[
        list[str] | None,
        typer.Option(help="Cases: who was revoked since the backup was made; once for each."),
    ] = None,
    nobody_revoked: Annotated[
        bool, typer.Option("--nobody-revoked", help="Cases: nobody was revoked since.")
    ] = False,
    wraps: WrapsOption = None,
    share: ShareOption = None,
    recovery_key: UndividedOption = None,
) -> None:
    """Put a backup of one store back. Needs the recovery key; no bot may run."""
    settings = settings_or_exit()
    places = RecoveryPlaces(wraps=wraps, shares=share or (), undivided=recovery_key)
    if dry_run:
        opened = finish(_verify(settings, store, file, places))
        say(f"{file}: {store} as of {_said(opened.head)}, {opened.rows} rows, whole.")
        for line in _members_then(opened):
            say(line)
        return
    wishes = Wishes(
        overwrite=overwrite,
        drop_unreadable=drop_unreadable,
        older=older,
        named=() if nobody_revoked else tuple(revoked) if revoked else None,
    )
    done = finish(_restore(settings, store, file, places, wishes))
    say(f"{store} is as of {_said(done.head)}: {sum(done.counts.values())} rows.")
    for line in _kept(done):
        say(line)
    if store is not Store.ADDRESSES:
        _say_unreadable(settings, drop=drop_unreadable and store is Store.CASES)
    say("Next: `sauti doctor`.")


async def _verify(settings: Settings, store: Store, file: Path, places: RecoveryPlaces) -> Opened:
    with recovery_pair(settings, places) as pair:
        return verify(store, file, pair)


async def _restore(
    settings: Settings,
    store: Store,
    file: Path,
    places: RecoveryPlaces,
    wishes: Wishes,
) -> Restored:
    """1. No bot runs. 2. All of the file opens, may come in the place of what is here, and fits it.
    3. Who was revoked since. 4. What the rows are of no use without. 5. The rows.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    async with alone(settings, RESTORE):
        await upgrade(settings.database, settings.data_dir)
        await refuse_shut_down(settings)
        with recovery_pair(settings, places) as pair:
            opened = verify(store, file, pair)
            refuse_living(settings, store, wishes)
            take = _keys_to_take(settings, store, opened.head)
            if wishes.named is not None:
                wishes = replace(wishes, revoked=_all_named(opened.members, wishes.named))
            elif not _says_who_left(settings, opened):
                wishes = replace(wishes, revoked=_asked(opened))
            take()  # before the rows: keys too many open nothing, rows without theirs are lost
            now = SystemClock(settings.zone).now()
            return restore(settings, store, file, pair, now=now, say=say, wishes=wishes)


def _says_who_left(settings: Settings, opened: Opened) -> bool:
    """Whether the store that is replaced does."""
    then = [each.id for each in opened.members]
    return knows_members(settings.database, settings.data_dir, then)


def _asked(opened: Opened) -> frozenset[MemberId]:
    """Until the answer can be meant. Nothing is restored before."""
    for line in _members_then(opened):
        say(line)
    say("Whoever was revoked since would be a member again, with the passphrase they had.")
    while True:
        typed = typer.prompt(f"Who was? Their eight characters, or `{NOBODY}`")
        words = typed.replace(",", " ").split()
        try:
            return _all_named(opened.members, [] if words == [NOBODY] else words or [""])
        except SettingRefused as refused:
            say(f"No: {refused}.")


def _all_named(members: Sequence[MemberThen], named: Sequence[str]) -> frozenset[MemberId]:
    return frozenset(_named(members, each) for each in named)


def _named(members: Sequence[MemberThen], short: str) -> MemberId:
    """Raises SettingRefused."""
    found = [each.id for each in members if each.id.hex().startswith(short.lower())]
    if len(found) != 1 or len(short) < len("01234567"):
        message = f"{len(found)} members of then match {short!r}; give eight characters or more"
        raise SettingRefused(message)
    return found[0]


def _members_then(opened: Opened) -> Iterator[str]:
    if opened.members:
        yield f"Members at {_said(opened.head)}:"
    for each in opened.members:
        yield f"  {each.short}  {each.role}  {each.desk}"


def _kept(done: Restored) -> Iterator[str]:
    """What of the store that was replaced stays, and what of the backup does not come back."""
    if (kept := done.kept) is not None:
        if kept.revoked:
            yield f"Members then who are revoked, and stay so: {kept.revoked}."
        if kept.members:
            yield f"Members since, who stay: {kept.members}."
        if kept.generations:
            yield f"Generations of desks' keys made since, which stay: {kept.generations}."
        if kept.refused:
            yield f"Generations that do not follow from the root, left out: {kept.refused}."
    if (fitted := done.fitted) is not None:
        if fitted.left_out:
            yield (
                f"Keys that stay destroyed: {fitted.left_out}. Their reports ended, or are not in"
                " cases. If a newer cases is to come, restore it, then shreds once more."
            )
        if fitted.dropped:
            yield f"Keys that were here without a report in cases, now destroyed: {fitted.dropped}."


def _keys_to_take(settings: Settings, store: Store, head: Head) -> Callable[[], None]:
    """Raises SettingRefused where the backup's do not fit those that are here."""
    match store:
        case Store.CASES:
            place = KeyFolder(settings.data_dir).keys / keys.DEPLOYMENT
            if not place.exists():
                return partial(write_private, place, head.with_it)
            if keys.deployment_id(settings).hex() != head.with_it:
                message = f"this backup is of another deployment than {place} says"
                raise SettingRefused(message)
            return _nothing
        case Store.ADDRESSES:
            return join_keyring(settings, head.with_it)
        case Store.SHREDS:
            return _nothing


def _nothing() -> None:
    """What the rows need is here already."""


def _say_unreadable(settings: Settings, *, drop: bool) -> None:
    count = without_key(settings.database, settings.data_dir, drop=drop)
    if count and drop:
        say(f"Reports without a key in shreds, left out: {count}.")
    elif count:
        say(
            f"Reports without a key in shreds, which nobody opens: {count}. Shreds is not restored"
            " yet, or they ended since, or shreds is older than cases. `restore cases` with"
            " --drop-unreadable leaves them out."
        )


def _said(head: Head) -> str:
    return f"{head.made:%Y-%m-%d %H:%M}"
