"""`sauti staff`: inviting, listing, revoking, and handing a seat over."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app import keys
from app.cli.by_hand import house_by_hand
from app.cli.places import desk_named, desk_said, seat_said
from app.cli.saying import finish, refuse, say, settings_or_exit
from app.inviting import VALID_DAYS, MadeInvite, chosen_seat, make_invite, make_invite_to_reopen
from app.keys import KeyFolder, bot_token, read_key
from app.settings import SettingRefused, Settings
from bot.telegram.application import TokenRefused, username_of
from crypto.errors import KeyMalformed
from crypto.signing import SigningKey
from crypto.spelling import read_root_secret
from domain.desks.desk import NATIONAL
from domain.ports.stores import Cases
from domain.staff.member import Member, Role

staff = typer.Typer(
    help="Moderators and officers: invite, list, revoke, hand over.", no_args_is_help=True
)


@staff.command()
def invite(
    *,
    role: Annotated[Role, typer.Option(help="What the person will do.")],
    desk: Annotated[
        str | None,
        typer.Option(help="Moderators: national, a county's code (022) or name, or nairobi-west."),
    ] = None,
    county: Annotated[
        str | None, typer.Option(help="Officers: a county's code (022) or name.")
    ] = None,
    area: Annotated[
        str | None, typer.Option(help="Officers: nairobi-north, nairobi-east or nairobi-west.")
    ] = None,
    office: Annotated[
        str | None, typer.Option(help="Officers: the office they hold, like county_police.")
    ] = None,
    root_key: Annotated[
        Path | None, typer.Option(help="The root key's file; unset: the demo's own.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="The desk's first link was lost: end it, make another.")
    ] = False,
    reopen: Annotated[
        bool, typer.Option("--reopen", help="The desk lost all its members: see `keys recover`.")
    ] = False,
) -> None:
    """Make a one-time link. It is shown once; give it to the person and nobody else."""
    settings = settings_or_exit()
    if county and area:
        why = "say --county or --area, not both"
        raise refuse(why)
    place = county or area
    if role is Role.OFFICER:
        if desk or again or reopen:
            why = "--desk and --again are for moderators; an officer has --county, --area, --office"
            raise refuse(why)
        chosen, made = finish(_invite_officer(settings, place, office, root_key))
        say(f"One-time invite for an officer: {chosen}, valid {VALID_DAYS} days.")
    elif place or office:
        why = "--county, --area and --office are for officers; a moderator has --desk"
        raise refuse(why)
    else:
        desk = desk or NATIONAL
        chosen, made = finish(_invite(settings, desk, root_key, again=again, reopen=reopen))
        say(f"One-time invite for a {role} of {chosen}, valid {VALID_DAYS} days.")
    _say_link(settings, made)
    if role is Role.OFFICER:
        say("They press Accept; there is no passphrase, as an officer reads no report.")
    elif reopen:
        say("They enrol, and wait: `sauti keys recover` opens the desk to them.")
    elif made.founding:
        say("This person is the first of the desk: the desk reads as soon as they enrol.")
    elif made.founding_out:
        say("The desk's first link is still out: its holder enrols first, then lets this one in.")
        say("Was it lost? `sauti staff invite … --again` ends it and makes another.")
    else:
        say("A member of the desk lets them in with /pending, after comparing six words.")


@staff.command()
def handover(
    member: Annotated[str, typer.Argument(help="The officer who leaves, as `staff list` says.")],
    *,
    root_key: Annotated[
        Path | None, typer.Option(help="The root key's file; unset: the demo's own.")
    ] = None,
) -> None:
    """End an officer's access at once, and make a link for whoever takes their seat."""
    settings = settings_or_exit()
    seat, made = finish(_hand_over(settings, member, root_key))
    say(f"{member} has no access any more. One-time invite for the next officer: {seat}.")
    _say_link(settings, made)
    say("Until it is used, nobody gets what was sent to that seat, unless others sit there too.")


@staff.command("list")
def list_members() -> None:
    """Members by desk, and whether they read."""
    for line in finish(_list(settings_or_exit())):
        say(line)


@staff.command()
def revoke(member: Annotated[str, typer.Argument(help="As `staff list` shows it.")]) -> None:
    """Take a member's copies of desk keys away, at once."""
    say(finish(_revoke(settings_or_exit(), member)))


