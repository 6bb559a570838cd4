"""What a picture shows: words and sizes, already in the reader's language and already safe
to publish. A cell that must not be counted has no size.
"""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`text` is what stands at the bar's end, `short` what stands in the table, where "about"
    is said once for all; `size` the bar's length, None where none may show.
    """

    text: str
    short: str
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One topic, with a cell for each of the sheet's columns."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`language`: "en" or "sw", for whoever has it read aloud. The first two columns are drawn
    as bars, filled and striped; the page has all of them as a table. `empty` stands where
    there are no lines.
    """

    language: str
    title: str
    when: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str
    empty: str

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)
