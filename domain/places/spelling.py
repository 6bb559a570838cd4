"""One spelling for what is written in many: case, spaces, apostrophes, hyphens, filler words."""

import re
import unicodedata

LONGEST = 60
"""Letters of a typed place that are looked at; no name in Kenya is longer."""

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u02b9\u00b4`\u2032\uff07]")
_BREAKS = re.compile(r"[\W_]+")

_FILLERS = frozenset(
    {
        *("county", "town", "city", "municipality", "constituency", "ward", "subcounty", "sub"),
        *("kaunti", "mji", "jiji", "manispaa", "eneo", "bunge", "wadi", "ndogo"),
        *("the", "of", "in", "from", "at", "i", "live", "am", "area", "kenya"),
        *("ya", "wa", "la", "kutoka", "katika", "niko", "natoka", "huko"),
    }
)


def words(typed: str) -> tuple[str, ...]:
    """The words of the first `LONGEST` letters, in lower case, without accents or apostrophes."""
    cut = _APOSTROPHES.sub("", typed.strip()[:LONGEST])
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", cut.casefold())
        if not unicodedata.combining(letter)
    )
    return tuple(_BREAKS.sub(" ", plain).split())


def squashed(typed: str) -> str:
    """So that "Homa-Bay", "homa bay" and "HOMABAY" are all "homabay"."""
    return "".join(words(typed))


def without_fillers(typed: tuple[str, ...]) -> tuple[str, ...]:
    """So that "kaunti ya kiambu" and "Kiambu county" both say "kiambu"."""
    return tuple(word for word in typed if word not in _FILLERS)


def slug(name: str) -> str:
    """For keys and links, [a-z0-9-] only: "Murang'a" is "muranga", "Homa Bay" "homa-bay"."""
    return "-".join(words(name)).encode("ascii", "ignore").decode("ascii")
