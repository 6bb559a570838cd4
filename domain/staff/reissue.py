"""A new passphrase and a new button for the same keys.

1. `reissue`: new halves are made, in memory. What holds is the old passphrase still.
2. The person writes the new one down and says so, by the button that carries its share.
3. `keep`: one swap of the wrapped seed. From then on the new halves open, and only they:
   there is one wrap, so there are never two buttons that do, and never none.

A copy of the former wrap, taken before, opens with the former halves for ever, and holds these
keys: only a revocation and another link make others.
"""

from dataclasses import dataclass, field

from domain.ports.sealing import Reissued, Session
from domain.ports.stores import Cases, Changed
from domain.staff.unlock import Revoked


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseKept:
    """`share` goes into the unlock button and nowhere else."""

    share: bytes = field(repr=False)


async def reissue(session: Session, cases: Cases) -> Reissued:
    """Raises Revoked, KeyRefused."""
    member = await cases.staff.member(session.member)
    if member is None or member.revoked:
        raise Revoked
    return await session.reissue(member)


async def keep(reissued: Reissued, session: Session, cases: Cases) -> PassphraseKept:
    """Again is harmless. Raises Revoked; Changed when another was kept meanwhile."""
    member = await cases.staff.member(session.member)
    if member is None or member.revoked:
        raise Revoked
    if member.wrapped_seed != reissued.wrapped:
        if member.wrapped_seed != reissued.before:
            raise Changed
        await cases.staff.rewrap(member.id, reissued.before, reissued.wrapped)
        await cases.commit()
    return PassphraseKept(share=reissued.share)
