"""Ids of messages for `/clear`, of many chats in a row. Those in the rows of chats move at the start."""

import sqlalchemy as sa
from alembic import context, op

from storage.tables.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if context.config.attributes["store"] == "addresses":
        op.create_table(
            "trace",
            sa.Column("tag", sa.LargeBinary(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.Column("expires", UtcDateTime(), nullable=False),
            sa.PrimaryKeyConstraint("tag", name=op.f("pk_trace")),
            schema="addresses",
            sqlite_with_rowid=False,
        )
