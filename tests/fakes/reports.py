"""Reports, their events and their entries, in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.desks.desk import DeskKey
from domain.ports.stores import Changed, LocatorTaken, Wanted
from domain.reports.entry import Entry
from domain.reports.event import Event
from domain.reports.report import Locator, Report, ReportId, ReportRef
from domain.reports.state import State
from tests.fakes.store_work import (
    CasesTables,
    FakeWork,
    add,
)


@dataclass(frozen=True, slots=True)
class FakeReports:
    work: FakeWork[CasesTables]

    async def add(self, report: Report) -> None:
        reports = (await self.work.changed()).reports
        if report.id in reports:
            raise Changed
        if any(r.locator == report.locator or r.ref == report.ref for r in reports.values()):
            raise LocatorTaken
        reports[report.id] = report

    async def get(self, report: ReportId) -> Report | None:
        return self.work.seen.reports.get(report)

    async def by_ref(self, ref: ReportRef) -> Report | None:
        return next((r for r in self.work.seen.reports.values() if r.ref == ref), None)

    async def by_locator(self, locator: Locator) -> Report | None:
        return next((r for r in self.work.seen.reports.values() if r.locator == locator), None)

    async def replace(self, before: Report, after: Report) -> None:
        reports = (await self.work.changed()).reports
        kept = reports.get(before.id)
        if kept is None or replace(kept, visits=before.visits) != before:
            raise Changed
        reports[before.id] = replace(after, id=before.id, visits=kept.visits)

    async def keep_visits(self, report: ReportId, sealed: bytes) -> None:
        reports = (await self.work.changed()).reports
        if report in reports:
            reports[report] = replace(reports[report], visits=sealed)

    async def waiting(self, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Report]:
        return self._wanted(wanted)[offset : offset + limit]

    async def count_waiting(self, wanted: Wanted) -> int:
        return len(self._wanted(wanted))

    async def notice_due(self, desks: Collection[DeskKey]) -> Sequence[Report]:
        found = [r for r in self.work.seen.reports.values() if r.desk in desks and r.notice_due]
        return sorted(found, key=lambda r: r.id)

    async def unmoved(
        self,
        until: date,
        *,
        desks: Collection[DeskKey] | None = None,
        state: State | None = None,
    ) -> Sequence[Report]:
        found = [
            r
            for r in self.work.seen.reports.values()
            if r.since <= until and (desks is None or r.desk in desks) and state in {None, r.state}
        ]
        return sorted(found, key=lambda r: r.id)

    async def count(self, desks: Collection[DeskKey]) -> dict[State, int]:
        states = [r.state for r in self.work.seen.reports.values() if r.desk in desks]
        return {state: states.count(state) for state in set(states)}

    async def untouched_since(self, day: date) -> Sequence[ReportId]:
        seen = self.work.seen
        touched = {event.report for event in seen.events.values() if event.day > day}
        return [
            report.id
            for report in seen.reports.values()
            if (report.state.is_open or report.state is State.DISPUTED)
            and report.since <= day
            and report.claimed_by is not None
            and report.id not in touched
        ]

    async def ended_since(self, day: date) -> Sequence[ReportId]:
        return [
            report.id
            for report in self.work.seen.reports.values()
            if (report.state.is_closed or report.state is State.CONFIRMED) and report.since <= day
        ]

    async def withdrawal_asked_by(self, day: date) -> Sequence[ReportId]:
        return [
            report.id
            for report in self.work.seen.reports.values()
            if report.withdrawal is not None and report.withdrawal.asked <= day
        ]

    async def generations(self) -> frozenset[tuple[DeskKey, int]]:
        return frozenset((row.desk, row.generation) for row in self.work.seen.reports.values())

    async def remove(self, report: ReportId) -> None:
        tables = await self.work.changed()
        tables.reports.pop(report, None)
        tables.attachments.pop(report, None)
        tables.events = {k: row for k, row in tables.events.items() if row.report != report}
        tables.entries = {k: row for k, row in tables.entries.items() if row.report != report}
        tables.referrals = {k: row for k, row in tables.referrals.items() if row.report != report}

    def _wanted(self, wanted: Wanted) -> list[Report]:
        found = [r for r in self.work.seen.reports.values() if _is_wanted(r, wanted)]
        return sorted(found, key=lambda r: (not r.danger, r.received, r.ref))


def _is_late_danger(report: Report, late: date | None) -> bool:
    unread = report.danger and report.state is State.RECEIVED
    return unread and late is not None and report.since <= late


def _is_wanted(report: Report, wanted: Wanted) -> bool:
    late = wanted.late_since
    return (
        report.desk in wanted.desks
        and (report.state.is_open or report.state is State.DISPUTED or report.unread)
        and wanted.topic in {None, report.topic}
        and wanted.held_by in {None, report.claimed_by}
        and not (wanted.free and report.claimed_by)
        and (
            late is None
            or (report.state in late and report.since <= late[report.state])
            or _is_late_danger(report, wanted.danger_late_since)
        )
    )


@dataclass(frozen=True, slots=True)
class FakeEvents:
    work: FakeWork[CasesTables]

    async def add(self, event: Event) -> None:
        add((await self.work.changed()).events, (event.report, event.number), event)

    async def of(self, report: ReportId) -> Sequence[Event]:
        found = (event for event in self.work.seen.events.values() if event.report == report)
        return sorted(found, key=lambda event: event.number)


@dataclass(frozen=True, slots=True)
class FakeEntries:
    work: FakeWork[CasesTables]

    async def add(self, entry: Entry) -> None:
        add((await self.work.changed()).entries, (entry.report, entry.number), entry)

    async def of(self, report: ReportId) -> Sequence[Entry]:
        found = (entry for entry in self.work.seen.entries.values() if entry.report == report)
        return sorted(found, key=lambda entry: entry.number)
