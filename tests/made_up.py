"""A language nobody speaks, as one file: every English word with its letters turned round."""

import re
import shutil
from importlib.resources import files
from pathlib import Path

from babel.messages.pofile import read_po, write_po

CODE = "zz"
KEPT = re.compile(r"(\{\w+\}|</?(?:b|i|code)>|/\w+|REF\b|[\w-]*\d[\w-]*)")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def turned(words: str) -> str:
    """Tags, places to fill, commands and numbers stay as they are."""
    parts = KEPT.split(words)
    return "".join(
        part if at % 2 else WORD.sub(lambda word: word[0][::-1], part)
        for at, part in enumerate(parts)
    )


def with_a_made_up_language(folder: Path) -> Path:
    """The product's own catalogues and one more file beside them."""
    texts = Path(str(files("bot.texts")))
    for source in texts.glob("*.po"):
        shutil.copy(source, folder)
    catalogue = read_po((texts / "en.po").read_bytes().splitlines(keepends=True))
    for message in catalogue:
        if isinstance(message.string, str):
            message.string = turned(message.string) if message.id else message.string
        else:
            message.string = tuple(map(turned, message.string or ()))
    with (folder / f"{CODE}.po").open("wb") as file:
        write_po(file, catalogue, width=0)
    return folder


def vocabulary(folder: Path, code: str) -> frozenset[str]:
    """Words of four letters or more."""
    catalogue = read_po((folder / f"{code}.po").read_bytes().splitlines(keepends=True))
    said: list[str] = []
    for message in catalogue:
        if message.id:
            said.extend(
                [message.string] if isinstance(message.string, str) else message.string or ()
            )
    return frozenset(words_in(" ".join(KEPT.sub(" ", words) for words in said)))


def words_in(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text) if len(word) > 3}
