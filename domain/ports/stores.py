"""The three stores that never meet (protection.md), as the domain asks for them.

Each opens a unit of work of its own that rolls back unless committed. There is
no way to write to two of them in one transaction, on purpose.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.forums.commitment import Commitment
from domain.forums.forum import Forum
from domain.ledger.leaf import LeafHash
from domain.lines.help_line import HelpLine
from domain.offices.office import Office
from domain.places.county import County
from domain.ports.addresses import Addresses
from domain.ports.attachments import Attachments
from domain.ports.publications import Publications
from domain.referrals.referral import Referral, ReferralNumber
from domain.reports.entry import Entry
from domain.reports.event import Event
from domain.reports.report import Locator, Report, ReportId, ReportRef
from domain.reports.state import State
from domain.reports.tombstone import Tombstone
from domain.reports.topic import Topic
from domain.staff.member import DeskCopy, DeskPublic, Invite, InviteId, Member, MemberId


class LocatorTaken(DomainError):
    """Another live report has this locator; the code must be minted again."""

    key = "error.locator_taken"


class Changed(DomainError):
    """Somebody else changed the report since it was read."""

    key = "error.changed"


class OpenedInsideItself(Exception):
    """One store was opened twice in one task: a fault, which waits for ever on SQLite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which waiting reports. `late_since`: for each state, the newest `since` that is late;
    None asks for late and timely alike. `danger_late_since`: the same for unread danger.
    """

    desks: frozenset[DeskKey]
    topic: Topic | None = None
    held_by: MemberId | None = None
    free: bool = False
    late_since: Mapping[State, date] | None = None
    danger_late_since: date | None = None


class Reports(Protocol):
    async def add(self, report: Report) -> None:
        """Raises Changed for an id that is there already, LocatorTaken for a locator or REF."""
        ...

    async def get(self, report: ReportId) -> Report | None: ...
    async def by_ref(self, ref: ReportRef) -> Report | None: ...
    async def by_locator(self, locator: Locator) -> Report | None: ...

    async def replace(self, before: Report, after: Report) -> None:
        """Compare and swap on state, claim and number of events. Raises Changed."""
        ...

    async def keep_visits(self, report: ReportId, sealed: bytes) -> None:
        """Nothing but the visits changes: a holder looking never stands in a moderator's way."""
        ...

    async def waiting(self, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Report]:
        """Open or disputed reports, and others whose citizen said something that is unread:
        danger first, then oldest `received`, then REF.
        """
        ...

    async def count_waiting(self, wanted: Wanted) -> int: ...

    async def count(self, desks: Collection[DeskKey]) -> dict[State, int]: ...

    async def untouched_since(self, day: date) -> Sequence[ReportId]:
        """Waiting reports in somebody's hands of which no event is newer than `day`."""
        ...

    async def notice_due(self, desks: Collection[DeskKey]) -> Sequence[Report]:
        """Whose holder is to be told, by id."""
        ...

    async def unmoved(
        self,
        until: date,
        *,
        desks: Collection[DeskKey] | None = None,
        state: State | None = None,
    ) -> Sequence[Report]:
        """Whose state is the same since that day or longer, by id."""
        ...

    async def ended_since(self, day: date) -> Sequence[ReportId]:
        """Closed or confirmed, and so since `day` or before."""
        ...

    async def withdrawal_asked_by(self, day: date) -> Sequence[ReportId]:
        """Whose withdrawal was asked for on `day` or before, in any state."""
        ...

    async def generations(self) -> frozenset[tuple[DeskKey, int]]:
        """The desk keys that reports are sealed to."""
        ...

    async def remove(self, report: ReportId) -> None:
        """With its events, its dialogue, its files and its referrals. Again is harmless."""
        ...


class Events(Protocol):
    async def add(self, event: Event) -> None:
        """Raises Changed when the report already has an event of this number."""
        ...

    async def of(self, report: ReportId) -> Sequence[Event]:
        """By number, from 0."""
        ...


