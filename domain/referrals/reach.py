"""How far a report may go: what the citizen allowed, which offices may have its summary at all,
and which seats see a referral.

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
from domain.errors import DomainError
from domain.offices.office import Beyond, Office, OfficeKey, Scope
from domain.ports.sealing import Words
from domain.referrals.referral import Referral
from domain.reports.report import Report
from domain.reports.wishes import HowFar, KeptOut
from domain.reports.withdrawal import WithdrawalAsked
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


class NothingMayGo(DomainError):
    """The citizen allowed it to stay at the desk, or to be counted, and no more."""

    key = "error.nothing_may_go"


def check_how_far(report: Report, words: Words) -> None:
    """By what the citizen sealed too: a plain column can be changed by whoever writes to the
    database. Raises NothingMayGo; WithdrawalAsked, as what has left cannot be called back.
    """
    if report.withdrawal is not None:
        raise WithdrawalAsked
    for how_far in (words.how_far, report.how_far):
        if how_far is not HowFar.SUMMARY:
            raise NothingMayGo(how_far=how_far)


def kept_out_by(report: Report, words: Words) -> frozenset[KeptOut]:
    """The same for whom they keep out."""
    return words.kept_out | report.kept_out


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
