"""What rows show: every column as a number, every size, every place in every file, and every
value as it is, hashed, and as a tag under the service keys.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.promises.joins import TAIL, Loot, Row, forms, number

LEAST_KINDS = 3
"""A column with fewer different values orders nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """By name; each as long as there are rows."""

    numbers: Mapping[str, Sequence[float]]
    values: Mapping[str, Sequence[frozenset[bytes]]]


def features_of(
    loot: Loot, rows: Sequence[Row], opened: Sequence[set[bytes]] | None = None
) -> Features:
    """`opened`: what service keys open of each row. Equal orders are told once."""
    names = sorted({name for row in rows for name in row})
    numbers: dict[str, Sequence[float]] = {
        **{name: [number(row.get(name)) for row in rows] for name in names},
        **dict(_sizes(rows, names)),
        **dict(_places(loot, rows, names)),
    }
    values = {name: [_forms_in(loot, row.get(name)) for row in rows] for name in names}
    if opened is not None:
        values["what opens"] = [frozenset(each) for each in opened]
    return Features(
        numbers=dict(_different(numbers)),
        values={name: column for name, column in values.items() if len(set(column)) > 1},
    )


def _forms_in(loot: Loot, value: object) -> frozenset[bytes]:
    return frozenset(forms(value, loot.keyring))


def _different(numbers: Mapping[str, Sequence[float]]) -> Iterator[tuple[str, Sequence[float]]]:
    seen = set()
    for name, column in numbers.items():
        order = tuple(sorted(range(len(column)), key=column.__getitem__))
        if len(set(column)) >= LEAST_KINDS and order not in seen:
            seen.add(order)
            yield name, column


def _sizes(rows: Sequence[Row], names: Sequence[str]) -> Iterator[tuple[str, Sequence[float]]]:
    for name in names:
        if any(isinstance(row.get(name), bytes) for row in rows):
            yield f"{name} size", [float(len(row.get(name) or b"")) for row in rows]


def _places(
    loot: Loot, rows: Sequence[Row], names: Sequence[str]
) -> Iterator[tuple[str, Sequence[float]]]:
    """Where the end of an envelope lies, the first and the last time."""
    tails = {
        name: [bytes(row[name])[-TAIL:] if _is_long(row.get(name)) else b"" for row in rows]
        for name in names
        if any(_is_long(row.get(name)) for row in rows)
    }
    wanted = {tail for column in tails.values() for tail in column if tail}
    for file, content in loot.files.items():
        first, last = _found(content, wanted)
        if not first:
            continue
        for name, column in tails.items():
            yield f"{name} first in {file}", [float(first.get(tail, -1)) for tail in column]
            yield f"{name} last in {file}", [float(last.get(tail, -1)) for tail in column]


def _is_long(value: object) -> bool:
    return isinstance(value, bytes) and len(value) >= TAIL


def _found(content: bytes, wanted: set[bytes]) -> tuple[dict[bytes, int], dict[bytes, int]]:
    first: dict[bytes, int] = {}
    last: dict[bytes, int] = {}
    for at in range(len(content) - TAIL + 1):
        if (here := content[at : at + TAIL]) in wanted:
            first.setdefault(here, at)
            last[here] = at
    return first, last
