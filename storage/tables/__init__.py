"""The rows of the three stores. They never leave `storage`."""

from storage.tables import addresses, reference, reports, shreds, staff

__all__ = ["addresses", "reference", "reports", "shreds", "staff"]
