"""Sealed reports, their events and pending ledger leaves."""

from datetime import date

from sqlalchemy import BigInteger, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from storage.tables.metadata import CASES, NO_ROWID


class ReportRow(SQLModel, table=True):
    """`kept_out`: words in sorted order, with commas. Envelopes are bytes, the rest is plain.

    `queue_rank`: 0 waits and is danger, 1 waits, NULL waits no more. It follows from state
    and danger, and from what is unread; it is kept so that the index of the queue is in the
    queue's own order; the index holds all a queue asks for, so that no envelope is read to
    count or sort. The other index finds what has stood still for long.
    """

    __tablename__ = "report"
    metadata = CASES
    __table_args__ = (
        Index(
            "ix_report_queue",
            *("desk", "queue_rank", "received", "ref"),
            *("state", "since", "topic", "claimed_by"),
        ),
        Index("ix_report_since", "state", "since", "claimed_by"),
        Index("ix_report_counted", "state", "county", "topic", "detail", "since", "id"),
        NO_ROWID,
    )

    id: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    ref: str = Field(unique=True)
    locator: str = Field(unique=True)
    county: str
    area: str | None
    topic: str
    subject: str | None
    danger: bool
    forum: str | None
    forum_relation: str
    kept_out: str
    how_far: str
    received: date
    received_hour: int | None
    state: str
    since: date
    detail: str | None
    desk: str
    generation: int
    claimed_by: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    notice_due: bool
    unread: bool
    escalated: bool
    queue_rank: int | None
    withdrawal_asked: date | None
    withdrawal_proof: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    words: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    dek_for_desk: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    case_for_desk: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    case_for_code: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    visits: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    intake_leaf: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class EventRow(SQLModel, table=True):
    __tablename__ = "event"
    metadata = CASES
    __table_args__ = (Index("ix_event_day", "day"), NO_ROWID)

    report: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    number: int = Field(primary_key=True)
    kind: str
    author: str
    member: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    state: str
    detail: str | None
    day: date
    signature: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    nonce: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class EntryRow(SQLModel, table=True):
    """The dialogue: what was said, under the case secret."""

    __tablename__ = "entry"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    report: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    number: int = Field(primary_key=True)
    kind: str
    author: str
    day: date
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    subject: str | None


class AttachmentRow(SQLModel, table=True):
    """All files of a report in one envelope, padded to a power of two. Of today:
    see `SettledAttachmentRow`.
    """

    __tablename__ = "attachment"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    report: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SettledAttachmentRow(SQLModel, table=True):
    """The same of reports whose day is over, apart: only the others are written anew each time."""

    __tablename__ = "settled_attachment"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    report: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class TombstoneRow(SQLModel, table=True):
    """What a right code is told when its report is gone on purpose. `month`: its first day."""

    __tablename__ = "tombstone"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    leaf: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    ending: str
    month: date
    proof: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ClosingRow(SQLModel, table=True):
    """The day on which this deployment was shut down for good, if it was."""

    __tablename__ = "closing"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    day: date = Field(primary_key=True)


class PendingLeafRow(SQLModel, table=True):
    """The hash and nothing else: sorted by it, it tells neither order nor report."""

    __tablename__ = "pending_leaf"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))


class BatchedLeafRow(SQLModel, table=True):
    """A day's leaves, dummies among them, in the order of their hashes."""

    __tablename__ = "batched_leaf"
    metadata = CASES
    __table_args__ = (Index("ix_batched_leaf_hash", "hash"), NO_ROWID)

    batch: date = Field(primary_key=True)
    hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))


class HandledUpdateRow(SQLModel, table=True):
    """Ids of staff commands already carried out. `met`: the day of the first sweep since."""

    __tablename__ = "handled_update"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    met: date | None = None
