"""Members who were let in and are not told yet."""

import sqlalchemy as sa
from alembic import context, op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if context.config.attributes["store"] == "cases":
        op.create_table(
            "untold",
            sa.Column("member", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("member", name=op.f("pk_untold")),
            schema="cases",
            sqlite_with_rowid=False,
        )
