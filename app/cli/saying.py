"""How commands speak: plain lines, and one clear line on the way out."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from app.settings import SettingRefused, Settings, load_settings
from bot.dialogue.screen import Text
from bot.texts.catalogue import Catalogue
from domain.errors import DomainError
from domain.ports.chat import Language
from storage.errors import StoreUnavailable

Answer = TypeVar("Answer")

NO_DATABASE = "the database does not answer, or is not in this release's shape: `sauti doctor`"


def say(line: str) -> None:
    typer.echo(line)


def refuse(why: str) -> typer.Exit:
    """To be raised: the line on standard error, and exit status 1."""
    typer.echo(why, err=True)
    return typer.Exit(1)


def system_said(refused: OSError) -> str:
    return f"{refused.filename or 'the system'}: {refused.strerror or refused}"


def settings_or_exit() -> Settings:
    try:
        return load_settings()
    except SettingRefused as refused:
        raise refuse(str(refused)) from None


def finish(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Runs the command's work; what is refused becomes one line."""
    try:
        return asyncio.run(work)
    except SettingRefused as refused:
        raise refuse(str(refused)) from None
    except StoreUnavailable:
        raise refuse(NO_DATABASE) from None
    except OSError as refused:
        raise refuse(system_said(refused)) from None
    except DomainError as refused:
        text = Catalogue.load(Language.ENGLISH).plain(Text(refused.key, refused.params))
        raise refuse(text) from None
