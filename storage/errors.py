"""What can go wrong between the product and its database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from domain.errors import DomainError, Outage


class StoreUnavailable(Outage):
    """The database does not answer, is full, or has not this release's shape; what was
    asked may be asked again.
    """

    key = "error.store_unavailable"


class StoreRefused(DomainError):
    """A value broke a rule of the database: a fault in this program, and no outage.

    What the driver says is dropped, as PostgreSQL quotes the row in it.
    """


@contextmanager
def told_apart() -> Iterator[None]:
    """Raises StoreUnavailable and StoreRefused in place of the database's own errors."""
    try:
        yield
    except (IntegrityError, DataError) as refused:
        raise StoreRefused(why=type(refused.orig).__name__) from None
    except (DBAPIError, NoConnectionFree) as failure:
        raise StoreUnavailable from failure
