"""What a thief of both databases tries, to tie an address to a report: every order the rows
lie in on disk, and every value two rows share, as it is or under any key the server holds.

The thief knows which rows of *cases* are one report, and is given the truth only to be told
how well a guess did.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from itertools import product
from operator import mul
from typing import Any

from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.keyring import Keyring
from domain.followup.outbox import row_of
from domain.followup.outgoing import MessageKind
from domain.ports.addresses import OutgoingKey
from domain.ports.sealing import EnvelopeLost

Row = Mapping[str, Any]

CHANCE_RHO = 0.68
"""Spearman's rho of two unrelated orders of 50 stays under this: its deviation is 1/7, so this
is 4.8 of them, or twice in a million; a few thousand pairs of orders are compared.
"""
CHANCE_GUESSED = 6.0
"""Reports a guess finds by chance: one is expected, whatever the groups, and of Poisson's
mean 1 more than six come once in ten thousand.
"""
TAIL = 12
"""The last bytes of an envelope are enough to find it, and lie where it overflowed to."""
SHORTEST_WORD = 5
"""Anything shorter is a word of a list, or a language."""
WORD = re.compile(rb"[0-9A-Za-z]{%d,}" % SHORTEST_WORD)
NUMBER = re.compile(rb"\d+")
CLOCK = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loot:
    """A copy at rest. `cases` and `addresses`: the rows of each table, with what the database
    itself keeps of them (`xmin`, `ctid`). `files`: every byte that can hold a row.
    """

    cases: Mapping[str, Sequence[Row]]
    addresses: Mapping[str, Sequence[Row]]
    files: Mapping[str, bytes]
    keyring: Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One citizen: the id and leaf of their report; the keys of their rows, by table."""

    report: bytes
    leaf: bytes
    keys: Mapping[str, bytes]


def found_out(loot: Loot, truths: Sequence[Truth]) -> set[str]:
    """The joins that tie more addresses to their reports than chance does."""
    of_reports = report_rows(loot)
    reports = [of_reports[truth.report] for truth in truths]
    orders = _Orders(loot, reports)
    values = _values(loot, reports)
    found: set[str] = set()
    for table in truths[0].keys:
        rows = [_of_address(loot, table, truth) for truth in truths]
        there = _Orders(loot, rows)
        bodies = [opened_body(loot, row) for row in rows]
        there.add_inside(bodies)
        for (left, xs), (right, ys) in product(orders.ranked.items(), there.ranked.items()):
            if abs(sum(map(mul, xs, ys))) >= CHANCE_RHO:
                found.add(f"order: {left} ~ {table}.{right}")
        words = [words_in(loot, body) for body in bodies]
        shared = _values(loot, rows) | {"what opens": words}
        for (left, mine), (right, theirs) in product(values.items(), shared.items()):
            if guessed(mine, theirs) > CHANCE_GUESSED:
                found.add(f"equal: {left} = {table}.{right}")
    return found


def report_rows(loot: Loot) -> Mapping[bytes, Row]:
    """By report: everything plainly of it; what is more than one row is told apart by number."""
    found: dict[bytes, dict[str, Any]] = {row["id"]: {} for row in loot.cases["report"]}
    leaves = {row["intake_leaf"]: row["id"] for row in loot.cases["report"]}
    seen: Counter[tuple[bytes, str]] = Counter()
    for table, rows in loot.cases.items():
        column = {"report": "id", "pending_leaf": "hash"}.get(table, "report")
        for row in rows:
            report = row.get(column)
            report = leaves.get(report) if table == "pending_leaf" else report
            if report in found:
                at, seen[report, table] = seen[report, table], seen[report, table] + 1
                found[report] |= {f"{table}[{at}].{name}": value for name, value in row.items()}
    return found


def _of_address(loot: Loot, table: str, truth: Truth) -> Row:
    key = {"mailbox": "slot", "outgoing": "subject"}.get(table, "tag")
    return next(row for row in loot.addresses[table] if row[key] == truth.keys[table])


