"""What an operator should know before somebody gets hurt by it."""

import stat
from collections.abc import Iterator
from pathlib import Path

from app.doctor_backups import look_at_shreds
from app.doctor_chats import look_at_chats
from app.doctor_custody import look_at_custody
from app.doctor_pin import look_at_pin
from app.doctor_swap import look_at_swap
from app.finding import Finding, green, red, yellow
from app.keys import RECOVERY_SECRET, ROOT_SECRET, KeyFolder, bot_token, key_files
from app.log import configure
from app.opening import open_house
from app.rotating import said_of, standing
from app.settings import SettingRefused, Settings
from app.wiring import House
from bot.telegram.application import TokenRefused, username_of
from domain.followup.bells import DAY
from storage.errors import StoreUnavailable
from storage.fitting import misfits
from storage.migrate import is_current


async def examine(settings: Settings) -> list[Finding]:
    """Keys and files, swap, database, desks, outbox, clock, Telegram; in this order."""
    if not KeyFolder(settings.data_dir).keys.exists():
        return [red(f"nothing is in {settings.data_dir} yet: `sauti init`")]
    findings = [*_files(settings), look_at_swap()]
    try:
        current = await is_current(settings.database, settings.data_dir)
    except StoreUnavailable:
        return [*findings, red("the database does not answer")]
    if not current:
        return [*findings, red("the database is not in this release's shape: `sauti db upgrade`")]
    try:
        async with open_house(settings, configure()) as house:
            findings += [green("keys and database are there"), look_at_pin(settings)]
            findings += [*await look_at_custody(house), *await look_at_chats(house)]
            findings += [await _outbox(house), await _clock(house), await _order(house)]
            findings += [_keyring(house), *_fit(settings)]
            findings.append(look_at_shreds(settings, house.clock.now()))
    except SettingRefused as refused:
        findings.append(red(str(refused)))
    return [*findings, await _telegram(settings)]


def _files(settings: Settings) -> Iterator[Finding]:
    folder = KeyFolder(settings.data_dir)
    for secret in (ROOT_SECRET, RECOVERY_SECRET):
        if (folder.offline / secret).exists():
            yield yellow(f"{folder.offline / secret} lies beside the data: right for a demo only")
    kept = (Path(".env"), settings.data_dir, *settings.data_dir.rglob("*"), *key_files(settings))
    open_to_others = [
        path
        for path in kept
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_others:
        first, more = open_to_others[0], len(open_to_others) - 1
        and_more = f" and {more} more" if more else ""
        yield red(f"{first}{and_more} can be read by others: chmod -R go= {first}")
    else:
        yield green("only the owner reads the data")


async def _outbox(house: House) -> Finding:
    async with house.stores.addresses() as addresses:
        stages = await addresses.outgoing.count()
    if stages["aside"]:
        return yellow(f"{stages['aside']} messages of the outbox failed again and again")
    return green(f"{stages['waiting']} messages wait in the outbox, none was set aside")


async def _clock(house: House) -> Finding:
    """A deployment that has not run yet, and a job of a new release, are late in nothing."""
    async with house.stores.cases() as cases:
        rung = await cases.bells.all()
    now = house.clock.now()
    ahead = sorted(name for name, last in rung.items() if last > now)
    if ahead:
        return red(
            f"recorded for later than now: {', '.join(ahead)}. The machine's clock is wrong or was:"
            " set it. `sauti run` rings again after an hour"
        )
    jobs = [job for job in house.bells() if job.name in rung]
    late = [job.name for job in jobs if rung[job.name] < job.bell.latest(now - DAY)]
    if not jobs:
        return green("the clock has not rung yet")
    if late:
        return yellow(f"more than a day late: {', '.join(late)}. Is `sauti run` running?")
    return green("every job of the clock was done in time")


async def _order(house: House) -> Finding:
    """The remix is of no use where a log tells the order all the same."""
    if await house.stores.keeps_order():
        return red(
            "PostgreSQL's write-ahead log keeps the order in which rows came: set wal_recycle"
            " off, grant pg_checkpoint and pg_switch_wal()"
        )
    return green("no log of the database keeps an order after the remix")


def _keyring(house: House) -> Finding:
    found = standing(house.settings, house.chat_seal.keyring)
    said = said_of(found)
    return yellow(said) if found.older or any(found.waiting.values()) else green(said)


def _fit(settings: Settings) -> Iterator[Finding]:
    """A restore may leave the one without the other."""
    found = misfits(settings.database, settings.data_dir)
    if found.reports:
        yield yellow(
            f"reports without a key in shreds, which nobody opens: {len(found.reports)}. Restore"
            " shreds, or leave them out by `sauti restore cases` with --drop-unreadable"
        )
    if found.keys:
        yield yellow(
            f"keys in shreds without a report in cases: {len(found.keys)}. Of an older cases that"
            " was restored, or of a Send cut off. `sauti restore shreds` with --drop-unreadable"
            " destroys them"
        )
    if not found.reports and not found.keys:
        yield green("every report has its key, and every key its report")


async def _telegram(settings: Settings) -> Finding:
    try:
        token = bot_token(settings)
        if token is None:
            return yellow("SAUTI_BOT_TOKEN is not set")
        name = await username_of(token, settings.telegram_api_url)
    except SettingRefused as refused:
        return red(str(refused))
    except TokenRefused:
        return red("SAUTI_BOT_TOKEN: Telegram does not know this token")
    return green(f"Telegram answers for @{name}") if name else red("Telegram does not answer")
