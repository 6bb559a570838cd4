"""What an officer can ask of the product, from the chat they enrolled in: the referrals of
their own seat, by number, and never a report.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.chats.staff_book import StaffBook
from domain.digest.measure import Flow, Measure, Stock
from domain.digest.publication import PublishedTable
from domain.errors import DomainError
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.offices.office import OfficeKey
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import Custody, EnvelopeLost, Sealer
from domain.ports.stores import Cases, Stores
from domain.ports.world import Clock, Entropy
from domain.referrals.act import ReferralUnknown, Said, acted
from domain.referrals.pictured import pictures_of
from domain.referrals.reach import sees
from domain.referrals.referral import (
    Referral,
    ReferralNumber,
    ReferralState,
    as_it_stands,
    read_number,
)
from domain.referrals.signed import SignedReferrals
from domain.reports.clocks import Clocks
from domain.reports.event import EventKind
from domain.reports.exposure import refuse_traces
from domain.reports.history import true_history
from domain.reports.record import record_act
from domain.reports.report import Report
from domain.reports.state import Author, Want
from domain.reports.topic import Topic
from domain.staff.member import MemberId
from domain.staff.officer import seat_of
from domain.staff.seat import Seat
from domain.staff.unlock import Revoked

MOST_PROOF = 400
"""Characters: a few words for the desk."""


class ProofTooLong(DomainError):
    key = "error.proof_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLine:
    """A referral as an officer sees it; of its report, the topic and no more. `days`: since
    the office has it.
    """

    number: ReferralNumber
    topic: Topic
    danger: bool
    state: ReferralState
    detail: str | None
    office: OfficeKey
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerDesk:
    """One per update of one enrolled officer. `update` makes a redelivery harmless."""

    member: MemberId
    chat: int
    update: int
    stores: Stores
    custody: Custody
    sealer: Sealer
    book: StaffBook
    outbox: Outbox
    clock: Clock
    entropy: Entropy
    clocks: Clocks
    places: Mapping[str, str] = field(repr=False)
    counties: Mapping[str, CountyCode] = field(repr=False)

    async def look(self, typed: str) -> ReferralLine:
        """Raises Revoked, ReferralUnknown."""
        async with self.stores.cases() as cases:
            referral, report = await self._found(cases, await self._seat(cases), typed)
        return line(referral, report, self._today)

    async def open_ones(self) -> tuple[ReferralLine, ...]:
        """What needs this office: danger first, then the oldest. Raises Revoked."""
        async with self.stores.cases() as cases:
            seat = await self._seat(cases)
            return needing(await seen_from(cases, seat, self._signed), self._today)

    async def digest(self) -> dict[str, object]:
        """How this seat's referrals stand today. Raises Revoked."""
        async with self.stores.cases() as cases:
            seat = await self._seat(cases)
            return await digest_of(
                cases,
                seat,
                self._today,
                signed=self._signed,
                clocks=self.clocks,
                places=self.places,
                counties=self.counties,
            )

    async def pictures(self, facts: Mapping[str, object]) -> None:
        """Puts the pictures of a digest into the outbox: once however often the update comes,
        and at night too, as the officer sits and waits.
        """
        entry = await self.book.of_chat(self.chat)
        if entry is not None and entry.member == self.member:
            asked = Message(
                subject=self.outbox.subject(self.chat),
                kind=MessageKind.WEEKLY,
                anchor=f"asked {self.outbox.subject(self.update).hex()}",
                due=self.clock.now(),
                to=Addressee(chat=self.chat, language=entry.language),
                facts=facts,
                urgent=True,
            )
            await self.outbox.post(pictures_of(asked))

    async def take(self, typed: str) -> ReferralLine:
        """Raises Revoked, ReferralUnknown, SaidAlready, MoveRefused, Changed."""
        return await self._say(typed, Said(state=ReferralState.TAKEN))

    async def block(self, typed: str, want: Want) -> ReferralLine:
        return await self._say(typed, Said(state=ReferralState.BLOCKED, detail=want))

    async def refuse(self, typed: str) -> ReferralLine:
        """It is not this office's: the desk reads it anew."""
        return await self._say(typed, Said(state=ReferralState.NOT_MINE))

    async def done(self, typed: str, proof: str) -> ReferralLine:
        """The proof is sealed to the desk before it is kept.

        Raises Revoked, ReferralUnknown, SaidAlready, MoveRefused, GivesAway, ProofTooLong,
        Changed, KeyRefused.
        """
        if len(proof) > MOST_PROOF:
            raise ProofTooLong(limit=MOST_PROOF)
        refuse_traces(proof)
        return await self._say(typed, Said(state=ReferralState.DONE), proof)

    async def daily(self, *, wanted: bool) -> None:
        """The digest every day, or every week."""
        entry = await self.book.of_chat(self.chat)
        if entry is not None and entry.member == self.member:
            await self.book.keep(replace(entry, daily=wanted))

    async def speak(self, language: Language) -> None:
        entry = await self.book.of_chat(self.chat)
        if entry is not None and entry.member == self.member:
            await self.book.keep(replace(entry, language=language))

    @property
    def _signed(self) -> SignedReferrals:
        return SignedReferrals(custody=self.custody, heed=self.book.heed)

    @property
    def _today(self) -> date:
        return self.clock.now().date()

    async def _say(self, typed: str, said: Said, proof: str = "") -> ReferralLine:
        """Change, event and leaf in one transaction; once however often the update comes.
        Unsigned, so the record before it must hold: it would vouch for it. Raises RecordChanged.
        """
        async with self.stores.cases() as cases:
            seat = await self._seat(cases)
            referral, report = await self._found(cases, seat, typed)
            if not await cases.handled.add(self.update):
                return line(referral, report, self._today)
            await true_history(cases, report, self.custody)
            if proof:
                said = replace(said, proof=await self._sealed(cases, referral, report, proof))
            after, moved = acted(referral, report, said, self._today)
            stored = await cases.referrals.get(referral.number)
            assert stored is not None
            await record_act(
                cases,
                before=report,
                after=moved,
                kind=EventKind.MOVED,
                author=Author.OFFICE,
                day=self._today,
                secret=None,
                entropy=self.entropy,
                member=self.member,
            )
            await cases.referrals.replace(stored, after)
            await cases.commit()
        return line(after, moved, self._today)

    async def _sealed(self, cases: Cases, referral: Referral, report: Report, proof: str) -> bytes:
        async with self.stores.shreds() as shreds:
            shred_key = await shreds.get(report.id)
        keys = {key.generation: key for key in await cases.staff.desk_keys(report.desk)}
        desk = keys.get(report.generation)
        if shred_key is None or desk is None:
            raise EnvelopeLost
        return self.sealer.seal_proof(
            report, referral.number, proof, desk=desk, shred_key=shred_key
        )

    async def _seat(self, cases: Cases) -> Seat:
        member = await cases.staff.member(self.member)
        seat = seat_of(member, self.custody, self.book.heed) if member else None
        if seat is None:
            raise Revoked
        return seat

    async def _found(self, cases: Cases, seat: Seat, typed: str) -> tuple[Referral, Report]:
        number = read_number(typed)
        referral = await cases.referrals.get(number) if number else None
        report = await cases.reports.get(referral.report) if referral else None
        if referral is None or report is None or not sees(seat, referral, report.kept_out):
            raise ReferralUnknown
        now = as_it_stands(referral, report)
        if now.state.is_over or not await self._signed.shows(cases, seat, now, report):
            raise ReferralUnknown
        return now, report


