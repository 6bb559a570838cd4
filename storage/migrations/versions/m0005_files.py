"""Files of reports."""

import sqlalchemy as sa
from alembic import context, op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if context.config.attributes["store"] == "cases":
        op.create_table(
            "attachment",
            sa.Column("report", sa.LargeBinary(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("report", name=op.f("pk_attachment")),
            schema="cases",
            sqlite_with_rowid=False,
        )
