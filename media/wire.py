"""What the child says to its parent: one word, a line feed, and what is clean."""

from enum import StrEnum


class Word(StrEnum):
    """The first three are followed by what is clean; the others say why nothing is."""

    PHOTO = "photo"
    PDF = "pdf"
    TEXT = "text"
    UNKNOWN = "unknown"
    SOUNDS = "sounds"
    UNCLEANABLE = "uncleanable"
    LOCKED = "locked"


class Refused(Exception):
    """In the child: this file is not given back."""

    def __init__(self, word: Word) -> None:
        super().__init__(word)
        self.word = word


def say(word: Word, clean: bytes = b"") -> bytes:
    return word.encode() + b"\n" + clean


def heard(answer: bytes) -> tuple[Word, bytes] | None:
    """None for what no sound child says."""
    word, line_feed, clean = answer.partition(b"\n")
    known = {each.encode(): each for each in Word}
    return (known[word], clean) if line_feed and word in known else None
