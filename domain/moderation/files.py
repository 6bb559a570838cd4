"""The files of a report, for an unlocked member's eyes."""

from domain.ports.sealing import EnvelopeLost, Session, Words
from domain.ports.stores import Cases
from domain.reports.files import CleanFile
from domain.reports.report import Report


async def files_of(
    cases: Cases, session: Session, report: Report, words: Words, shred_key: bytes
) -> tuple[CleanFile, ...]:
    """As many, and of the kinds, that the report's words name. Raises EnvelopeLost."""
    sealed = await cases.attachments.of(report.id)
    files = session.files(report, sealed, shred_key) if sealed is not None else ()
    if tuple(file.kind for file in files) != words.files:
        raise EnvelopeLost
    return files
