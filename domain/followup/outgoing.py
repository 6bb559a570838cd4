"""What the bot sends on its own: to whom, what about, and not before when.

Channel-neutral: `facts` are a few words and numbers; the words a person reads are made of
them when the message leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.ports.chat import Language


class MessageKind(StrEnum):
    FOLLOW_UP = "follow_up"
    NOTICE = "notice"
    WEEKLY = "weekly"
    WEEKLY_CHART = "weekly_chart"
    WEEKLY_PAGE = "weekly_page"
    DAILY = "daily"
    REFERRAL = "referral"
    NUDGE = "nudge"
    ESCALATION = "escalation"
    LET_IN = "let_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    chat: int = field(repr=False)
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Sent once for each (subject, kind, anchor). `subject`: 32 bytes that name whom it is
    for and lead to no chat: a keyed hash of the chat, or of the case secret and the window.
    `anchor`: the window, the week or the act it belongs to. `urgent`: at night too.
    `facts`: JSON values.
    """

    subject: bytes
    kind: MessageKind
    anchor: str
    due: datetime
    to: Addressee
    facts: Mapping[str, object] = field(repr=False)
    urgent: bool = False
