"""`sauti keys`: a desk that lost its members is opened again."""

from typing import Annotated

import typer

from app.cli.places import desk_named
from app.cli.recovery_key import ShareOption, UndividedOption, WrapsOption, recovery_pair
from app.cli.saying import finish, refuse, say, settings_or_exit
from app.custody_files import RecoveryPlaces
from app.log import configure
from app.opening import open_house
from app.settings import SettingRefused, Settings
from crypto.recovering import OpenedRecovery
from domain.desks.desk import DeskKey
from domain.staff.grant import NewcomerUnknown
from domain.staff.recover import Reopened, reopen, unread_desks

keys = typer.Typer(
    help="Keys: recovery, and rotation of the service keyring.", no_args_is_help=True
)


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
    say(f"Generations of its key opened: {', '.join(map(str, reopened.opened)) or 'none'}.")
    say("They unlock in the bot, and let the next ones in with /pending.")
    if reopened.lost:
        lost = ", ".join(map(str, reopened.lost))
        why = f"generation {lost} does not open: its copy for the recovery key is gone or forged"
        raise refuse(why)


async def _recover(
    settings: Settings, desk: str, words: str | None, places: RecoveryPlaces
) -> tuple[DeskKey, Reopened]:
    """1. Nobody may read there. 2. The custodians open their key. 3. Whose words fit is let in."""
    async with open_house(settings, configure()) as house:
        chosen = desk_named(desk, house.gazetteer)
        async with house.stores.cases() as cases:
            unread = await unread_desks(cases)
            known = bool(await cases.staff.desk_keys(chosen))
        if chosen not in unread:
            why = "is read: a member lets others in with /pending" if known else "has no key yet"
            message = f"desk {chosen} {why}"
            raise SettingRefused(message)
        pair = recovery_pair(settings, places)
        if pair.public != house.custody.recovery_public:
            message = "this recovery key is not the one in SAUTI_RECOVERY_PUBLIC_KEY"
            raise SettingRefused(message)
        said = words or typer.prompt("The new member's six words, as they read them to you")
        opened = OpenedRecovery(root_public=house.custody.root_public, pair=pair)
        try:
            reopened = await reopen(
                chosen, said, opened, stores=house.stores, custody=house.custody
            )
        except NewcomerUnknown:
            raise SettingRefused(NOBODY) from None
    return chosen, reopened


NOBODY = (
    "nobody with these six words waits there by a link of `sauti staff invite --reopen`;"
    " nothing was changed"
)
