"""A withdrawal waits for hours in which its holder could have stopped it. Where nothing served
anybody for more than a day, and where *cases* was put back, which does not say what was stopped
since, all that are pending wait as long again.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from domain.reports.withdrawal import WAITS

SERVED_AGAIN = "served-again"
"""Kept beside the moments of the clock's jobs, and none of them: since when something serves."""

PUT_BACK = "cases-put-back"
"""Kept there too: when *cases* was last restored."""

NO_JOBS = (SERVED_AGAIN, PUT_BACK)


def not_before(moments: Mapping[str, datetime], zone: tzinfo | None) -> date:
    """The first day on which a withdrawal may be carried out that was asked for before: one of
    that day or later takes effect no earlier by itself.
    """
    since = [moments[name] for name in NO_JOBS if name in moments]
    return max((each.astimezone(zone).date() + WAITS for each in since), default=date.min)
