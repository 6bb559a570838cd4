"""What was passed on to an office: its number, what and where, the summary, and what can be
said of it.
"""

from collections.abc import Mapping

from bot.dialogue.named import AREAS, named
from bot.dialogue.officer.buttons import acts
from bot.dialogue.screen import Screen, Text, Verbatim
from domain.reports.topic import Topic


def referral(facts: Mapping[str, object]) -> Screen:
    number, place = str(facts["number"]), str(facts["place"])
    about = {
        "number": number,
        "topic": named(Topic(str(facts["topic"]))),
        "place": Text(f"area.{place}") if place in AREAS else str(facts["place_name"]),
    }
    danger = (Text("moderator.danger"),) if facts["danger"] else ()
    return Screen(
        paragraphs=(
            *danger,
            Text("officer.passed_on", about),
            Verbatim(str(facts["summary"])),
        ),
        rows=acts(number),
    )
