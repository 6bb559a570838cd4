"""Whatever holds a chat, sealed. Nothing here leads to a report."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
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


class SealedStaffChatRow(SQLModel, table=True):
    __tablename__ = "staff_chat"
    metadata = ADDRESSES
    __table_args__ = (NO_ROWID,)

    tag: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    member: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
