"""Making a one-time invite: for the operator's command and for the demo."""

from dataclasses import dataclass
from datetime import timedelta

from app.wiring import House
from crypto.custody import new_invite
from crypto.signing import SigningKey
from domain.desks.desk import DeskKey
from domain.staff.member import Role

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
    today = house.clock.now().date()
    async with house.stores.cases() as cases:
        out = await cases.staff.founding_invite(desk, today)
        if out is not None and again:
            await cases.staff.use_invite(out)
            out = None
        founding = out is None and await cases.staff.newest_key(desk) is None
        entry, payload = new_invite(
            root,
            role=role,
            desk=desk,
            founding=founding,
            expires=today + timedelta(days=VALID_DAYS),
        )
        await cases.staff.add_invite(entry)
        await cases.commit()
    return MadeInvite(payload=payload, founding=founding, founding_out=out is not None)
