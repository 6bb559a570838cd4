"""What is published, passed on and rung: plain rows of *cases*."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from storage.tables.metadata import CASES, NO_ROWID
from storage.tables.types import UtcDateTime


class ReferralRow(SQLModel, table=True):
    __tablename__ = "referral"
    metadata = CASES
    __table_args__ = (
        Index("ix_referral_report", "report"),
        Index("ix_referral_office", "office", "place"),
        NO_ROWID,
    )

    number: str = Field(primary_key=True)
    report: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    office: str
    place: str
    sent: date
    state: str
    since: date
    detail: str | None
    nudges: int
    proof: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PublicationRow(SQLModel, table=True):
    """The published table of one county and window, as it was published."""

    __tablename__ = "publication"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    county: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class TallyRow(SQLModel, table=True):
    """What lies behind one cell of the published table and is not in it."""

    __tablename__ = "tally"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    county: str = Field(primary_key=True)
    topic: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    count: int
    since: date
    through: date


class WithdrawnRow(SQLModel, table=True):
    """Withdrawals that took effect and are not in a tally yet; for a day at most."""

    __tablename__ = "withdrawn"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    county: str = Field(primary_key=True)
    topic: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    count: int


class BellRow(SQLModel, table=True):
    """The last moment at which a job of the clock was done."""

    __tablename__ = "bell"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    job: str = Field(primary_key=True)
    rung: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
