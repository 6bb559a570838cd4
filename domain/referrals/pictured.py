"""What goes with a weekly digest: a chart of the published table, and a page to print. Each is
a message of its own, so that one that cannot leave holds up nothing and none goes out twice
for another's sake.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from domain.followup.outgoing import Message, MessageKind

AFTER: Mapping[MessageKind, timedelta] = {
    MessageKind.WEEKLY_CHART: timedelta(seconds=1),
    MessageKind.WEEKLY_PAGE: timedelta(seconds=2),
}
"""The words first; whatever is due first leaves first."""

PUBLISHED = ("county", "day", "table")
"""The facts of a digest that everybody may read. Nothing of a referral is in a picture: it is
made to be printed and passed on.
"""


def pictures_of(digest: Message) -> tuple[Message, ...]:
    """None where nothing is published yet: the words say so."""
    if not digest.facts["table"]:
        return ()
    facts = {name: digest.facts[name] for name in PUBLISHED}
    return tuple(
        replace(digest, kind=kind, due=digest.due + later, facts=facts)
        for kind, later in AFTER.items()
    )
