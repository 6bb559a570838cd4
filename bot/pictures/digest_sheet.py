"""A digest's published figures as a sheet, in the language of whoever reads it."""

from collections.abc import Mapping, Sequence

from bot.dialogue.named import named
from bot.dialogue.outgoing.pictured import title, topics
from bot.dialogue.screen import Text
from bot.pictures.sheet import Cell, Line, Sheet
from bot.texts.catalogue import Catalogue
from domain.digest.measure import Measure
from domain.referrals.desk import COLUMNS


def digest_sheet(facts: Mapping[str, object], catalogue: Catalogue) -> Sheet:
    """`facts` as `domain/referrals/pictured.py` makes them."""
    about, say = title(facts), catalogue.plain
    return Sheet(
        language=catalogue.locale.language,
        title=say(Text("picture.title", about)),
        when=say(Text("picture.when", about)),
        columns=tuple(_capital(say(named(column))) for column in COLUMNS),
        lines=tuple(
            Line(
                label=say(named(topic)),
                cells=tuple(_cell(column, cells, catalogue) for column in COLUMNS),
            )
            for topic, cells in topics(facts)
        ),
        note=say(Text("picture.note", {"few": Text("published.few")})),
        empty=say(Text("digest.nothing_published")),
    )


def _cell(column: Measure, cells: Sequence[Sequence[object]], catalogue: Catalogue) -> Cell:
    for word, about, _ in cells:
        if word == column and isinstance(about, int):
            told = Text("published.about", {"number": about})
            short = catalogue.plain(Text("picture.number", {"number": about}))
            return Cell(text=catalogue.plain(told), short=short, size=about)
    few = catalogue.plain(Text("published.few"))
    return Cell(text=few, short=few)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