async def seen_from(
    cases: Cases, seat: Seat, signed: SignedReferrals
) -> list[tuple[Referral, Report]]:
    """The live referrals of a seat, as they stand."""
    found = []
    for referral in await cases.referrals.live():
        report = await cases.reports.get(referral.report)
        now = as_it_stands(referral, report)
        if report is None or now.state.is_over or not sees(seat, now, report.kept_out):
            continue
        if await signed.shows(cases, seat, now, report):
            found.append((now, report))
    return found


def needing(found: list[tuple[Referral, Report]], today: date) -> tuple[ReferralLine, ...]:
    """What is in the office's hands, in turn."""
    lines = [line(referral, report, today) for referral, report in found]
    return in_turn([each for each in lines if each.state.needs_the_office])


def in_turn(lines: Collection[ReferralLine]) -> tuple[ReferralLine, ...]:
    """Danger first, then the oldest."""
    return tuple(sorted(lines, key=lambda each: (not each.danger, -each.days, each.number)))


def line(referral: Referral, report: Report, today: date) -> ReferralLine:
    return ReferralLine(
        number=referral.number,
        topic=report.topic,
        danger=report.danger,
        state=referral.state,
        detail=referral.detail,
        office=referral.office,
        days=(today - referral.sent).days,
    )


WEEK = 7


async def digest_of(
    cases: Cases,
    seat: Seat,
    today: date,
    *,
    signed: SignedReferrals,
    clocks: Clocks,
    places: Mapping[str, str],
    counties: Mapping[str, CountyCode],
) -> dict[str, object]:
    """`table`: the newest published one of the seat's county, as everybody can read it.
    `county`: its name, None at a seat of the whole country.
    """
    county = counties.get(seat.place)
    table = await cases.publications.newest(county) if county else None
    found = await seen_from(cases, seat, signed)
    lines = needing(found, today)
    week = [referral for referral, _ in found if (today - referral.since).days <= WEEK]
    return {
        "place": seat.place,
        "place_name": places.get(seat.place, seat.place),
        "county": places.get(county, county) if county else None,
        "day": today.isoformat(),
        "lines": facts_of(lines),
        "late": sum(each.days > clocks.office_days for each in lines),
        "blocked": sum(each.state is ReferralState.BLOCKED for each in lines),
        "done": sum(referral.state is ReferralState.DONE for referral in week),
        "table": table_of(table) if table else [],
    }


COLUMNS: tuple[Measure, ...] = (
    Stock.OPEN,
    Flow.NEW,
    Stock.LATE,
    Stock.BLOCKED,
    Stock.SAID_DONE,
    Stock.DISPUTED,
)
"""Of the published table, in the order of a digest."""


def table_of(table: PublishedTable) -> list[list[object]]:
    """A topic and its cells that can be shown: measure, about, k."""
    found: list[list[object]] = []
    for topic in Topic:
        cells = [(column, table.cells(topic, column)) for column in COLUMNS]
        shown = [
            [column.value, cell.about, cell.k] for column, cell in cells if cell.about is not None
        ]
        if shown:
            found.append([topic.value, shown])
    return found


def facts_of(lines: Sequence[ReferralLine]) -> list[list[object]]:
    """As a message carries them: number, topic, days, danger."""
    return [[each.number, each.topic.value, each.days, each.danger] for each in in_turn(lines)]
