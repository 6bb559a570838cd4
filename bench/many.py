"""Many reports through bare SQL: counties as they are peopled, topics and states as a desk would
have them after two years. What nobody opens here is as long as an envelope, and random.
"""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from app.reference.load import load_counties
from domain.desks.desk import NATIONAL
from domain.reports.check_character import ALPHABET
from domain.reports.state import Author, NoActionReason, State, Want
from domain.reports.topic import Topic

DAYS = 730
ENVELOPE = 256
"""Bytes of the words of a report nobody opens; a short message, padded."""
WRAP = 64
BATCH = 10_000

TOPICS = {
    Topic.GANGS: 14,
    Topic.VIOLENCE: 13,
    Topic.ALCOHOL_DRUGS: 16,
    Topic.THEFT: 21,
    Topic.LAND: 8,
    Topic.ROADS: 9,
    Topic.OFFICIALS: 11,
    Topic.POLICE_NEEDS: 3,
    Topic.OTHER: 5,
}
WAYS: dict[tuple[State, ...], int] = {
    (State.RECEIVED,): 8,
    (State.RECEIVED, State.IN_REVIEW): 10,
    (State.RECEIVED, State.IN_REVIEW, State.REFERRED): 12,
    (State.RECEIVED, State.IN_REVIEW, State.REFERRED, State.IN_PROGRESS): 8,
    (State.RECEIVED, State.IN_REVIEW, State.REFERRED, State.BLOCKED): 7,
    (State.RECEIVED, State.IN_REVIEW, State.NO_ACTION): 15,
    (State.RECEIVED, State.IN_REVIEW, State.REFERRED, State.CLAIMED_RESOLVED): 12,
    (
        *(State.RECEIVED, State.IN_REVIEW, State.REFERRED, State.IN_PROGRESS),
        *(State.CLAIMED_RESOLVED, State.CONFIRMED),
    ): 20,
    (State.RECEIVED, State.IN_REVIEW, State.REFERRED, State.CLAIMED_RESOLVED, State.DISPUTED): 8,
}
"""The ways reports went, and how many of a hundred."""

OPEN = {way: number for way, number in WAYS.items() if way[-1] is State.RECEIVED}
DETAILS = {State.BLOCKED: tuple(Want), State.NO_ACTION: tuple(NoActionReason)}

Record = dict[str, object]


@dataclass(slots=True, kw_only=True)
class Crowd:
    """`today`: what happened, happened before it."""

    today: date
    dice: Random
    ways: dict[tuple[State, ...], int]
    made: int = 0

    def write(self, data_dir: Path, many: int) -> None:
        """So many more, in the order of their keys, which spares the disk."""
        disk = sqlite3.connect(data_dir / "cases.db", isolation_level=None)
        disk.execute("PRAGMA cache_size=-400000")
        ids = sorted(os.urandom(16) for _ in range(many))
        for start in range(0, many, BATCH):
            reports, events = [], []
            for report, record, happened in self._reports(ids[start : start + BATCH]):
                reports.append(record | {"id": report})
                events.extend(happened)
            disk.execute("BEGIN")
            _insert(disk, "report", reports)
            _insert(disk, "event", events)
            disk.execute("COMMIT")
        disk.close()

    def _reports(self, ids: list[bytes]) -> Iterator[tuple[bytes, Record, list[Record]]]:
        counties = load_counties()
        many, dice = len(ids), self.dice
        places = dice.choices(counties, [one.population_2019 for one in counties], k=many)
        topics = dice.choices(list(TOPICS), list(TOPICS.values()), k=many)
        ways = dice.choices(list(self.ways), list(self.ways.values()), k=many)
        for report, county, topic, way in zip(ids, places, topics, ways, strict=True):
            days = sorted(dice.randrange(1, DAYS) for _ in way)[::-1]
            events = [
                _event(report, number, state, self.today - timedelta(days=ago), dice)
                for number, (state, ago) in enumerate(zip(way, days, strict=True))
            ]
            last = events[-1]
            self.made += 1
            waits = way[-1].is_open or way[-1] is State.DISPUTED
            yield (
                report,
                {
                    "ref": _spelled(self.made, 6),
                    "locator": _spelled(self.made, 5),
                    "county": county.code,
                    "topic": topic.value,
                    "danger": False,
                    "forum_relation": "none",
                    "kept_out": "",
                    "how_far": "desk_only",
                    "received": events[0]["day"],
                    "state": last["state"],
                    "since": last["day"],
                    "detail": last["detail"],
                    "desk": NATIONAL,
                    "generation": 1,
                    "notice_due": False,
                    "unread": False,
                    "escalated": False,
                    "queue_rank": 1 if waits else None,
                    "words": os.urandom(ENVELOPE),
                    "dek_for_desk": os.urandom(WRAP),
                    "case_for_desk": os.urandom(WRAP),
                    "case_for_code": os.urandom(WRAP),
                    "visits": os.urandom(41),
                    "intake_leaf": os.urandom(32),
                },
                events,
            )


def _event(report: bytes, number: int, state: State, day: date, dice: Random) -> Record:
    by_citizen = number == 0
    return {
        "report": report,
        "number": number,
        "kind": "received" if by_citizen else "moved",
        "author": (Author.CITIZEN if by_citizen else Author.MODERATOR).value,
        "state": state.value,
        "detail": dice.choice(DETAILS[state]).value if state in DETAILS else None,
        "day": day.isoformat(),
        "signature": b"" if by_citizen else bytes(64),
        "nonce": b"",
    }


def _insert(disk: sqlite3.Connection, table: str, records: list[Record]) -> None:
    names = list(records[0])
    places = ", ".join("?" * len(names))
    query = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our own names
    disk.executemany(query, [tuple(record.values()) for record in records])


def _spelled(number: int, length: int) -> str:
    """Never what a real one is called: chance would choose one of these sooner or later."""
    letters = ["~"]
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
