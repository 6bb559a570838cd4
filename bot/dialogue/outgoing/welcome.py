"""To a newcomer, once a member of their desk has let them in."""

from collections.abc import Mapping

from bot.dialogue.screen import Screen, Text


def let_in(_: Mapping[str, object]) -> Screen:
    """The button they need stands in the message of their enrolment, and nowhere else."""
    return Screen(paragraphs=(Text("moderator.welcome"),))
