"""`sauti keys`: the service keyring rotates; a desk that lost its members is opened again."""

from typing import Annotated

import typer

from app.alone import alone
from app.cli.by_hand import house_by_hand
from app.cli.places import desk_named
from app.cli.recovery_key import ShareOption, UndividedOption, WrapsOption, recovery_pair
from app.cli.saying import finish, refuse, say, settings_or_exit
from app.custody_files import RecoveryPlaces
from app.keyring_file import keyring_here, keyring_place, replace_keyring
from app.log import configure
from app.opening import open_house
from app.rotating import said_of, seal_anew, standing
from app.settings import SettingRefused, Settings
from app.world import SystemClock
from crypto.recovering import OpenedRecovery
from domain.desks.desk import DeskKey
from domain.staff.grant import NewcomerUnknown
from domain.staff.recover import Reopened, lost_generations, reopen

keys = typer.Typer(
    help="Keys: recovery, and rotation of the service keyring.", no_args_is_help=True
)


@keys.command()
def rotate(
    *,
    finish_it: Annotated[
        bool, typer.Option("--finish", help="Remove the older keys, once nothing needs them.")
    ] = False,
    new: Annotated[
        bool, typer.Option("--new", help="Another key, though an earlier rotation is not over.")
    ] = False,
) -> None:
    """Make a new service key and seal every chat anew. Killed, run it again: it goes on."""
    settings = settings_or_exit()
    if finish_it:
        finish(_finish(settings))
    else:
        finish(_rotate(settings, new=new))


async def _rotate(settings: Settings, *, new: bool) -> None:
    """1. No bot that knows the old key alone. 2. The new key, beside the old one. 3. Every row.
    4. In an order that tells nothing. 5. What is left under the old one, and until when.
    """
    place = keyring_place(settings)
    async with open_house(settings, configure()) as house:
        async with alone(settings):
            keyring = keyring_here(settings)
            if new or len(keyring.keys) == 1:
                keyring = keyring.rotated()
                replace_keyring(place, keyring)
                say(f"Key v{keyring.newest.version} is made, in {place}.")
            else:
                say(f"Going on with key v{keyring.newest.version}.")
        say("A bot may start now: it knows both keys. On other machines copy the keyring first.")
        lost = seal_anew(settings, keyring, house.clock.now(), say)
        await house.stores.remix(house.clock.now())
    _say_lost(lost)
    say(said_of(standing(settings, keyring)))


async def _finish(settings: Settings) -> None:
    """No bot writes under an older key between the last look and its end."""
    async with alone(settings):
        place, keyring = keyring_place(settings), keyring_here(settings)
        if len(keyring.keys) == 1:
            message = f"there is one key, v{keyring.newest.version}: nothing is to be finished"
            raise SettingRefused(message)
        lost = seal_anew(settings, keyring, SystemClock(settings.zone).now(), _silent)
        found = standing(settings, keyring)
        if found.forgotten or sum(found.waiting.values()) > lost:
            raise SettingRefused(said_of(found))
        _say_lost(lost)
        replace_keyring(place, keyring.newest_only())
    older = ", ".join(f"v{version}" for version in found.older)
    say(f"{older} is removed; v{found.newest} alone is left. Copy the keyring to other machines.")


def _say_lost(lost: int) -> None:
    if lost:
        say(f"{lost} rows open under no key there is, and stay as they are.")


def _silent(_: str) -> None:
    """What is left was done before."""


@keys.command()
def recover(
    *,
    desk: Annotated[str, typer.Option(help="national, a county's code or name, nairobi-west.")],
    words: Annotated[
        str | None, typer.Option(help="The new member's six words, as they read them to you.")
    ] = None,
    wraps: WrapsOption = None,
    share: ShareOption = None,
    recovery_key: UndividedOption = None,
) -> None:
    """Open a desk that lost all its members to a new one, old reports included."""
    settings = settings_or_exit()
    places = RecoveryPlaces(wraps=wraps, shares=share or (), undivided=recovery_key)
    chosen, reopened = finish(_recover(settings, desk, words, places))
    say(f"Desk {chosen}: member {reopened.member.hex()[:8]} reads it now.")
    say(f"Generations of its key opened: {', '.join(map(str, reopened.opened))}.")
    if reopened.newest_lost:
        say("The newest is none of them. They unlock in the bot: the next one is made then.")
        say("Until then no report is taken there, and nobody can be let in.")
    else:
        say("They unlock in the bot, and let the next ones in with /pending.")
    if reopened.lost:
        raise refuse(_said_lost(reopened))


def _said_lost(reopened: Reopened) -> str:
    lost = ", ".join(map(str, reopened.lost))
    return (
        f"generation {lost} does not open: its copy for the recovery key is gone, forged, or sealed"
        " to another set of shares. Where you have those, run this again with them"
    )


async def _recover(
    settings: Settings, desk: str, words: str | None, places: RecoveryPlaces
) -> tuple[DeskKey, Reopened]:
    """1. Something is there that nobody reads. 2. The custodians open their key. 3. Whose words fit
    is given what it opens.
    """
    async with house_by_hand(settings) as house:
        chosen = desk_named(desk, house.gazetteer)
        async with house.stores.cases() as cases:
            lost = await lost_generations(cases, chosen)
            known = bool(await cases.staff.desk_keys(chosen))
        if not lost:
            why = "is read: a member lets others in with /pending" if known else "has no key yet"
            message = f"desk {chosen} {why}"
            raise SettingRefused(message)
        with recovery_pair(settings, places) as pair:
            said = words or typer.prompt("The new member's six words, as they read them to you")
            opened = OpenedRecovery(root_public=house.custody.root_public, pair=pair)
            try:
                reopened = await reopen(
                    chosen, said, opened, stores=house.stores, custody=house.custody
                )
            except NewcomerUnknown:
                raise SettingRefused(NOBODY) from None
            if not reopened.opened:
                current = pair.public == house.custody.recovery_public
                raise SettingRefused(NOTHING if current else f"{NOTHING}{NOT_CURRENT}")
    return chosen, reopened


NOBODY = (
    "nobody with these six words waits there by a link of `sauti staff invite --reopen`, or, where"
    " others read, was let in by them; nothing was changed"
)

NOTHING = (
    "this recovery key opens no generation of the desk's key: every copy for it is gone, forged, or"
    " sealed to another set of shares; nothing was changed"
)

NOT_CURRENT = ". It is not the one in SAUTI_RECOVERY_PUBLIC_KEY"
