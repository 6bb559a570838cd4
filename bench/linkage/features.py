"""What rows show: every column as a number, every size, every place in every file, every number
inside what a service key opens, and every value as it is, hashed, and as a tag under the keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.promises.joins import NUMBER, WORD, Loot, Row, forms, number

LEAST_KINDS = 3
"""A column with fewer different values orders nothing."""

PAGE = {True: 4096, False: 8192}
"""Bytes, of SQLite's files and of PostgreSQL's."""

INSIDE = 6
"""Numbers of an opened envelope, from its beginning and from its end."""

STRIDE = 8
TAIL = 2 * STRIDE - 1
"""Bytes at the end of an envelope that are enough to find it: shorter than an id."""

Numbers = Mapping[str, Sequence[float]]
Values = Mapping[str, Sequence[frozenset[bytes]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """By name; each as long as there are rows."""

    numbers: Numbers
    values: Values


def features_of(loot: Loot, rows: Sequence[Row], opened: Sequence[bytes] = ()) -> Features:
    """`opened`: what service keys open of each row."""
    names = sorted({name for row in rows for name in row})
    numbers: dict[str, Sequence[float]] = {
        **{name: [_number(row.get(name)) for row in rows] for name in names},
        **dict(_sizes(rows, names)),
        **dict(_places(loot, rows, names)),
        **dict(_inside(opened)),
    }
    values = {name: [_forms_in(loot, row.get(name)) for row in rows] for name in names}
    if opened:
        values["what opens"] = [_words(loot, body) for body in opened]
    return Features(numbers=numbers, values=values)


def joined(features: Sequence[Features]) -> Features:
    """One after the other. What one of them lacks orders nothing there; equal orders are told
    once.
    """
    lengths = [len(next(iter(each.numbers.values()))) for each in features]
    both = list(zip(features, lengths, strict=True))
    numbers = {
        name: [x for each, n in both for x in each.numbers.get(name, [0.0] * n)]
        for name in dict.fromkeys(name for each in features for name in each.numbers)
    }
    values = {
        name: [x for each, n in both for x in each.values.get(name, [frozenset()] * n)]
        for name in dict.fromkeys(name for each in features for name in each.values)
    }
    return Features(
        numbers=dict(_different(numbers)),
        values={name: column for name, column in values.items() if len(set(column)) > 1},
    )


def _words(loot: Loot, body: bytes) -> frozenset[bytes]:
    return frozenset(form for word in WORD.findall(body) for form in forms(word, loot.keyring))


_known_forms: dict[tuple[int, type, Any], frozenset[bytes]] = {}
"""Most rows are the same at each moment. With the type, as 1 is true."""


def _forms_in(loot: Loot, value: Any) -> frozenset[bytes]:
    key = id(loot.keyring), type(value), value
    if key not in _known_forms:
        _known_forms[key] = frozenset(forms(value, loot.keyring))
    return _known_forms[key]


def _different(numbers: Numbers) -> Iterator[tuple[str, Sequence[float]]]:
    seen = set()
    for name, column in numbers.items():
        kinds = {value: rank for rank, value in enumerate(sorted(set(column)))}
        order = tuple(kinds[value] for value in column)
        if len(kinds) >= LEAST_KINDS and order not in seen:
            seen.add(order)
            yield name, column


def _sizes(rows: Sequence[Row], names: Sequence[str]) -> Iterator[tuple[str, Sequence[float]]]:
    for name in names:
        if any(isinstance(row.get(name), bytes) for row in rows):
            yield f"{name} size", [float(len(row.get(name) or b"")) for row in rows]


def _number(value: object) -> float:
    """SQLite keeps days and moments as text."""
    if isinstance(value, str):
        with suppress(ValueError):
            return datetime.fromisoformat(value).timestamp()
    return number(value)


def _inside(opened: Sequence[bytes]) -> Iterator[tuple[str, Sequence[float]]]:
    """Numbers of message ids, days and moments, in the order in which they stand there."""
    found = [NUMBER.findall(body) for body in opened]
    for at in (*range(INSIDE), *range(-INSIDE, 0)) if opened else ():
        there = (-at if at < 0 else at + 1) - 1
        yield f"inside {at}", [float(each[at]) if len(each) > there else -1.0 for each in found]
    if opened:
        yield "inside size", [float(len(body)) for body in opened]


def _places(
    loot: Loot, rows: Sequence[Row], names: Sequence[str]
) -> Iterator[tuple[str, Sequence[float]]]:
    """Where the end of an envelope lies, the first and the last time; and where in its page."""
    tails = {
        name: [bytes(row[name])[-TAIL:] if _is_long(row.get(name)) else b"" for row in rows]
        for name in names
        if any(_is_long(row.get(name)) for row in rows)
    }
    pieces = _pieces({tail for column in tails.values() for tail in column if tail})
    for file, content in loot.files.items():
        first, last = _found(content, pieces)
        if not first:
            continue
        page = PAGE[".db" in file]
        for name, column in tails.items():
            ends = [float(last.get(tail, -1)) for tail in column]
            yield f"{name} first in {file}", [float(first.get(tail, -1)) for tail in column]
            yield f"{name} last in {file}", ends
            yield f"{name} in its page of {file}", [end % page for end in ends]


def _is_long(value: object) -> bool:
    return isinstance(value, bytes) and len(value) >= TAIL


Pieces = Mapping[bytes, Sequence[tuple[bytes, int]]]
"""Where in which end each begins."""


def _pieces(wanted: Iterable[bytes]) -> Pieces:
    pieces: defaultdict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
    for tail in wanted:
        for shift in range(STRIDE):
            pieces[tail[shift : shift + STRIDE]].append((tail, shift))
    return dict(pieces)


def _found(content: bytes, pieces: Pieces) -> tuple[dict[bytes, int], dict[bytes, int]]:
    """Every eighth byte is looked at: one of eight pieces of each end begins there."""
    first: dict[bytes, int] = {}
    last: dict[bytes, int] = {}
    for at in range(0, len(content) - STRIDE + 1, STRIDE):
        for tail, shift in pieces.get(content[at : at + STRIDE], ()):
            begins = at - shift
            if begins >= 0 and content.startswith(tail, begins):
                first.setdefault(tail, begins)
                last[tail] = begins
    return first, last
