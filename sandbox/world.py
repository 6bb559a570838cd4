import secrets
from collections import deque
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.limits import Limits
from sandbox.messages import Message
from sandbox.people import Phone
from sandbox.profile import About, Profile
from sandbox.signals import Signal
from sandbox.updates import Updates
from sandbox.webhook import Webhook

LOGGED_CALLS = 10_000
USER_IDS = range(5_000_000_000, 8_000_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """The bot this Telegram is for."""

    token: str
    name: str
    username: str

    @property
    def id(self) -> int:
        return int(self.token.partition(":")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the Bot API, without what it said. `date` is the sandbox clock's."""

    method: str
    chat_id: int | None
    date: float

    def as_json(self) -> dict[str, Any]:
        return {"method": self.method, "chat_id": self.chat_id, "date": self.date}


class UnknownPhoneError(Exception):
    """There is no phone with that id."""


class World:
    """Everything there is, in memory: phones and their chats, what waits for the bot, its files."""

    def __init__(self, bot: Bot, *, limits_on: bool = True, clock: Clock | None = None) -> None:
        self.bot = bot
        self.changed = Signal()
        self.called = Signal()
        self.clock = clock or Clock()
        self._limits_on_at_start = limits_on
        self.limits = Limits(on=limits_on)
        self.updates = Updates(self.clock, self.limits)
        self.webhook = Webhook(self.updates)
        self.wishes = 0
        self.owners = 0
        self._begin()

    def _begin(self) -> None:
        self.number = secrets.token_hex(8)
        self.story: list[Any] = []
        self.faults = Faults()
        self.files = Files()
        self.profile = Profile()
        self.calls: deque[Call] = deque(maxlen=LOGGED_CALLS)
        self.phones: dict[int, Phone] = {}
        self._toasts = 0
        self.next_message_id = 1  # one row of numbers over all chats, as Telegram's own

    def reset(self) -> None:
        """Back to the beginning; the bot and the limits are as they were at the start."""
        self.webhook.stop()
        self.clock.reset()
        self.limits.reset(on=self._limits_on_at_start)
        self.updates.reset()
        self._begin()
        self.changed.give()

    def phone(self, phone_id: int) -> Phone:
        """Raises UnknownPhoneError."""
        try:
            return self.phones[phone_id]
        except KeyError as unknown:
            raise UnknownPhoneError from unknown

    def log(self, method: str, chat_id: int | None) -> None:
        self.calls.append(Call(method=method, chat_id=chat_id, date=self.clock.now()))
        self.called.give()

    def new_user_id(self) -> int:
        while True:
            drawn = USER_IDS.start + secrets.randbelow(len(USER_IDS))
            if drawn not in self.phones:
                return drawn

    def next_toast(self) -> int:
        self._toasts += 1
        return self._toasts

    def touch(self, phone: Phone) -> None:
        """Tells whoever watches that this phone shows something new."""
        phone.seq += 1
        self.changed.give()

    def put(self, phone: Phone, message: Message) -> Message:
        """Shows a new message, or an old one anew."""
        phone.messages[message.message_id] = message
        self.next_message_id = max(self.next_message_id, message.message_id + 1)
        if message.from_bot:
            phone.action = None
        self.touch(phone)
        return message

    def bot_as_user(self) -> dict[str, Any]:
        """The Bot API's User for the bot itself."""
        return {
            "id": self.bot.id,
            "is_bot": True,
            "first_name": self.profile.text(About.NAME, "") or self.bot.name,
            "username": self.bot.username,
        }

    def as_api(self, phone: Phone, message: Message) -> dict[str, Any]:
        """The Bot API's Message, with the message it replies to."""
        shown = self._bare(phone, message)
        if message.reply_to in phone.messages:
            shown["reply_to_message"] = self._bare(phone, phone.messages[message.reply_to])
        return shown

    def _bare(self, phone: Phone, message: Message) -> dict[str, Any]:
        sender = self.bot_as_user() if message.from_bot else phone.as_user()
        return message.as_json(sender=sender, chat=phone.as_chat())

    def as_seen(self, phone: Phone) -> dict[str, Any]:
        """The whole of one phone's screen."""
        language = phone.language_code
        commands = self.profile.commands_for(phone.id, language)
        return phone.as_seen(self.clock.now()) | {
            "commands": [command.as_json() for command in commands],
            "bot": {
                "name": self.profile.text(About.NAME, language) or self.bot.name,
                "username": self.bot.username,
                "description": self.profile.text(About.DESCRIPTION, language),
                "short_description": self.profile.text(About.SHORT_DESCRIPTION, language),
            },
        }
