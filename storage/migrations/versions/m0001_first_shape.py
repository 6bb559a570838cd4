"""The first shape of the three stores."""

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    store = context.config.attributes["store"]
    {"cases": cases, "addresses": addresses, "shreds": shreds}[store]()


def cases() -> None:

    op.create_table(
        "county",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_county")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_copy",
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("standing", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "generation", "holder", name=op.f("pk_desk_copy")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_key",
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "generation", name=op.f("pk_desk_key")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event",
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("member", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("report", "number", name=op.f("pk_event")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "forum",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("national_number", sa.Integer(), nullable=True),
        sa.Column("concerns", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_forum")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "forum_county",
        sa.Column("forum", sa.String(), nullable=False),
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("forum", "county", name=op.f("pk_forum_county")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "handled_update",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_handled_update")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "help_line",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_help_line")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invite",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("founding", sa.Boolean(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invite")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "member",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("sealing_public", sa.LargeBinary(), nullable=False),
        sa.Column("signing_public", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_seed", sa.LargeBinary(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "office",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_office")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pending_leaf",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_pending_leaf")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("locator", sa.String(), nullable=False),
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("forum", sa.String(), nullable=True),
        sa.Column("forum_relation", sa.String(), nullable=False),
        sa.Column("kept_out", sa.String(), nullable=False),
        sa.Column("how_far", sa.String(), nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.Column("received_hour", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.LargeBinary(), nullable=True),
        sa.Column("notice_due", sa.Boolean(), nullable=False),
        sa.Column("queue_rank", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("dek_for_desk", sa.LargeBinary(), nullable=False),
        sa.Column("case_for_desk", sa.LargeBinary(), nullable=False),
        sa.Column("case_for_code", sa.LargeBinary(), nullable=False),
        sa.Column("visits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("locator", name=op.f("uq_report_locator")),
        sa.UniqueConstraint("ref", name=op.f("uq_report_ref")),
        schema="cases",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_member_desk"), "member", ["desk"], unique=False, schema="cases")
    op.create_index(
        "ix_report_queue",
        "report",
        ["desk", "queue_rank", "received", "ref", "state", "since", "topic", "claimed_by"],
        unique=False,
        schema="cases",
    )



def addresses() -> None:

    op.create_table(
        "chat",
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_chat")),
        schema="addresses",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_chat",
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("member", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_staff_chat")),
        schema="addresses",
        sqlite_with_rowid=False,
    )



def shreds() -> None:

    op.create_table(
        "shred",
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("report", name=op.f("pk_shred")),
        schema="shreds",
        sqlite_with_rowid=False,
    )

