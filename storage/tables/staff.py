"""Invites, members and desk keys: certificates and sealed copies, no chat."""

from datetime import date

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from storage.tables.metadata import CASES, NO_ROWID


class InviteRow(SQLModel, table=True):
    __tablename__ = "invite"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    id: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    role: str
    desk: str
    founding: bool
    expires: date
    certificate: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    used: bool


class MemberRow(SQLModel, table=True):
    __tablename__ = "member"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    id: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    role: str
    desk: str = Field(index=True)
    sealing_public: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    signing_public: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    certificate: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    wrapped_seed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    revoked: bool


class UntoldRow(SQLModel, table=True):
    """Members who were let in and are not told yet."""

    __tablename__ = "untold"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    member: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))


class DeskKeyRow(SQLModel, table=True):
    __tablename__ = "desk_key"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    desk: str = Field(primary_key=True)
    generation: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    public: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    certificate: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DeskCopyRow(SQLModel, table=True):
    """`holder`: the member's id, or empty for the recovery key. `sealed` is empty once the
    member was revoked; until December 2026 `standing` was too.
    """

    __tablename__ = "desk_copy"
    metadata = CASES
    __table_args__ = (NO_ROWID,)

    desk: str = Field(primary_key=True)
    generation: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    holder: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    standing: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
