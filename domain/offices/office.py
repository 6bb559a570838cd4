"""Offices a desk may pass a report on to, and what each of them takes."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.errors import DomainError
from domain.reports.topic import SUBJECTS, Subject, Topic

OfficeKey = NewType("OfficeKey", str)


class OfficeRefused(DomainError):
    """An office takes, or reaches, something nobody has a word for."""

    key = "error.office_refused"


class Scope(StrEnum):
    """How far an office reaches."""

    AREA = "county or Nairobi sub-region"
    COUNTY = "county"
    COUNTY_IN_PLACES = "county (not set up everywhere)"
    REGION = "region"
    NATIONAL = "national"


class Beyond(StrEnum):
    """What an office takes whatever the topic."""

    ESCALATION = "escalation"
    DELAY = "delay and inaction"


_OTHER_WORDS = {"police conduct": Subject.CONDUCT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """`takes` pairs a topic with one subject of it, or with None for the whole topic."""

    key: OfficeKey
    name: str
    scope: Scope
    takes: tuple[tuple[Topic, Subject | None], ...]
    beyond: tuple[Beyond, ...] = ()

    def takes_on(self, topic: Topic, subject: Subject | None = None) -> bool:
        """Whether a report so sorted may go there; unsorted ones only where all of it is taken."""
        return (topic, None) in self.takes or (topic, subject) in self.takes


def parse_office(*, key: str, name: str, scope: str, takes: str) -> Office:
    """`takes` is like "theft;officials:bribery;escalation". Raises OfficeRefused."""
    if scope not in set(Scope):
        raise OfficeRefused(office=key)
    entries = [entry.strip() for entry in takes.split(";")]
    beyond = tuple(Beyond(entry) for entry in entries if entry in set(Beyond))
    return Office(
        key=OfficeKey(key),
        name=name,
        scope=Scope(scope),
        takes=tuple(_pair(key, entry) for entry in entries if entry not in set(Beyond)),
        beyond=beyond,
    )


def _pair(office: str, entry: str) -> tuple[Topic, Subject | None]:
    topic_text, colon, subject_text = entry.partition(":")
    if topic_text not in set(Topic):
        raise OfficeRefused(office=office)
    topic = Topic(topic_text)
    return topic, _subject(office, topic, subject_text) if colon else None


def _subject(office: str, topic: Topic, words: str) -> Subject:
    plain = words.strip().lower()
    subject = _OTHER_WORDS.get(plain, re.sub("[ -]", "_", plain))
    if subject not in SUBJECTS[topic]:
        raise OfficeRefused(office=office)
    return Subject(subject)
