"""The desk's own words for states, and lines put together."""

from functools import reduce

from bot.dialogue.screen import Text
from domain.reports.state import State


def state_name(state: State) -> Text:
    """A short name; what a citizen hears of a state is a sentence."""
    return Text(f"moderator.state_{state}")


def stacked(*lines: Text) -> Text:
    """One paragraph of several lines."""
    return reduce(lambda above, below: Text("card.stack", {"above": above, "below": below}), lines)


def listed(first: Text | str, *more: Text | str) -> Text | str:
    """Words with commas between them."""
    return reduce(
        lambda before, after: Text("moderator.list", {"before": before, "after": after}),
        more,
        first,
    )
