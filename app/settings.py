"""Every setting there is: `SAUTI_…` in the environment or in `.env`.

A misspelt one is an error, and so is a value that cannot be meant.
"""

import os
import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from domain.followup.windows import Windows

PREFIX = "SAUTI_"
TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
ELSEWHERE = ("file:", "credential:")


POSTGRESQL = frozenset({"postgresql", "postgres"})


class SettingRefused(Exception):
    """One clear line an operator can act on; never shows a secret's value."""


class Mode(StrEnum):
    POLLING = "polling"
    WEBHOOK = "webhook"


NO_ZONES = frozenset({"posix", "posixrules", "right"})
"""Stand beside the zones on a system: other forms of them, with leap seconds or without."""


def _known_zone(name: str) -> str:
    if not _is_zone(name):
        message = "is no time zone; try Africa/Nairobi"
        raise ValueError(message)
    return name


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return name.partition("/")[0] not in NO_ZONES


class Settings(BaseSettings):
    """The token and key material may be given as the value itself, as `file:PATH`, or as
    `credential:NAME` (a systemd credential).
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: SecretStr | None = Field(
        None, description="The bot's token, from BotFather; file:PATH or credential:NAME."
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org",
        description="Base of the Bot API; http://127.0.0.1:PORT for a server of your own.",
        pattern=r"^https?://[^\s/]+(/.*)?$",
    )
    database_url: SecretStr | None = Field(
        None, description="postgresql://… ; unset: SQLite files under SAUTI_DATA_DIR."
    )
    data_dir: Path = Field(Path("var"), description="Where SQLite files and keys lie.")
    mode: Mode = Field(Mode.POLLING, description="polling, or webhook.")
    webhook_url: str | None = Field(None, description="Public https address Telegram calls.")
    webhook_secret: SecretStr | None = Field(
        None, description="What Telegram sends along, so that nobody else can call."
    )
    listen: str = Field(
        "127.0.0.1:8443",
        description="host:port the webhook listens on, behind your proxy.",
        pattern=r"^[^\s:]+:\d{1,5}$",
    )
    metrics_listen: str | None = Field(
        None,
        description="host:port for /metrics and /healthz, this machine only; unset: none.",
        pattern=r"^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\]):\d{1,5}$",
    )
    service_keys: SecretStr | None = Field(
        None, description="Service keyring; unset: keys/service.keys in the data dir."
    )
    root_public_key: str | None = Field(
        None, description="Pinned root key; unset: keys/root.pub in the data dir."
    )
    recovery_public_key: str | None = Field(
        None, description="Custodians' public key; unset: keys/recovery.pub in the data dir."
    )
    operator_name: str = Field(
        "Sauti Salama",
        description="Who runs this bot, as citizens read it.",
        min_length=2,
        max_length=60,
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Africa/Nairobi", description="The desk's time zone."
    )
    update_window: str = Field(
        "18:00",
        description="When follow-up messages leave.",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
    )
    quiet_hours: str = Field(
        "21:00-07:00",
        description="No follow-up messages then.",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
    )
    blackouts: str = Field(
        "",
        description="Days without follow-up, 2026-10-26/2026-11-20,….",
        pattern=r"^(\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d(,\s*\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d)*)?$",
    )
    min_count: int = Field(5, ge=5, le=100, description="Smallest count ever shown.")
    ledger_channel: str | None = Field(
        None, description="Channel for signed ledger heads (used with the ledger)."
    )

    @field_validator("telegram_api_url")
    @classmethod
    def _no_slash_at_the_end(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("bot_token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        """Where it only says where the token is, `app/keys.py` looks there."""
        given = "" if token is None else token.get_secret_value()
        elsewhere = given.startswith(ELSEWHERE)
        if elsewhere and TOKEN.fullmatch(given.partition(":")[2]):
            message = "has the token itself behind file: or credential:, where a place belongs"
            raise ValueError(message)
        if token is not None and not elsewhere and not TOKEN.fullmatch(given):
            message = "is no token; BotFather's are digits, a colon and letters"
            raise ValueError(message)
        return token

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        try:
            known = url is None or make_url(url.get_secret_value()).drivername in POSTGRESQL
        except (ArgumentError, ValueError):
            known = False
        if not known:
            message = "is no postgresql://user:password@host/name"
            raise ValueError(message)
        return url

    @field_validator("blackouts")
    @classmethod
    def _are_days(cls, spans: str) -> str:
        try:
            ordered = all(first <= last for first, last in _days(spans))
        except ValueError:
            ordered = False
        if not ordered:
            message = "are no days: first/last, like 2026-10-26/2026-11-20"
            raise ValueError(message)
        return spans

    @property
    def database(self) -> str | None:
        """The address of the database, its password included; None is SQLite."""
        return self.database_url.get_secret_value() if self.database_url else None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def windows(self) -> Windows:
        start, end = (time.fromisoformat(part) for part in self.quiet_hours.split("-"))
        return Windows(
            at=time.fromisoformat(self.update_window),
            quiet=(start, end),
            blackouts=_days(self.blackouts),
        )


def _days(spans: str) -> tuple[tuple[date, date], ...]:
    """Raises ValueError."""
    pairs = (span.strip().split("/") for span in spans.split(",") if span)
    return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs)


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises SettingRefused with a line for each setting that cannot be used."""
    environment = os.environ if environment is None else environment
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(
        name for name in environment if name.upper().startswith(PREFIX) and name not in known
    )
    if unknown:
        raise SettingRefused("; ".join(_unknown(name, known) for name in unknown))
    try:
        return Settings()
    except ValidationError as refused:
        found = refused.errors(include_input=False, include_context=False)
        lines = [
            _line(str(error["loc"][0]).upper(), error["type"], error["msg"]) for error in found
        ]
        raise SettingRefused("; ".join(lines).replace(VALUE_ERROR, "")) from None


VALUE_ERROR = "Value error, "


def _line(name: str, kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
        return _unknown(name, known)
    return f"{PREFIX}{name.removeprefix(PREFIX)}: {message}"


def _unknown(name: str, known: set[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    near = get_close_matches(name, known, n=1)
    return f"{name} is no setting" + (f"; did you mean {near[0]}?" if near else "")
