"""Where files of reports lie once their day is over. Those that are there move with the next remix."""

import sqlalchemy as sa
from alembic import context, op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if context.config.attributes["store"] == "cases":
        op.create_table(
            "settled_attachment",
            sa.Column("report", sa.LargeBinary(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("report", name=op.f("pk_settled_attachment")),
            schema="cases",
            sqlite_with_rowid=False,
        )
