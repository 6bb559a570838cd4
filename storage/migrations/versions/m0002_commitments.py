"""Promises made at forums: one more table of *cases*."""

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if context.config.attributes["store"] == "cases":
        op.create_table(
            "commitment",
            sa.Column("key", sa.String(), nullable=False),
            sa.Column("place", sa.Integer(), nullable=False),
            sa.Column("body", sa.JSON(), nullable=False),
            sa.PrimaryKeyConstraint("key", name=op.f("pk_commitment")),
            schema="cases",
            sqlite_with_rowid=False,
        )
