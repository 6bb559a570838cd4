"""The house: modules that fit the eye, and no promise of code that is not there."""

import re
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
PRODUCT = ("app", "bot", "crypto", "domain", "media", "sandbox", "scheduler", "storage")
ALL = (*PRODUCT, "bench", "tests")
TOO_LONG = 400
UNFINISHED = re.compile(r"raise Not[I]mplemented|# *(?:TO[D]O|FIX[M]E|XX[X])\b")
NO_HOME = ("util", "helper", "manager", "misc", "common")


def modules(*packages: str) -> dict[str, list[str]]:
    """Lines by path; packages that only mark a folder are none."""
    found = (path for package in packages for path in sorted((ROOT / package).rglob("*.py")))
    lines = {path: path.read_text(encoding="utf-8").splitlines() for path in found}
    return {str(path.relative_to(ROOT)): text for path, text in lines.items() if text}


def test_every_module_is_under_400_lines() -> None:
    long = {name: len(text) for name, text in modules(*ALL).items() if len(text) >= TOO_LONG}
    assert long == {}, "split by what they are about"


def test_half_of_the_products_modules_are_read_at_a_glance() -> None:
    assert 60 <= median(len(text) for text in modules(*PRODUCT).values()) <= 120


def test_no_module_is_named_after_nothing() -> None:
    named = [name for name in modules(*ALL) if any(word in name for word in NO_HOME)]
    assert named == []


def test_nothing_is_promised_and_not_there() -> None:
    stubs = [
        f"{name}:{number}"
        for name, text in modules(*ALL).items()
        for number, line in enumerate(text, 1)
        if UNFINISHED.search(line)
    ]
    assert stubs == []
