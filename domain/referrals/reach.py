"""Which offices may have a report's summary at all, and which seats see a referral.

An office is named by the citizen as one of a few kinds. Whatever is not known to be
independent of that kind is kept out with it, an office added later too: so this is a list of
who may still have it, and never of who may not.

* the police station: not the county's police, the detectives, nor the authority the county's
  commander sits in. The ministry stays: the Service has a command of its own.
* chief and Nyumba Kumi: the county and regional commissioners and the ministry are their own
  superiors; what is told to the head of a chain travels down it.
* county officials: nothing that sits in the county.
* a politician: how far one reaches, nobody knows. Only the commissions the Constitution made
  independent.

An officer without an office is no known office, and is kept out of all of these.
"""

from collections.abc import Collection

from domain.desks.desk import NATIONAL
from domain.offices.office import Beyond, Office, OfficeKey, Scope
from domain.referrals.referral import Referral
from domain.reports.report import Report
from domain.reports.wishes import KeptOut
from domain.staff.seat import Seat

COMMISSIONS = frozenset({"ipoa", "eacc", "ncic", "caj"})
OF_THE_CHIEFS = frozenset({"county_police", "dci", "nacada", "children", "ntsa", "kws", "nrb"})

MAY_STILL_HAVE: dict[KeptOut, frozenset[str]] = {
    KeptOut.POLICE_STATION: COMMISSIONS
    | {"county_commissioner", "regional_commissioner", "interior"}
    | {"nacada", "children", "ntsa", "kws", "nrb"},
    KeptOut.CHIEF: COMMISSIONS | OF_THE_CHIEFS,
    KeptOut.NYUMBA_KUMI: COMMISSIONS | OF_THE_CHIEFS,
    KeptOut.COUNTY_OFFICIALS: COMMISSIONS | {"interior", "nacada", "dci", "ntsa", "kws"},
    KeptOut.POLITICIAN: COMMISSIONS,
}


def may_have(office: OfficeKey | None, kept_out: Collection[KeptOut]) -> bool:
    """Whether an office is none of those the citizen keeps out."""
    return all(office in MAY_STILL_HAVE[named] for named in kept_out)


def takes(office: Office, report: Report) -> bool:
    """An unsorted report may go to whoever takes some of its topic: the moderator read it."""
    if report.escalated and Beyond.ESCALATION in office.beyond:
        return True
    if report.escalated and Beyond.DELAY in office.beyond:
        return True
    if report.subject is None:
        return any(topic is report.topic for topic, _ in office.takes)
    return office.takes_on(report.topic, report.subject)


def places_of(office: Office, report: Report) -> tuple[str, ...]:
    """Where this office would sit for this report; the nearest first."""
    if office.scope is Scope.NATIONAL:
        return (NATIONAL,)
    if office.scope is Scope.AREA and report.area is not None:
        return report.area, report.county
    return (report.county,)


def sees(seat: Seat, referral: Referral, kept_out: Collection[KeptOut]) -> bool:
    """An office sees its own; the officer of a place, what went to any office there."""
    if seat.place != referral.place or not may_have(seat.office, kept_out):
        return False
    return seat.office in {None, referral.office}
