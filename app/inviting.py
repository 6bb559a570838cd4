"""Making a one-time invite: for the operator's command and for the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.settings import SettingRefused
from app.wiring import House
from crypto.custody import new_invite
from crypto.signing import SigningKey
from domain.desks.desk import NATIONAL, DeskKey
from domain.offices.office import Office, OfficeKey, Scope
from domain.places.gazetteer import Gazetteer, OnePlace
from domain.ports.stores import Cases
from domain.staff.member import InviteId, Role
from domain.staff.recover import lost_generations
from domain.staff.seat import Seat

VALID_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeInvite:
    """`payload` is shown once and kept nowhere. `founding`: whoever enrols reads at once.
    `founding_out`: another link that founds the desk is out still.
    """

    payload: str
    founding: bool
    founding_out: bool


async def make_invite(
    house: House, root: SigningKey, *, role: Role, desk: DeskKey, again: bool = False
) -> MadeInvite:
    """One founding link a desk: two could certify rival keys. `again` ends the one that
    is out and makes another.
    """
    async with house.stores.cases() as cases:
        out = await _founding_out(house, cases, desk, again=again)
        reads = role is Role.MODERATOR
        founding = reads and out is None and await cases.staff.newest_key(desk) is None
        payload = await _add(house, cases, root, role=role, desk=desk, founding=founding)
        await cases.commit()
    return MadeInvite(payload=payload, founding=founding, founding_out=reads and out is not None)


async def make_invite_to_reopen(
    house: House, root: SigningKey, *, desk: DeskKey, again: bool = False
) -> MadeInvite:
    """To a desk that lost all its members, or a generation of its key: whoever enrols by it
    stands as its founder, and reads once custodians have opened the recovery key. Raises
    SettingRefused.
    """
    async with house.stores.cases() as cases:
        if not await lost_generations(cases, desk):
            message = f"desk {desk} has no key yet, or members who hold it: `sauti staff list`"
            raise SettingRefused(message)
        if await _founding_out(house, cases, desk, again=again) is not None:
            message = f"a link that reopens desk {desk} is out; --again ends it, makes another"
            raise SettingRefused(message)
        payload = await _add(house, cases, root, role=Role.MODERATOR, desk=desk, founding=True)
        await cases.commit()
    return MadeInvite(payload=payload, founding=True, founding_out=False)


async def _founding_out(
    house: House, cases: Cases, desk: DeskKey, *, again: bool
) -> InviteId | None:
    out = await cases.staff.founding_invite(desk, house.clock.now().date())
    if out is not None and again:
        await cases.staff.use_invite(out)
        return None
    return out


async def _add(
    house: House, cases: Cases, root: SigningKey, *, role: Role, desk: DeskKey, founding: bool
) -> str:
    """The payload of the link."""
    expires = house.clock.now().date() + timedelta(days=VALID_DAYS)
    entry, payload = new_invite(root, role=role, desk=desk, founding=founding, expires=expires)
    await cases.staff.add_invite(entry)
    return payload


def chosen_seat(
    offices: Sequence[Office], gazetteer: Gazetteer, place: str | None, office: str | None
) -> Seat:
    """`place`: a county or an area, however it is spelt; None for an office of the whole
    country. Raises SettingRefused.
    """
    known = {each.key: each for each in offices}
    if office is not None and office not in known:
        message = f"{office!r} is no office; say one of {', '.join(sorted(known))}"
        raise SettingRefused(message)
    national = office is not None and known[OfficeKey(office)].scope is Scope.NATIONAL
    if place is None and not national:
        message = "an officer sits somewhere: say --county or --area"
        raise SettingRefused(message)
    if place is not None and national:
        message = f"{office} is an office of the whole country: leave --county and --area out"
        raise SettingRefused(message)
    sits = NATIONAL if place is None else _place(place, gazetteer)
    areas = {area.key for county in gazetteer.counties() for area in county.areas}
    key = OfficeKey(office) if office else None
    if key is not None and sits in areas and known[key].scope is not Scope.AREA:
        message = f"{office} sits in a county, not in a part of one: say --county"
        raise SettingRefused(message)
    return Seat(place=sits, office=key)


def _place(typed: str, gazetteer: Gazetteer) -> str:
    wanted = typed.strip().lower()
    if wanted in {place.key for county in gazetteer.counties() for place in county.with_areas()}:
        return wanted
    match gazetteer.find(typed):
        case OnePlace(place=place):
            return place.key
        case _:
            message = f"{typed!r} is no county and no part of one"
            raise SettingRefused(message)
