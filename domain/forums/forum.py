"""A security forum: which counties met, when, and what people raised there."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from domain.forums.forum_date import DatePrecision, ForumDate
from domain.places.county import County, CountyCode
from domain.places.spelling import slug
from domain.reports.report import ForumKey

LONGEST_KEY = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """`key` stands on the forum's poster (`?start=f-KEY`). `concerns` is text as published.

    `national_number` counts the forums of the whole country, where a source gives it.
    """

    key: ForumKey
    counties: tuple[CountyCode, ...]
    date: ForumDate
    national_number: int | None
    concerns: str

    @property
    def precision(self) -> DatePrecision:
        return self.date.precision


def forum_key(counties: Iterable[County], date: ForumDate) -> ForumKey:
    """Like "embu-meru-tharaka-nithi-2025-05", whatever the order of the counties.

    Where that is longer than `LONGEST_KEY`, a digest of the counties' codes stands for them.
    """
    together = sorted(counties, key=lambda county: county.code)
    names = "-".join(sorted(slug(county.name) for county in together))
    key = f"{names}-{date.text}"
    if len(key) > LONGEST_KEY:
        codes = "|".join(county.code for county in together)
        key = f"joint-{hashlib.sha256(codes.encode()).hexdigest()[:12]}-{date.text}"
    return ForumKey(key)
