from dataclasses import dataclass, field
from typing import Any

from sandbox.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What the bot answered to a pressed button. `number` tells one answer from the next."""

    text: str
    alert: bool
    url: str | None
    number: int

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "alert": self.alert, "url": self.url, "number": self.number}


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button pressed and not yet answered. `date` is the sandbox clock's."""

    query_id: str
    message_id: int
    data: str
    date: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What the bot is said to be doing ("typing"), until a date of the sandbox clock."""

    name: str
    until: float


@dataclass(slots=True, kw_only=True)
class Phone:
    """One person's phone, and their chat with the bot. `seq` grows with every change."""

    id: int
    name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str
    role: str = ""
    note: str = ""
    started: bool = False
    blocked: bool = False
    seq: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    toast: Toast | None = None
    action: Action | None = None

    def as_user(self) -> dict[str, Any]:
        """The Bot API's User."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        return user | {"language_code": self.language_code}

    def as_chat(self) -> dict[str, Any]:
        """The Bot API's Chat."""
        chat: dict[str, Any] = {"id": self.id, "type": "private", "first_name": self.name}
        if self.last_name:
            chat["last_name"] = self.last_name
        if self.username:
            chat["username"] = self.username
        return chat

    def as_seen(self, now: float) -> dict[str, Any]:
        """What the phone shows, but for what it knows of the bot."""
        acting = self.action is not None and self.action.until > now
        return {
            "id": self.id,
            "name": self.name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
            "role": self.role,
            "note": self.note,
            "started": self.started,
            "blocked": self.blocked,
            "seq": self.seq,
            "messages": [message.as_seen() for message in self.messages.values()],
            "pressed": [
                {"message_id": press.message_id, "data": press.data}
                for press in self.presses.values()
            ],
            "toast": self.toast.as_json() if self.toast else None,
            "action": self.action.name if self.action and acting else None,
        }
