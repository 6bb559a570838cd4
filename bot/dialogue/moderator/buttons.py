"""What the buttons of this dialogue say when pressed: a verb and what it is about, parted
by colons. Each stands for itself, so that a button still works after the bot was restarted.
"""

import base64
import binascii

from bot.dialogue.heard import Heard, Pressed
from bot.dialogue.screen import Button, Text
from domain.moderation.queue import Filter
from domain.reports.report import ReportRef
from domain.reports.state import State
from domain.reports.topic import Topic
from domain.staff.member import MemberId

UNLOCK = "unlock:"
SHARE_BYTES = frozenset({32, 38})
"""Half of a key; and six bytes that say which passphrase it goes with, if it says so."""

MEMBER_BYTES = 16
ANY = "any"
MOST_DIGITS = 4

TO_NEXT = Button("next", Text("moderator.button_next"))
TO_QUEUE = Button(f"queue:{ANY}:{ANY}:{ANY}:0", Text("moderator.button_queue"))
TO_NEWCOMERS = Button("pending:0", Text("moderator.button_pending"))
TO_LOCK = Button("lock", Text("moderator.button_lock"))
TO_PASSPHRASE = Button("passphrase", Text("moderator.button_passphrase"))
WORK = ((TO_NEXT, TO_QUEUE), (TO_NEWCOMERS, TO_LOCK))


def is_unlock(heard: Heard) -> bool:
    """Whether this is the button of an enrolment, which works in any state."""
    return isinstance(heard, Pressed) and heard.button.startswith(UNLOCK)


def unlock_press(share: bytes) -> str:
    """`unlock:` and 51 characters (43 where the share is all): the one place where the share
    is kept.
    """
    return UNLOCK + base64.urlsafe_b64encode(share).decode().rstrip("=")


def read_share(button: str) -> bytes | None:
    """The share in an unlock button; None when it is not whole."""
    encoded = button.removeprefix(UNLOCK)
    try:
        share = base64.b64decode(encoded + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return share if len(share) in SHARE_BYTES else None


def open_button(ref: ReportRef, label: Text) -> Button:
    return Button(f"open:{ref}", label)


def move_press(ref: ReportRef, to: State) -> str:
    return f"move:{ref}:{to}"


def why_press(ref: ReportRef, to: State, detail: str) -> str:
    return f"why:{ref}:{to}:{detail}"


def words_press(ref: ReportRef, page: int) -> str:
    return f"words:{ref}:{page}"


def member_press(verb: str, member: MemberId) -> str:
    return f"{verb}:{member.hex()}"


def read_member(text: str) -> MemberId | None:
    try:
        member = bytes.fromhex(text)
    except ValueError:
        return None
    return MemberId(member) if len(member) == MEMBER_BYTES else None


def queue_press(shown_by: Filter) -> str:
    late = "late" if shown_by.late else ANY
    mine = "mine" if shown_by.mine else ANY
    return f"queue:{shown_by.topic or ANY}:{late}:{mine}:{shown_by.page}"


def read_filter(topic: str, late: str, mine: str, page: str) -> Filter | None:
    """The parts of a queue button; None when they are none of ours."""
    number = read_page(page)
    known = topic == ANY or topic in set(Topic)
    if number is None or not known or late not in {"late", ANY} or mine not in {"mine", ANY}:
        return None
    return Filter(
        topic=None if topic == ANY else Topic(topic),
        late=late != ANY,
        mine=mine != ANY,
        page=number,
    )


def read_page(text: str) -> int | None:
    whole = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if whole else None
