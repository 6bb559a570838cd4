"""A report sent to another desk (`/route`), or to the national one (`/escalate`).

Only an unlocked member of the desk that reads it can: what lies under the desk's key is opened
and closed anew. Row, files, offices' proofs, signed event and leaf are one transaction of
*cases*: killed at any moment, the report is wholly with the one desk or with the other. State
and clocks stay, so that nobody buys time by it; whoever wrote it is told. What the old desk has
read the new one has not: it stands in its queue, even where somebody said that it is done.

A report that keeps an office out is read by the national desk alone (decision 4), and what is
sensitive is moved by nobody alone (promise 15, decision 9).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.desks.desk import NATIONAL, DeskKey, DeskUnknown
from domain.errors import DomainError
from domain.moderation.ask import ReportClosed
from domain.moderation.move import ClaimedByAnother
from domain.moderation.record import record
from domain.places.spelling import squashed, without_fillers
from domain.places.spelling import words as words_of
from domain.ports.sealing import Custody, Session, Words
from domain.ports.stores import Cases
from domain.reports.event import EventKind
from domain.reports.history import true_history
from domain.reports.report import Report, ReportRef, UnderDesk
from domain.reports.state import State
from domain.reports.withdrawal import WithdrawalAsked
from domain.staff.member import DeskPublic, MemberId
from domain.staff.signers import to_renew

NATIONAL_WORDS = frozenset({"national", "nationaldesk", "taifa", "dawatilataifa"})


class MoveNeedsSecondKey(DomainError):
    """A sensitive report is not moved by one moderator alone (promise 15)."""

    key = "error.move_needs_second_key"


class KeptFromDesk(DomainError):
    """What keeps an office out is read by the national desk alone."""

    key = "error.kept_from_desk"


class DeskUnread(DomainError):
    """No moderator reads at that desk."""

    key = "error.desk_unread"


class DeskRenewing(DomainError):
    """Somebody of that desk left, and its next key is not made yet."""

    key = "error.desk_renewing"


class SameDesk(DomainError):
    key = "error.same_desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted:
    ref: ReportRef
    to: DeskKey


def read_desk(typed: str, places: Mapping[str, str]) -> DeskKey:
    """By its key or its name. `places`: names by county code and area key.

    Raises DeskUnknown.
    """
    wanted = squashed(typed)
    bare = squashed(" ".join(without_fillers(words_of(typed))))
    if wanted in NATIONAL_WORDS:
        return NATIONAL
    for key, name in places.items():
        if wanted and {squashed(key), squashed(name)} & {wanted, bare}:
            return DeskKey(key)
    raise DeskUnknown


def check_movable(
    report: Report, words: Words, member: MemberId, to: DeskKey | None = None
) -> None:
    """By what the citizen sealed too: a plain column can be changed by whoever writes to the
    database. `to`: where, if that is chosen.

    Raises SameDesk, KeptFromDesk, ClaimedByAnother, ReportClosed, WithdrawalAsked,
    MoveNeedsSecondKey.
    """
    if to == report.desk:
        raise SameDesk
    if to not in {None, NATIONAL} and (report.kept_out or words.kept_out):
        raise KeptFromDesk
    if report.claimed_by not in {None, member}:
        raise ClaimedByAnother
    if report.state.is_closed or report.state is State.CONFIRMED:
        raise ReportClosed
    if report.withdrawal is not None:
        raise WithdrawalAsked
    if report.is_sensitive or words.is_sensitive:
        raise MoveNeedsSecondKey


async def desks_for(cases: Cases, report: Report) -> tuple[DeskKey, ...]:
    """Where somebody reads: the national desk, then the place's own, then by key."""
    own = {DeskKey(place) for place in (report.area, report.county) if place}
    staffed = await cases.staff.staffed() - {report.desk}
    return tuple(sorted(staffed, key=lambda desk: (desk != NATIONAL, desk not in own, desk)))


async def reroute(
    cases: Cases,
    session: Session,
    shred_key: bytes,
    *,
    before: Report,
    to: DeskKey,
    today: date,
    custody: Custody,
) -> Rerouted:
    """1. May it move, and there? 2. The new desk's newest key, checked up to the root.
    3. All that lies under the old desk's key, anew. 4. All of it, the event and the leaf are
    kept. Leaves the commit to the caller.

    Raises what `check_movable` does, DeskUnread, DeskRenewing, KeyRefused, EnvelopeLost,
    RecordChanged, Changed.
    """
    await true_history(cases, before, custody)
    check_movable(before, session.words(before, shred_key), session.member, to)
    key = await _reading_key(cases, to, custody)
    files = await cases.attachments.of(before.id)
    proven = [each for each in await cases.referrals.of(before.id) if each.proof]
    kept = UnderDesk(
        report=before.sealed,
        files=files,
        proofs={each.number: each.proof for each in proven},
    )
    anew = session.reroute(before, kept, key, shred_key)
    after = replace(
        before,
        desk=key.desk,
        generation=key.generation,
        claimed_by=None,
        notice_due=True,
        unread=before.unread or before.state is not State.RECEIVED,
        sealed=anew.report,
    )
    await record(
        cases,
        session,
        shred_key,
        before=before,
        after=after,
        kind=EventKind.ROUTED,
        day=today,
        detail=after.desk,
    )
    if files is not None and anew.files is not None:
        await cases.attachments.replace(before.id, files, anew.files)
    for each in proven:
        proof = anew.proofs[each.number]
        await cases.referrals.replace(each, replace(each, proof=proof))
    return Rerouted(ref=before.ref, to=to)


async def _reading_key(cases: Cases, to: DeskKey, custody: Custody) -> DeskPublic:
    """Nothing is sealed to a key that somebody who left has held: nothing is lost by waiting.
    Raises DeskUnread, DeskRenewing.
    """
    await cases.staff.hold(to)
    key = await cases.staff.newest_key(to) if to in await cases.staff.staffed() else None
    if key is None:
        raise DeskUnread
    if to in await to_renew(cases, custody):
        raise DeskRenewing
    return key