class _Orders:
    """By value, by size, and by place in each file (the first and the last copy of it), as
    ranks of mean 0 and length 1: the product of two is Spearman's rho.
    """

    def __init__(self, loot: Loot, rows: Sequence[Row]) -> None:
        self.ranked: dict[str, list[float]] = {}
        for name in rows[0]:
            values = [row.get(name) for row in rows]
            if any(value is None for value in values):
                continue
            self._add(name, [number(value) for value in values])
            if all(isinstance(value, bytes) and len(value) >= TAIL for value in values):
                self._add_places(loot, name, [bytes(value) for value in values if value])

    def _add_places(self, loot: Loot, name: str, values: Sequence[bytes]) -> None:
        self._add(f"{name} size", [float(len(value)) for value in values])
        tails = [value[-TAIL:] for value in values]
        for file, content in loot.files.items():
            for way, find in (("first", content.find), ("last", content.rfind)):
                places = [float(find(tails[0]))]
                if places[0] >= 0:
                    places += [float(find(tail)) for tail in tails[1:]]
                if min(places) >= 0:
                    self._add(f"{name} {way} in {file}", places)

    def add_inside(self, bodies: Sequence[bytes]) -> None:
        """Numbers of what opens: ids of messages count through all chats."""
        found = [NUMBER.findall(body) for body in bodies]
        for at in range(min(map(len, found))):
            self._add(f"number {at} of what opens", [float(each[at]) for each in found])

    def _add(self, name: str, values: Sequence[float]) -> None:
        """Unless there is no order in them."""
        mean = (len(values) - 1) / 2
        ranks = [rank - mean for rank in _ranks(values)]
        length = sum(map(mul, ranks, ranks)) ** 0.5
        if length:
            self.ranked[name] = [rank / length for rank in ranks]


def number(value: Any) -> float:
    match value:
        case bytes():
            return float(int.from_bytes(value[:8].ljust(8, b"\0"), "big"))
        case bool() | int() | float():
            return float(value)
        case datetime():
            return value.timestamp()
        case date():
            return float(value.toordinal())
        case str() if value.isdecimal():
            return float(value)
        case str() if shown := CLOCK.search(value):
            moment = time.fromisoformat(shown.group())
            return moment.hour * 3600 + moment.minute * 60 + moment.second
        case _:
            return 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    """Equal ones share the middle of their places."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks, start = [0.0] * len(values), 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + end - 1) / 2
        start = end
    return ranks


def guessed(reports: Sequence[set[bytes]], addresses: Sequence[set[bytes]]) -> float:
    """How many reports are guessed right, in the mean: an address that shares a value with
    `n` reports, its own among them, counts 1/n.
    """
    score = 0.0
    for mine, theirs in zip(reports, addresses, strict=True):
        common = mine & theirs
        if common:
            score += max(1 / sum(value in each for each in reports) for value in common)
    return score


def _values(loot: Loot, rows: Sequence[Row]) -> dict[str, list[set[bytes]]]:
    """Each value as it is, as text, hashed, and as a tag under the service keys."""
    names = [name for name in rows[0] if all(name in row for row in rows)]
    return {name: [forms(row[name], loot.keyring) for row in rows] for name in names}


def forms(value: Any, keyring: Keyring) -> set[bytes]:
    if value is None or isinstance(value, bool):
        return set()
    return _forms(value if isinstance(value, bytes) else str(value).encode(), keyring)


@cache
def _forms(raw: bytes, keyring: Keyring) -> set[bytes]:
    """Once for each value, which lies in many rows and copies."""
    if len(raw) < SHORTEST_WORD:
        return {raw}
    hashed = {hashlib.new(name, raw).digest() for name in ("sha256", "sha1", "md5")}
    tags = {tag for purpose in Purpose for tag in keyring.tags(purpose, raw)}
    return {form for one in {raw} | hashed | tags for form in (one, one.hex().encode())}


def opened_in(loot: Loot, row: Row) -> set[bytes]:
    """The words inside the envelope, if a service key opens it."""
    return words_in(loot, opened_body(loot, row))


def words_in(loot: Loot, body: bytes) -> set[bytes]:
    return {form for word in WORD.findall(body) for form in forms(word, loot.keyring)}


def opened_body(loot: Loot, row: Row) -> bytes:
    """What a service key opens of it; nothing where none does."""
    bound = [value for value in row.values() if isinstance(value, bytes)]
    if "subject" in row:
        kind = MessageKind(row["kind"])
        key = OutgoingKey(subject=row["subject"], kind=kind, anchor=row["anchor"])
        bound.append(row_of(key))
    for purpose, tag in product(Purpose, bound):
        with suppress(EnvelopeLost):
            return KeyringChatSeal(loot.keyring, purpose).open(tag, row["sealed"])
    return b""
