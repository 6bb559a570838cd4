"""Counties, forums, promises, offices and help lines, as `sauti init` loaded them."""

from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from storage.tables.metadata import CASES, NO_ROWID


class CountyRow(SQLModel, table=True):
    """`body`: the county with constituencies, wards, areas and towns."""

    __tablename__ = "county"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    code: str = Field(primary_key=True)
    name: str
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class ForumRow(SQLModel, table=True):
    """`date`: "2025-05" where only the month is known."""

    __tablename__ = "forum"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    key: str = Field(primary_key=True)
    date: str
    national_number: int | None
    concerns: str


class ForumCountyRow(SQLModel, table=True):
    """`place`: the county's place in the forum's own list."""

    __tablename__ = "forum_county"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    forum: str = Field(primary_key=True)
    county: str = Field(primary_key=True)
    place: int


class OfficeRow(SQLModel, table=True):
    __tablename__ = "office"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    key: str = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class HelpLineRow(SQLModel, table=True):
    """`place`: its place in the list."""

    __tablename__ = "help_line"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    key: str = Field(primary_key=True)
    place: int
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class CommitmentRow(SQLModel, table=True):
    """`key` as in `Commitment.key`; `place`: its place in the list."""

    __tablename__ = "commitment"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    key: str = Field(primary_key=True)
    place: int
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