class Entries(Protocol):
    """The dialogue of reports."""

    async def add(self, entry: Entry) -> None:
        """Raises Changed when the report already has an entry of this number."""
        ...

    async def of(self, report: ReportId) -> Sequence[Entry]:
        """By number, from 0."""
        ...


class Referrals(Protocol):
    """What was passed on to offices."""

    async def add(self, referral: Referral) -> None:
        """Raises Changed when the number is taken."""
        ...

    async def get(self, number: ReferralNumber) -> Referral | None: ...
    async def of(self, report: ReportId) -> Sequence[Referral]:
        """By day and number; so are the others that give several."""
        ...

    async def live(self) -> Sequence[Referral]:
        """Those that are not over: with their offices, or said to be done."""
        ...

    async def replace(self, before: Referral, after: Referral) -> None:
        """Compare and swap. Raises Changed."""
        ...


class Leaves(Protocol):
    async def add(self, leaf: LeafHash) -> None: ...
    async def has(self, leaf: LeafHash) -> bool:
        """Pending or in a batch: one statement, whatever the answer."""
        ...

    async def take_pending(self, day: date) -> Sequence[LeafHash] | None:
        """Every pending leaf, which is pending no more; None, and nothing is taken, when the
        day has its batch. Nobody else takes any before this unit of work ends.
        """
        ...

    async def add_batch(self, day: date, leaves: Sequence[LeafHash]) -> None: ...
    async def batch(self, day: date) -> Sequence[LeafHash]:
        """By hash."""
        ...


class Tombstones(Protocol):
    async def add(self, tombstone: Tombstone) -> None:
        """Again is harmless: the first stays."""
        ...

    async def of(self, leaf: LeafHash) -> Tombstone | None: ...


class StaffRegister(Protocol):
    """Invites, members and desk keys: certificates and sealed copies, no chat."""

    async def add_invite(self, invite: Invite) -> None:
        """Raises Changed when it is there already; so do the other `add`s of certified things."""
        ...

    async def invite(self, invite: InviteId) -> Invite | None: ...

    async def founding_invite(self, desk: DeskKey, today: date) -> InviteId | None:
        """The invite that founds this desk, if one is out, unused and not expired."""
        ...

    async def use_invite(self, invite: InviteId) -> None:
        """Raises Changed when it was used already."""
        ...

    async def drop_invites(self, today: date) -> int:
        """Those nobody used by their day. How many."""
        ...

    async def add_member(self, member: Member) -> None: ...
    async def member(self, member: MemberId) -> Member | None: ...
    async def members(self, desk: DeskKey | None = None) -> Sequence[Member]: ...
    async def revoke(self, member: MemberId) -> None:
        """Marks the member revoked; deletes their wrapped seed and their copies of desk keys.
        That they held them, and by which standing, stays known: see `exposed` and `held`.
        """
        ...

    async def rewrap(self, member: MemberId, before: bytes, after: bytes) -> None:
        """Compare and swap of the wrapped seed. Raises Changed."""
        ...

    async def hold(self, desk: DeskKey) -> None:
        """Nobody else changes who reads at this desk before this unit of work ends."""
        ...

    async def exposed(self) -> frozenset[DeskKey]:
        """Desks whose newest key somebody held who is revoked: it must be made anew."""
        ...

    async def add_desk_key(self, key: DeskPublic) -> None: ...
    async def desk_keys(self, desk: DeskKey | None = None) -> Sequence[DeskPublic]: ...
    async def newest_key(self, desk: DeskKey) -> DeskPublic | None: ...
    async def add_copy(self, copy: DeskCopy) -> None:
        """Again is harmless: the older copy is replaced."""
        ...

    async def copies(self, member: MemberId | None) -> Sequence[DeskCopy]: ...
    async def held(self, member: MemberId) -> Sequence[DeskCopy]:
        """Their copies, and what a revocation left of them: nothing that opens."""
        ...

    async def add_untold(self, member: MemberId) -> None:
        """They were let in, and must hear of it. Again is harmless; a revocation ends it."""
        ...

    async def untold(self) -> Sequence[MemberId]:
        """By id. Nobody who was revoked, even where an older backup brought the mark back."""
        ...

    async def drop_untold(self, member: MemberId) -> None: ...
    async def staffed(self) -> frozenset[DeskKey]:
        """Desks whose newest key at least one member, not revoked, holds a copy of."""
        ...


