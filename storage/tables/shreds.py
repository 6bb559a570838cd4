"""One key a report; without it no copy of the report opens."""

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from storage.tables.metadata import NO_ROWID, SHREDS


class ShredRow(SQLModel, table=True):
    __tablename__ = "shred"
    metadata = SHREDS
    __table_args__ = (NO_ROWID,)

    report: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