async def _invite(
    settings: Settings, desk: str, root_key: Path | None, *, again: bool, reopen: bool
) -> tuple[str, MadeInvite]:
    async with house_by_hand(settings) as house:
        chosen = desk_named(desk, house.gazetteer)
        root = _root(settings, root_key)
        make = make_invite_to_reopen if reopen else partial(make_invite, role=Role.MODERATOR)
        made = await make(house, root, desk=chosen, again=again)
        return desk_said(chosen, house.gazetteer), made


async def _invite_officer(
    settings: Settings, place: str | None, office: str | None, root_key: Path | None
) -> tuple[str, MadeInvite]:
    async with house_by_hand(settings) as house:
        async with house.stores.cases() as cases:
            offices = await cases.reference.offices()
        seat = chosen_seat(offices, house.gazetteer, place, office).text()
        root = _root(settings, root_key)
        made = await make_invite(house, root, role=Role.OFFICER, desk=seat)
        return seat_said(seat, house.gazetteer, offices), made


async def _hand_over(
    settings: Settings, short: str, root_key: Path | None
) -> tuple[str, MadeInvite]:
    """The old member goes first: two people at one seat, one of whom has left, is worse than
    a seat that is empty for an hour.
    """
    async with house_by_hand(settings) as house:
        root = _root(settings, root_key)
        async with house.stores.cases() as cases:
            leaving = await _one(cases, short)
            if leaving.role is not Role.OFFICER:
                message = f"{short} is a moderator: revoke them, and invite another"
                raise SettingRefused(message)
            seat = seat_said(leaving.desk, house.gazetteer, await cases.reference.offices())
            await cases.staff.revoke(leaving.id)
            await cases.commit()
        return seat, await make_invite(house, root, role=Role.OFFICER, desk=leaving.desk)


async def _one(cases: Cases, short: str) -> Member:
    """Raises SettingRefused."""
    found = [m for m in await cases.staff.members() if m.id.hex().startswith(short.lower())]
    if len(found) != 1 or len(short) < len("01234567"):
        message = f"{len(found)} members match {short!r}; give eight characters or more"
        raise SettingRefused(message)
    return found[0]


def _say_link(settings: Settings, made: MadeInvite) -> None:
    name = finish(_bot_name(settings))
    if name:
        say(f"https://t.me/{name}?start={made.payload}")
    say(f"Or send to the bot: /start {made.payload}")


async def _list(settings: Settings) -> list[str]:
    async with house_by_hand(settings) as house, house.stores.cases() as cases:
        lines = []
        for member in await cases.staff.members():
            reads = bool(await cases.staff.copies(member.id))
            if member.role is Role.OFFICER:
                state = "is told"
            else:
                state = "reads" if reads else "waits to be let in"
            state = "revoked" if member.revoked else state
            lines.append(f"{member.id.hex()[:8]}  {member.role}  {member.desk}  {state}")
    return lines or ["Nobody is enrolled yet."]


async def _revoke(settings: Settings, short: str) -> str:
    async with house_by_hand(settings) as house, house.stores.cases() as cases:
        member = await _one(cases, short)
        await cases.staff.hold(member.desk)
        await cases.staff.revoke(member.id)
        await cases.commit()
    if member.role is Role.OFFICER:
        return (
            f"{short} is revoked: nothing is sent to them any more, and no word of theirs counts."
        )
    return (
        f"{short} is revoked: no desk key opens for them any more. The bot looks every 15"
        " seconds, and when it starts: it closes their chat and deletes what is open in it."
    )


def _root(settings: Settings, given: Path | None) -> SigningKey:
    default = KeyFolder(settings.data_dir).offline / keys.ROOT_SECRET
    try:
        return read_root_secret(read_key("the root key", None, given or default))
    except KeyMalformed:
        message = f"{given or default} holds no root key"
        raise SettingRefused(message) from None


async def _bot_name(settings: Settings) -> str | None:
    """None when Telegram cannot be asked: the invite is as good without a link."""
    try:
        token = bot_token(settings)
        return await username_of(token, settings.telegram_api_url) if token else None
    except (TokenRefused, SettingRefused):
        return None
