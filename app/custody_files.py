"""Files and screens of the custodians: shares as words and squares, and the key they open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from pathlib import Path

import segno

from app.keys import RECOVERY_SECRET, KeyFolder, read_key, write_private
from app.settings import SettingRefused, Settings
from crypto.custodians import NEEDED, SHARES, CustodianShare, Wraps
from crypto.errors import (
    CryptoError,
    KeyMalformed,
    RowSlipped,
    ShareMalformed,
    SharesRefused,
    TooFewShares,
    WordUnknown,
    WrapsMalformed,
)
from crypto.share_words import WrittenShare, read_share
from crypto.spelling import read_recovery_secret
from crypto.xwing import KeyPair

PUBLIC_FILE = "recovery.pub"
WRAPS_FILE = "recovery.wraps"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPlaces:
    """Where the recovery key comes from: wraps and three shares, or the one undivided key."""

    wraps: Path | None = None
    shares: Sequence[Path] = ()
    undivided: Path | None = None


def headline(share: WrittenShare) -> tuple[str, ...]:
    return (
        f"SAUTI SALAMA, RECOVERY KEY: SHARE {share.number} OF {SHARES}",
        f"Set: {share.set_name}. Any {NEEDED} shares open every desk. Keep it sealed.",
    )


def rows_of(share: WrittenShare) -> tuple[str, ...]:
    return tuple(f"{place}.  {'  '.join(row)}" for place, row in enumerate(share.rows, start=1))


def square_for_screen(share: WrittenShare) -> str:
    drawn = StringIO()
    segno.make(share.text().upper(), error="m").terminal(out=drawn, compact=True)
    return drawn.getvalue()


def page_of(share: WrittenShare) -> str:
    """One page to print; the square is part of it, nothing is fetched."""
    square = segno.make(share.text().upper(), error="m").svg_inline(scale=5)
    lines = "\n".join(escape(line) for line in (*headline(share), "", *rows_of(share)))
    return (
        "<!doctype html><meta charset=utf-8><title>Share</title>"
        "<style>body{font:18px monospace;margin:2cm}pre{font:inherit}</style>"
        f"<pre>{lines}</pre>{square}\n"
    )


def write_share_files(folder: Path, share: WrittenShare) -> Iterator[Path]:
    """Words to type, and a page to print: a folder a share. Raises SettingRefused."""
    own = folder / f"share-{share.number}"
    for name, content in (("share.txt", share.text()), ("share.html", page_of(share))):
        write_private(own / name, content.rstrip("\n"))
        yield own / name


def read_wraps(path: Path) -> Wraps:
    """Raises SettingRefused."""
    try:
        return Wraps.parse(path.read_text(encoding="ascii"))
    except (WrapsMalformed, UnicodeDecodeError):
        message = f"{path} holds no wraps of a recovery key"
        raise SettingRefused(message) from None


def read_share_files(paths: Sequence[Path], wraps: Wraps) -> dict[int, CustodianShare]:
    """By number. Raises SettingRefused, naming file, row and word."""
    found: dict[int, CustodianShare] = {}
    for path in paths:
        try:
            number, name, share = read_share(path.read_text(encoding="utf-8"))
        except (CryptoError, UnicodeDecodeError) as refused:
            why = said_of(refused) if isinstance(refused, CryptoError) else "no text"
            message = f"{path}: {why}"
            raise SettingRefused(message) from None
        if name != wraps.name:
            message = f"{path} is of the set {name}; the wraps are of {wraps.name}"
            raise SettingRefused(message)
        if number in found:
            message = f"{path} is share {number} once more; {NEEDED} different ones are needed"
            raise SettingRefused(message)
        found[number] = share
    return found


def open_wraps(wraps: Wraps, shares: Mapping[int, CustodianShare]) -> KeyPair:
    """Raises SettingRefused."""
    try:
        return wraps.open(shares)
    except (TooFewShares, SharesRefused) as refused:
        raise SettingRefused(said_of(refused)) from None


def undivided_key(settings: Settings, given: Path | None) -> KeyPair | None:
    """A key that was never divided: the one given, or the demo's own. Raises SettingRefused."""
    place = given or KeyFolder(settings.data_dir).offline / RECOVERY_SECRET
    if given is None and not place.exists():
        return None
    try:
        return read_recovery_secret(read_key("the recovery key", None, place))
    except KeyMalformed:
        message = f"{place} holds no recovery key"
        raise SettingRefused(message) from None


def said_of(refused: CryptoError) -> str:
    """What a custodian can do about it; never what the share says, but a word that is in no
    list.
    """
    match refused:
        case WordUnknown(row=row, position=position, near=near):
            hint = f"; is it {near!r}?" if near else ""
            return f"row {row}, word {position} is not on the list{hint}"
        case RowSlipped(row=row):
            return f"row {row} does not fit: one of its six words was misread, or the row's place"
        case ShareMalformed(row=0):
            return "this is no share"
        case ShareMalformed(row=row):
            return f"row {row} has not six words"
        case TooFewShares():
            return f"{NEEDED} different shares are needed; fewer open nothing"
        case _:
            return "these shares and these wraps do not belong together: nothing was opened"
