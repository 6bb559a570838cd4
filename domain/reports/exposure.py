"""Local rules, no network: what in a text leads to a person or out of the product. They find
what has a shape; they know no names.
"""

import re
import unicodedata
from enum import StrEnum

from domain.errors import DomainError


class Trace(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    HANDLE = "handle"


class GivesAway(DomainError):
    """`what`: the trace that was found first."""

    key = "error.gives_away"


FEWEST_DIGITS = 9
"""A Kenyan number without its zero. Dates and sums of money are shorter."""

_BETWEEN = r"[\s().\-/\u2010-\u2015]{0,3}"
_ENDINGS = "com|org|net|info|biz|io|app|link|ly|ke|tz|ug|rw|et|so|eu|uk"

_SHAPES: dict[Trace, re.Pattern[str]] = {
    Trace.EMAIL: re.compile(r"\w[\w.+-]*\s?(?:@|\(at\)|\[at\])\s?\w[\w-]*(?:\.\w+)+"),
    Trace.LINK: re.compile(
        rf"https?:|www\.|\b(?:t|wa|m|fb)\.me\b|\btg:|\b[a-z0-9-]+\.(?:{_ENDINGS})\b(?!\.?\d)"
    ),
    Trace.HANDLE: re.compile(r"(?<![\w.])@\s?\w{3,}"),
    Trace.PHONE: re.compile(rf"(?<!\d)\+?(?:\d{_BETWEEN}){{{FEWEST_DIGITS - 1},}}\d"),
}
"""In this order, as an address holds an @name and a link too."""


def traces(text: str) -> tuple[Trace, ...]:
    """In the order of `Trace`."""
    plain = _plain(text)
    found = {trace for trace, shape in _SHAPES.items() if shape.search(plain)}
    return tuple(trace for trace in Trace if trace in found)


def refuse_traces(text: str) -> None:
    """Raises GivesAway."""
    found = traces(text)
    if found:
        raise GivesAway(what=found[0])


def _plain(text: str) -> str:
    """In small letters, digits of any script as ours, without what no eye sees."""
    seen = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in seen).casefold()
