"""How custodians bring the recovery key to a command: three shares, typed or from files."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.saying import say
from app.custody_files import (
    RecoveryPlaces,
    open_wraps,
    read_share_files,
    read_wraps,
    said_of,
    undivided_key,
)
from app.settings import SettingRefused, Settings
from crypto.custodians import NEEDED, SHARES, CustodianShare, Wraps
from crypto.errors import CryptoError
from crypto.share_words import ROWS, Row, join_rows, read_row
from crypto.xwing import KeyPair

WrapsOption = Annotated[
    Path | None, typer.Option(help="The file recovery.wraps that `sauti custodians` made.")
]
ShareOption = Annotated[
    list[Path] | None, typer.Option(help="A share's file, three times; unset: typed as words.")
]
UndividedOption = Annotated[
    Path | None, typer.Option(help="A recovery key that was never divided; unset: the demo's own.")
]


def recovery_pair(settings: Settings, places: RecoveryPlaces) -> KeyPair:
    """Raises SettingRefused."""
    if places.wraps is None:
        found = undivided_key(settings, places.undivided)
        if found is None:
            message = "say --wraps PATH, the file recovery.wraps of the custodians"
            raise SettingRefused(message)
        return found
    wraps = read_wraps(places.wraps)
    shares = read_share_files(places.shares, wraps) if places.shares else typed_shares(wraps)
    return open_wraps(wraps, shares)


def typed_shares(wraps: Wraps) -> dict[int, CustodianShare]:
    say(f"Three custodians of the set {wraps.name}, one after the other.")
    shares: dict[int, CustodianShare] = {}
    while len(shares) < NEEDED:
        number = typer.prompt(f"Number of the share (1 to {SHARES})", type=int)
        if not 1 <= number <= SHARES or number in shares:
            say(f"It stands on the paper: 1 to {SHARES}, and each once.")
            continue
        rows = [typed_row(number, place) for place in range(ROWS)]
        try:
            shares[number] = join_rows(rows)
        except CryptoError as refused:
            say(f"No: {said_of(refused)}.")
            continue
        clear_screen()
        say(f"Share {number} is in. {NEEDED - len(shares)} to go.")
    return shares


def typed_row(number: int, place: int) -> Row:
    """Asks until the row's check word fits."""
    while True:
        typed = typer.prompt(f"Row {place + 1}, six words")
        try:
            return read_row(number, place, typed)
        except CryptoError as refused:
            say(f"No: {said_of(refused)}.")


def clear_screen() -> None:
    """And what can be scrolled back to (ECMA-48: ED 3)."""
    typer.echo("\033[3J\033[H\033[2J", nl=False)
