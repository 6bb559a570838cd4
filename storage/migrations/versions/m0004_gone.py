"""Withdrawals, what proves them, and how many there were; when a mailbox goes by itself; that
a deployment was shut down.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import context, op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    store = context.config.attributes["store"]
    {"cases": cases, "addresses": addresses, "shreds": lambda: None}[store]()


def cases() -> None:
    no_bytes = sa.text("x''" if _on_sqlite() else "''")
    _add("cases", "report", sa.Column("withdrawal_asked", sa.Date(), nullable=True))
    _add("cases", "report", sa.Column("withdrawal_proof", sa.LargeBinary(), nullable=True))
    _add(
        "cases",
        "tombstone",
        sa.Column("proof", sa.LargeBinary(), nullable=False, server_default=no_bytes),
    )
    op.create_table(
        "withdrawn",
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("county", "topic", "day", name=op.f("pk_withdrawn")),
        schema="cases",
        sqlite_with_rowid=False,
    )

    op.create_table(
        "closing",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_closing")),
        schema="cases",
        sqlite_with_rowid=False,
    )


def addresses() -> None:
    """A mailbox that is there already goes like one that was opened today."""
    month = (datetime.now(UTC) + timedelta(days=121)).date().replace(day=1)
    until = sa.text(f"'{month.isoformat()}'")
    column = sa.Column("until", sa.Date(), nullable=False, server_default=until)
    _add("addresses", "mailbox", column)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _add(store: str, table: str, column: sa.Column) -> None:
    """SQLite's files have no schemas, and ALTER TABLE is not translated."""
    op.add_column(table, column, schema=None if _on_sqlite() else store)