class Reference(Protocol):
    """Counties, forums, promises, offices and help lines, as `sauti init` loaded them."""

    async def load(
        self,
        *,
        counties: Sequence[County],
        forums: Sequence[Forum],
        offices: Sequence[Office],
        help_lines: Sequence[HelpLine],
        commitments: Sequence[Commitment],
    ) -> None:
        """Adds what is new and replaces what is there. Counties and help lines are a release's
        own: where some are given, all others go. Of the rest nothing is removed.
        """
        ...

    async def counties(self) -> Sequence[County]: ...
    async def forums(self) -> Sequence[Forum]: ...
    async def offices(self) -> Sequence[Office]: ...
    async def help_lines(self) -> Sequence[HelpLine]: ...
    async def commitments(self) -> Sequence[Commitment]:
        """As they were loaded."""
        ...


class Handled(Protocol):
    """Staff commands already carried out, so that a redelivery does nothing twice."""

    async def add(self, update_id: int) -> bool:
        """False when it was there already."""
        ...

    async def sweep(self, today: date, *, drop_before: date) -> int:
        """An update id has no date. The first sweep that meets it gives it `today`; those met
        before `drop_before` are dropped, and counted.
        """
        ...


class BellTimes(Protocol):
    """When the jobs of the clock were last done."""

    async def all(self) -> Mapping[str, datetime]:
        """The last moment done, by the job's name; in UTC."""
        ...

    async def record(self, job: str, moment: datetime, now: datetime | None = None) -> None:
        """Never goes back, an earlier moment than the recorded one changes nothing: unless that
        one lies after `now`, so that the clock was wrong when it was recorded.
        """
        ...


class Cases(Protocol):
    @property
    def reports(self) -> Reports: ...
    @property
    def events(self) -> Events: ...
    @property
    def entries(self) -> Entries: ...
    @property
    def attachments(self) -> Attachments: ...
    @property
    def referrals(self) -> Referrals: ...
    @property
    def leaves(self) -> Leaves: ...
    @property
    def tombstones(self) -> Tombstones: ...
    @property
    def publications(self) -> Publications: ...
    @property
    def staff(self) -> StaffRegister: ...
    @property
    def reference(self) -> Reference: ...
    @property
    def handled(self) -> Handled: ...
    @property
    def bells(self) -> BellTimes: ...
    async def commit(self) -> None: ...


class Shreds(Protocol):
    async def keep(self, report: ReportId, key: bytes) -> bytes:
        """The report's key: this one, or the one that was there already and stays."""
        ...

    async def get(self, report: ReportId) -> bytes | None: ...
    async def destroy(self, report: ReportId) -> None: ...
    async def commit(self) -> None: ...


class Stores(Protocol):
    """Raises OpenedInsideItself when a store is opened inside itself."""

    def cases(self) -> AbstractAsyncContextManager[Cases]: ...
    def addresses(self) -> AbstractAsyncContextManager[Addresses]: ...
    def shreds(self) -> AbstractAsyncContextManager[Shreds]: ...

    async def scrub(self) -> None:
        """After it, no file of *shreds* and *cases* holds a destroyed key, a removed report,
        or what a member's key was wrapped in before.
        """
        ...

    async def remix(self, now: datetime, /) -> int:
        """Writes every table of *addresses* anew, and what citizens write to *cases* and *shreds*,
        so that nothing tells in which order rows came, or which came together; of files, in which
        order within a day. How many tables.
        """
        ...

    async def keeps_order(self) -> bool:
        """Whether a log of the database tells what came after what, remix or not."""
        ...
