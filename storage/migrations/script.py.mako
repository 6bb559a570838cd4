"""${message}"""

from alembic import context, op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {"cases": cases, "addresses": addresses, "shreds": shreds}[context.config.attributes["store"]]()


def cases() -> None:
    ${upgrades if upgrades else "pass"}


def addresses() -> None:
    pass


def shreds() -> None:
    pass
