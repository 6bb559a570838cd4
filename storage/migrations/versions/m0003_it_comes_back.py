"""Dialogue, referrals, publications, bells, tombstones; mailboxes, followers, the outbox."""

import sqlalchemy as sa
from alembic import context, op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    store = context.config.attributes["store"]
    {"cases": cases, "addresses": addresses, "shreds": lambda: None}[store]()


def cases() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    no_bytes = sa.text("x''" if on_sqlite else "''")
    _add("report", "unread", sa.Boolean(), sa.false())
    _add("report", "escalated", sa.Boolean(), sa.false())
    _add("report", "intake_leaf", sa.LargeBinary(), no_bytes)
    _add("event", "nonce", sa.LargeBinary(), no_bytes)
    _add("handled_update", "met", sa.Date(), None)
    op.create_index("ix_report_since", "report", ["state", "since", "claimed_by"], schema="cases")
    op.create_table(
        "entry",
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("report", "number", name=op.f("pk_entry")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tombstone",
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_tombstone")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "batched_leaf",
        sa.Column("batch", sa.Date(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "hash", name=op.f("pk_batched_leaf")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_batched_leaf_hash", "batched_leaf", ["hash"], schema="cases")
    op.create_table(
        "referral",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("sent", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("nudges", sa.Integer(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_referral")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_referral_report", "referral", ["report"], schema="cases")
    op.create_index("ix_referral_office", "referral", ["office", "place"], schema="cases")
    op.create_table(
        "publication",
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("county", "day", name=op.f("pk_publication")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("county", "topic", "measure", name=op.f("pk_tally")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    counted = ["state", "county", "topic", "detail", "since", "id"]
    op.create_index("ix_report_counted", "report", counted, schema="cases")
    op.create_index("ix_event_day", "event", ["day"], schema="cases")
    op.create_table(
        "bell",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("rung", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_bell")),
        schema="cases",
        sqlite_with_rowid=False,
    )


def addresses() -> None:
    op.create_table(
        "mailbox",
        sa.Column("slot", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_mailbox")),
        schema="addresses",
        sqlite_with_rowid=False,
    )
    for name in ("forgotten", "subscription"):
        op.create_table(
            name,
            sa.Column("tag", sa.LargeBinary(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
            sa.PrimaryKeyConstraint("tag", name=op.f(f"pk_{name}")),
            schema="addresses",
            sqlite_with_rowid=False,
        )
    op.create_table(
        "outgoing",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "kind", "anchor", name=op.f("pk_outgoing")),
        schema="addresses",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outgoing_due", "outgoing", ["stage", "due"], schema="addresses")


def _add(
    table: str, name: str, kind: sa.types.TypeEngine, default: sa.sql.ColumnElement | None
) -> None:
    """What is there already gets the default; what comes later always names its own.
    Without a default the column may be empty.
    SQLite's files have no schemas, and ALTER TABLE is not translated.
    """
    schema = None if op.get_bind().dialect.name == "sqlite" else "cases"
    column = sa.Column(name, kind, nullable=default is None, server_default=default)
    op.add_column(table, column, schema=schema)
