"""`sauti custodians`: offline, with five people in the room. docs/key-ceremony.md is the script."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.recovery_key import clear_screen, typed_row, typed_shares
from app.cli.saying import refuse, say, system_said
from app.custody_files import (
    PUBLIC_FILE,
    WRAPS_FILE,
    headline,
    open_wraps,
    read_share_files,
    read_wraps,
    rows_of,
    square_for_screen,
    write_share_files,
)
from app.keys import write_private
from app.settings import SettingRefused
from crypto.custodians import NEEDED, SHARES, Made, make
from crypto.share_words import ROWS, WrittenShare, write_share
from crypto.spelling import RECOVERY_PUBLIC, spell


def custodians(
    *,
    folder: Annotated[Path, typer.Argument(help="Where recovery.pub and recovery.wraps go.")],
    files: Annotated[
        bool,
        typer.Option("--files", help="Write each share to files, to print; show none on screen."),
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="Make nothing: try three shares on FOLDER's wraps.")
    ] = False,
    share: Annotated[
        list[Path] | None, typer.Option(help="With --test: a share's file, three times.")
    ] = None,
) -> None:
    """Make the recovery key in five shares, any three of which open it. On an offline machine."""
    try:
        if test:
            _test(folder / WRAPS_FILE, share or [])
        else:
            _make(folder, files=files)
    except SettingRefused as refused:
        raise refuse(str(refused)) from None
    except OSError as refused:
        raise refuse(system_said(refused)) from None


def _make(folder: Path, *, files: bool) -> None:
    """1. Nothing is overwritten. 2. Key and shares, in memory. 3. What is not secret, to files.
    4. Each share to its custodian alone.
    """
    for name in (PUBLIC_FILE, WRAPS_FILE):
        if (folder / name).exists():
            message = f"{folder / name} is there already and is not overwritten"
            raise SettingRefused(message)
    made = make()
    write_private(folder / PUBLIC_FILE, spell(RECOVERY_PUBLIC, made.wraps.public.raw))
    write_private(folder / WRAPS_FILE, made.wraps.format())
    say(f"The set is called {made.wraps.name}.")
    say(f"For SAUTI_RECOVERY_PUBLIC_KEY, not secret: {folder / PUBLIC_FILE}")
    say(f"Useless without {NEEDED} shares; keep it in several places: {folder / WRAPS_FILE}")
    if files:
        _to_files(folder, made)
    else:
        _to_screens(made)
    say(f"{SHARES} shares are made. The key itself is kept nowhere.")


def _to_files(folder: Path, made: Made) -> None:
    for share in _written(made):
        for path in write_share_files(folder, share):
            say(f"Share {share.number} of {SHARES}: {path}")
    say("Print each for its custodian alone, then destroy the files.")


def _to_screens(made: Made) -> None:
    """Nobody sees another's: the screen is cleared before and after each."""
    for share in _written(made):
        clear_screen()
        typer.prompt(f"Custodian {share.number} alone at the screen: Enter", "", show_default=False)
        for line in (*headline(share), "", *rows_of(share), ""):
            say(line)
        say(square_for_screen(share))
        typer.prompt("Written down, every word: Enter", "", show_default=False)
        clear_screen()
        say("Now from your paper, so that it is seen to be right.")
        for place in range(ROWS):
            typed_row(share.number, place)
        clear_screen()
        say(f"Share {share.number} is right. Seal it.")


def _written(made: Made) -> list[WrittenShare]:
    return [write_share(number, made.wraps.name, each) for number, each in made.shares.items()]


def _test(path: Path, files: list[Path]) -> None:
    wraps = read_wraps(path)
    shares = read_share_files(files, wraps) if files else typed_shares(wraps)
    open_wraps(wraps, shares).wipe()
    numbers = ", ".join(map(str, sorted(shares)))
    say(f"Shares {numbers} of the set {wraps.name} open the recovery key. It was not kept.")
