"""Refusals that an operator must hear of."""

from collections.abc import Callable

from domain.errors import DomainError, Outage
from domain.ports.sealing import EnvelopeLost, KeyRefused
from domain.reports.check import ReportMissing
from domain.reports.history import RecordChanged

ALARMS: dict[type[DomainError], str] = {
    ReportMissing: "alarm.report_missing",
    EnvelopeLost: "alarm.envelope_lost",
    RecordChanged: "alarm.record_changed",
}


def heeding(log: Callable[..., None]) -> Callable[[DomainError], None]:
    """Logs the alarm and nothing about whom or what it concerns."""

    def heed(refusal: DomainError) -> None:
        event = ALARMS.get(type(refusal))
        if isinstance(refusal, KeyRefused):
            log("alarm.key_refused", key=refusal.suspect)
        elif event is not None:
            log(event)
        elif isinstance(refusal, Outage):
            log("store.unavailable", error=type(refusal).__name__)

    return heed


def insisting(log: Callable[..., None]) -> Callable[[DomainError], None]:
    """As `heeding`. Raises an Outage: the update comes again, and no message is deleted of
    which nothing was kept.
    """
    heed = heeding(log)

    def insist(refusal: DomainError) -> None:
        heed(refusal)
        if isinstance(refusal, Outage):
            raise refusal

    return insist
