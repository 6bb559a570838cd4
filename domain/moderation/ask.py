"""A question to whoever sent a report: words that ask for no name, and lead nowhere."""

from dataclasses import replace
from datetime import date

from domain.errors import DomainError
from domain.moderation.move import ClaimedByAnother, claimed
from domain.ports.sealing import CaseSecret
from domain.reports.dialogue import MOST_ASKED
from domain.reports.draft import TooLong
from domain.reports.entry import Entry, EntryKind
from domain.reports.exposure import refuse_traces
from domain.reports.report import Report
from domain.reports.state import Author, State
from domain.staff.member import MemberId


class NothingAsked(DomainError):
    key = "error.nothing_asked"


class ReportClosed(DomainError):
    """Nobody is asked about what is closed."""

    key = "error.report_closed"


def check_question(words: str) -> str:
    """Without the space around it. Raises NothingAsked, TooLong, GivesAway."""
    question = words.strip()
    if not question:
        raise NothingAsked
    if len(question) > MOST_ASKED:
        raise TooLong(limit=MOST_ASKED)
    refuse_traces(question)
    return question


def asked(report: Report, member: MemberId, today: date) -> Report:
    """The report in this member's hands, and its holder to be told.

    Raises ClaimedByAnother, ReportClosed.
    """
    if report.claimed_by not in {None, member}:
        raise ClaimedByAnother
    if report.state.is_closed or report.state is State.CONFIRMED:
        raise ReportClosed
    return replace(claimed(report, member, today), notice_due=True, unread=False)


def question(report: Report, number: int, words: str, secret: CaseSecret, today: date) -> Entry:
    return Entry(
        report=report.id,
        number=number,
        kind=EntryKind.QUESTION,
        author=Author.MODERATOR,
        day=today,
        sealed=secret.seal_entry(report.id, number, words.encode()),
    )
