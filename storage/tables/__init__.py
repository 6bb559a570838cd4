"""The rows of the three stores. They never leave `storage`."""

from storage.tables import addresses, followup, reference, reports, shreds, staff

__all__ = ["addresses", "followup", "reference", "reports", "shreds", "staff"]
