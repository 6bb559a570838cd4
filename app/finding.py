"""What `sauti doctor` finds: one line each, and how bad it is."""

from dataclasses import dataclass
from enum import StrEnum


class Light(StrEnum):
    GREEN = "ok"
    YELLOW = "look"
    RED = "WRONG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    light: Light
    what: str


def red(what: str) -> Finding:
    return Finding(light=Light.RED, what=what)


def green(what: str) -> Finding:
    return Finding(light=Light.GREEN, what=what)


def yellow(what: str) -> Finding:
    return Finding(light=Light.YELLOW, what=what)
