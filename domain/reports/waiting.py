"""A withdrawal waits for hours in which its holder could have stopped it. Where nothing served
anybody for more than a day, those that are pending wait as long again.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from domain.reports.withdrawal import WAITS

SERVED_AGAIN = "served-again"
"""Kept beside the moments of the clock's jobs, and none of them: since when something serves."""


def not_before(moments: Mapping[str, datetime], zone: tzinfo | None) -> date:
    """The first day on which a withdrawal may be carried out that was asked for before: one of
    that day or later takes effect no earlier by itself.
    """
    again = moments.get(SERVED_AGAIN)
    return again.astimezone(zone).date() + WAITS if again else date.min
