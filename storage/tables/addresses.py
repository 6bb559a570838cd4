"""Whatever holds a chat, sealed. Nothing here leads to a report."""

from datetime import date, datetime

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from storage.tables.metadata import ADDRESSES, NO_ROWID
from storage.tables.types import UtcDateTime


class SealedChatRow(SQLModel, table=True):
    __tablename__ = "chat"
    metadata = ADDRESSES
    __table_args__ = (NO_ROWID,)

    tag: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class TraceRow(SQLModel, table=True):
    """Ids of messages in the chats of one share, for `/clear`."""

    __tablename__ = "trace"
    metadata = ADDRESSES
    __table_args__ = (NO_ROWID,)

    tag: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class SealedStaffChatRow(SQLModel, table=True):
    __tablename__ = "staff_chat"
    metadata = ADDRESSES
    __table_args__ = (NO_ROWID,)

    tag: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    member: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class MailboxRow(SQLModel, table=True):
    """Where news of one report goes: slot and seal follow from the case secret. `until`: the
    first day of a month, on which the row goes if nobody has said that it is still needed.
    """

    __tablename__ = "mailbox"
    metadata = ADDRESSES
    __table_args__ = (NO_ROWID,)

    slot: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    until: date


class ForgottenRow(SQLModel, table=True):
    """Chats that asked to be forgotten: no notice goes there."""

    __tablename__ = "forgotten"
    metadata = ADDRESSES
    __table_args__ = (NO_ROWID,)

    tag: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class SubscriptionRow(SQLModel, table=True):
    """What one chat follows, all of it in one row."""

    __tablename__ = "subscription"
    metadata = ADDRESSES
    __table_args__ = (NO_ROWID,)

    tag: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class OutgoingMessageRow(SQLModel, table=True):
    """The outbox. `stage`: `waiting`, `done` (the key alone is left) or `aside`."""

    __tablename__ = "outgoing"
    metadata = ADDRESSES
    __table_args__ = (Index("ix_outgoing_due", "stage", "due"), NO_ROWID)

    subject: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    kind: str = Field(primary_key=True)
    anchor: str = Field(primary_key=True)
    due: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    urgent: bool
    stage: str
    tries: int
    claimed_until: datetime | None = Field(sa_column=Column(UtcDateTime, nullable=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
