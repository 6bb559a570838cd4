"""News of one's own report: nothing in it says that there is a report."""

from collections.abc import Mapping

from bot.dialogue.screen import Button, Screen, Text

STOP = "stop"


def notice(facts: Mapping[str, object]) -> Screen:
    """`slot`: the mailbox, in base64url; with it alone news can be stopped, and no more."""
    stop = Button(f"{STOP}:{facts['slot']}", Text("button.stop"))
    return Screen(paragraphs=(Text("notice.news"),), rows=((stop,),), keep=True)
