"""Passing a report on to an office: only as far as the citizen allowed, never to an office
they keep out, and only where somebody is enrolled who gets it.

1. `target`: whom it would reach, or why not.
2. `refer`: summary, referral, signed event and leaf, in one transaction of *cases*.
3. `post`: the summary goes into the outbox, in a transaction of *addresses*. A crash before
   that leaves the summary under the case secret alone; `/refer` again sends it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.followup.windows import Windows
from domain.moderation.move import ClaimedByAnother
from domain.moderation.record import record
from domain.offices.office import Office, OfficeKey
from domain.ports.sealing import CaseSecret, Session, Words
from domain.ports.stores import Cases, Stores
from domain.ports.world import Clock, Entropy
from domain.referrals.reach import check_how_far, kept_out_by, may_have, places_of, takes
from domain.referrals.referral import (
    Referral,
    ReferralNumber,
    ReferralState,
    as_it_stands,
    new_number,
)
from domain.referrals.signed import SignedFor
from domain.reports.entry import Entry, EntryKind
from domain.reports.event import EventKind
from domain.reports.report import Report
from domain.reports.state import Author, MoveRefused, State
from domain.reports.wishes import KeptOut
from domain.staff.member import MemberId
from domain.staff.officer import Officer, Officers
from domain.staff.seat import Seat

FROM = frozenset(
    {State.IN_REVIEW, State.REFERRED, State.IN_PROGRESS, State.BLOCKED, State.DISPUTED}
)


class OfficeUnknown(DomainError):
    """No office of that name takes such a report."""

    key = "error.office_unknown"


class OfficeKeptOut(DomainError):
    key = "error.office_kept_out"


class NobodyEnrolled(DomainError):
    """Nobody of that office would get it."""

    key = "error.nobody_enrolled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a summary would go, and whom it would reach."""

    office: OfficeKey
    name: str
    place: str
    officers: tuple[Officer, ...]

    @property
    def seat_desk(self) -> DeskKey:
        """The place, by the key of its desk."""
        return DeskKey(self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Referring:
    """`places`: names by county code and area key."""

    stores: Stores
    officers: Officers
    outbox: Outbox
    windows: Windows
    clock: Clock
    entropy: Entropy
    places: Mapping[str, str] = field(repr=False)

    async def choices(self, report: Report, words: Words) -> tuple[Target, ...]:
        """Every office it may go to and would reach somebody at. Raises NothingMayGo."""
        check_how_far(report, words)
        kept_out = kept_out_by(report, words)
        offices, enrolled = await self._offices(), await self.officers.enrolled()
        found = (
            _target(office, report, enrolled, kept_out)
            for office in offices
            if takes(office, report) and may_have(office.key, kept_out)
        )
        return tuple(target for target in found if target is not None)

    async def target(self, report: Report, words: Words, typed: str) -> Target:
        """Raises NothingMayGo, OfficeUnknown, OfficeKeptOut, NobodyEnrolled."""
        check_how_far(report, words)
        kept_out = kept_out_by(report, words)
        wanted = typed.strip().casefold().replace(" ", "_").replace("-", "_")
        office = next((each for each in await self._offices() if each.key == wanted), None)
        if office is None or not takes(office, report):
            raise OfficeUnknown
        if not may_have(office.key, kept_out):
            raise OfficeKeptOut
        target = _target(office, report, await self.officers.enrolled(), kept_out)
        if target is None:
            raise NobodyEnrolled
        return target

    async def post(
        self,
        report: Report,
        referral: ReferralNumber,
        summary: str,
        to: Target,
        secret: CaseSecret,
    ) -> int:
        """At once where somebody is in danger, else in the next update window. The number
        itself would lead from *addresses* to the report: the anchor follows from C.
        """
        now = self.clock.now()
        place = report.area or report.county
        facts = {
            "number": referral,
            "topic": report.topic.value,
            "place": place,
            "place_name": self.places.get(place, place),
            "danger": report.danger,
            "summary": summary,
        }
        return await self.outbox.post(
            [
                Message(
                    subject=self.outbox.subject(officer.chat.chat),
                    kind=MessageKind.REFERRAL,
                    anchor=secret.notice_id(f"referral/{referral}").hex(),
                    due=now if report.danger else self.windows.next_after(now),
                    to=Addressee(chat=officer.chat.chat, language=officer.chat.language),
                    facts=facts,
                    urgent=report.danger,
                )
                for officer in to.officers
            ]
        )

    async def _offices(self) -> tuple[Office, ...]:
        async with self.stores.cases() as cases:
            return tuple(await cases.reference.offices())


def _target(
    office: Office, report: Report, enrolled: Collection[Officer], kept_out: Collection[KeptOut]
) -> Target | None:
    """Whoever sits at that office there; else the officer of the place, unless anybody is kept
    out, as nobody knows what office theirs is.
    """
    for place in places_of(office, report):
        for seat in (Seat(place=place, office=office.key), Seat(place=place)):
            officers = tuple(each for each in enrolled if each.seat == seat)
            if officers and may_have(seat.office, kept_out):
                return Target(office=office.key, name=office.name, place=place, officers=officers)
    return None


def referred(report: Report, office: OfficeKey, member: MemberId, today: date) -> Report:
    """Raises ClaimedByAnother, MoveRefused."""
    if report.claimed_by not in {None, member}:
        raise ClaimedByAnother
    if report.state not in FROM:
        raise MoveRefused(state=report.state, to=State.REFERRED)
    return replace(
        report,
        state=State.REFERRED,
        since=today,
        detail=office,
        claimed_by=member,
        received_hour=None,
        notice_due=True,
        escalated=False,
    )


async def live_at(cases: Cases, report: Report, target: Target) -> Referral | None:
    """The referral this office has already, if it is in its hands."""
    if report.state is State.DISPUTED:
        return None
    for referral in await cases.referrals.of(report.id):
        same = (referral.office, referral.place) == (target.office, target.place)
        if same and as_it_stands(referral, report).state.needs_the_office:
            return referral
    return None


async def refer(
    cases: Cases,
    session: Session,
    shred_key: bytes,
    *,
    before: Report,
    target: Target,
    summary: str,
    today: date,
    entropy: Entropy,
) -> tuple[Report, Referral]:
    """Any other office that had it has it no more. Leaves the commit to the caller.

    Raises what `referred` raises, NothingMayGo, and Changed.
    """
    words = session.words(before, shred_key)
    check_how_far(before, words)
    alone = bool(kept_out_by(before, words))
    after = referred(before, target.office, session.member, today)
    await record(
        cases,
        session,
        shred_key,
        before=before,
        after=after,
        kind=EventKind.REFERRED,
        day=today,
        detail=SignedFor(office=target.office, place=target.place, alone=alone).spelled(),
    )
    for other in await cases.referrals.of(before.id):
        if not other.state.is_over:
            await cases.referrals.replace(other, replace(other, state=ReferralState.CLOSED))
    referral = Referral(
        number=new_number(entropy),
        report=before.id,
        office=target.office,
        place=target.place,
        sent=today,
        since=today,
    )
    await cases.referrals.add(referral)
    number = len(await cases.entries.of(before.id))
    secret = session.case(before, shred_key)
    await cases.entries.add(
        Entry(
            report=before.id,
            number=number,
            kind=EntryKind.SUMMARY,
            author=Author.MODERATOR,
            day=today,
            sealed=secret.seal_entry(before.id, number, summary.encode()),
            subject=referral.number,
        )
    )
    return after, referral


async def summary_of(
    cases: Cases, session: Session, shred_key: bytes, report: Report, referral: ReferralNumber
) -> str | None:
    """Raises EnvelopeLost."""
    secret = session.case(report, shred_key)
    for entry in await cases.entries.of(report.id):
        if entry.kind is EntryKind.SUMMARY and entry.subject == referral:
            return secret.open_entry(report.id, entry.number, entry.sealed).decode()
    return None
