"""The log is an allow-list: events and fields named here, and nothing else.

No event marks a report's arrival: its minute, beside the days a chat was seen,
would narrow down who wrote it. What libraries log is reduced to their name, the
level and the class of the error: a message of theirs may hold a token, an id or
what a person wrote.
"""

import logging
import sys
from typing import Protocol, TextIO

import structlog

EVENTS: dict[str, str] = {
    "bot.started": "The bot takes updates.",
    "bot.stopped": "The bot has stopped and everything in hand is finished.",
    "alarm.report_missing": "ALARM: a right code, and its report is gone.",
    "alarm.key_refused": "ALARM: a key or certificate does not follow from the root.",
    "alarm.record_changed": "ALARM: a report's row and its signed events do not agree.",
    "alarm.envelope_lost": "ALARM: a stored envelope does not open.",
    "desk.renewed": "A desk has a new generation of its key.",
    "member.enrolled": "A member has enrolled.",
    "member.locked": "A member was idle, or is revoked, and is locked.",
    "update.set_aside": "An update failed again and again and was set aside.",
    "update.failed": "Handling an update failed; it is tried again.",
    "intake.drained": "Stopping: what was in hand is finished, the rest comes again.",
    "intake.poll_failed": "Telegram did not answer a poll; tried again.",
    "intake.another_poller_or_webhook": "Another process polls with the same token.",
    "intake.hook_failed": "Telling the person of a failed update did not work.",
    "intake.last_confirmation_failed": "The last updates will come once more; that is harmless.",
    "intake.token_refused": "Telegram does not know the token.",
    "intake.webhook_refused": "Somebody without the secret called the webhook.",
    "intake.webhook_unreadable": "The webhook was sent something that is no update.",
    "telegram.unreachable": "Telegram does not answer; tried again.",
    "telegram.refused": "Telegram refused a message.",
    "store.unavailable": "The database does not answer; what was asked is asked again.",
    "chat.swept": "Messages left over from before a restart were deleted.",
    "clock.doubted": "Something is recorded for later than now; nothing rings for an hour.",
    "job.failed": "A job of the clock failed; it comes again.",
    "outbox.set_aside": "A message failed again and again and was set aside.",
    "outbox.unnoted": "A message was sent, and could not be noted for /clear.",
    "picture.undrawn": "A digest's picture could not be drawn; the words go without it.",
    "bot.standby": "Another process serves this bot; this one waits to take over.",
    "library.log": "A library logged something; its words are withheld.",
}

FIELDS = frozenset(
    {
        *("count", "job", "library", "level", "error", "outage"),
        *("failures", "total", "cut_off", "left", "key"),
    }
)


class Log(Protocol):
    def __call__(self, event: str, **fields: object) -> None: ...


class NotAllowed(Exception):
    """An event or field that is not on the list: a mistake of ours, loud in tests."""


def allow(event: str, fields: dict[str, object]) -> dict[str, object]:
    """The line as it may be written. Raises NotAllowed."""
    if event not in EVENTS or not fields.keys() <= FIELDS:
        raise NotAllowed(event, sorted(fields))
    return {
        name: value if isinstance(value, int | float) else str(value)[:40]
        for name, value in fields.items()
    }


class LibraryHandler(logging.Handler):
    """Says that a library spoke, not what it said."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "none"
        library = record.name.split(".")[0]
        self._log("library.log", library=library, level=record.levelname, error=error)


def configure(stream: TextIO | None = None) -> Log:
    """To standard error, or `stream`. Takes over every library's log as well."""
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%MZ", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    logger = structlog.get_logger()

    def log(event: str, **fields: object) -> None:
        logger.info(event, **allow(event, fields))

    root = logging.getLogger()
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
    root.addHandler(LibraryHandler(log))
    root.setLevel(logging.WARNING)
    return log
