"""Forums as an operator writes them: a CSV with one forum a row."""

import csv
import io
from collections.abc import Iterator

from domain.errors import DomainError
from domain.forums.forum import Forum, forum_key
from domain.forums.forum_date import ForumDate
from domain.places.county import County
from domain.places.gazetteer import CountyUnknown, Gazetteer

COLUMNS = ("counties", "date", "date_precision", "national_number", "concerns")


class ForumRowRefused(DomainError):
    """`row` counts as a spreadsheet does: the header is row 1. The subclass says what is wrong."""

    key = "error.forum_row"

    def __init__(self, *, row: int) -> None:
        super().__init__(row=row)
        self.row = row


class ForumColumnsRefused(ForumRowRefused):
    """The header is not `COLUMNS`, or a row has more or fewer cells."""

    key = "error.forum_columns"


class ForumCountyRefused(ForumRowRefused):
    """A county nobody knows, none at all, or the same one twice."""

    key = "error.forum_county"


class ForumDateRefused(ForumRowRefused):
    """No such date, or not as exact as `date_precision` says."""

    key = "error.forum_date"


class ForumNumberRefused(ForumRowRefused):
    key = "error.forum_number"


class ForumRepeated(ForumRowRefused):
    """An earlier row has the same counties and date, or the same national number."""

    key = "error.forum_repeated"


class ForumsRefused(DomainError):
    """Every bad row at once, in order, so that one mending is enough."""

    key = "error.forums"

    def __init__(self, rows: tuple[ForumRowRefused, ...]) -> None:
        super().__init__(count=len(rows))
        self.rows = rows


def parse_forums(csv_text: str, gazetteer: Gazetteer) -> list[Forum]:
    """Forums in the file's order; the counties of a joint forum are joined by "|".

    Raises ForumsRefused.
    """
    forums: dict[str, Forum] = {}
    numbers: set[int] = set()
    refused: list[ForumRowRefused] = []
    for row, cells in _rows(csv_text):
        try:
            forum = _forum(row, cells, gazetteer)
            if forum.key in forums or forum.national_number in numbers:
                raise ForumRepeated(row=row)
        except ForumRowRefused as refusal:
            refused.append(refusal)
            continue
        forums[forum.key] = forum
        if forum.national_number is not None:
            numbers.add(forum.national_number)
    if refused:
        raise ForumsRefused(tuple(refused))
    return list(forums.values())


def _rows(csv_text: str) -> Iterator[tuple[int, list[str]]]:
    """Raises ForumsRefused for a header that is not ours: no row could be read by it."""
    lines = csv.reader(io.StringIO(csv_text.removeprefix("\ufeff")))
    header = tuple(cell.strip() for cell in next(lines, []))
    if header != COLUMNS:
        raise ForumsRefused((ForumColumnsRefused(row=1),))
    for row, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            yield row, [cell.strip() for cell in cells]


def _forum(row: int, cells: list[str], gazetteer: Gazetteer) -> Forum:
    if len(cells) != len(COLUMNS):
        raise ForumColumnsRefused(row=row)
    named, written, precision, number, concerns = cells
    counties = _counties(row, named, gazetteer)
    date = _date(row, written, precision)
    return Forum(
        key=forum_key(counties, date),
        counties=tuple(county.code for county in counties),
        date=date,
        national_number=_number(row, number),
        concerns=concerns,
    )


def _counties(row: int, named: str, gazetteer: Gazetteer) -> list[County]:
    try:
        counties = [gazetteer.county_named(name) for name in named.split("|")]
    except CountyUnknown as unknown:
        raise ForumCountyRefused(row=row) from unknown
    if len({county.code for county in counties}) < len(counties):
        raise ForumCountyRefused(row=row)
    return counties


def _date(row: int, written: str, precision: str) -> ForumDate:
    try:
        date = ForumDate.parse(written)
    except ValueError as wrong:
        raise ForumDateRefused(row=row) from wrong
    if date.precision != precision:
        raise ForumDateRefused(row=row)
    return date


def _number(row: int, written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and int(written) > 0):
        raise ForumNumberRefused(row=row)
    return int(written)
