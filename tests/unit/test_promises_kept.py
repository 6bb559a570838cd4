"""Every promise has its file, an attack, and a build that leaks on purpose; and the threat
model names each of them.
"""

import re
from pathlib import Path

import pytest

from tests.in_docs import DOCS
from tests.promises.kept import FILE, LEAKY, PROMISES, Kept, files_of, rows

A_TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
NAMES_ITS_BUILDS = "record_property"
"""In a test that tries several builds: what they are called is known when it has run."""

FILES = sorted((DOCS.parent / "tests" / "promises").glob("test_*.py"))


def number_of(file: Path) -> int:
    named = FILE.fullmatch(file.name)
    assert named, file.name
    return int(named[1])


def attacks_on(promise: int) -> dict[str, str]:
    """Each with what it does."""
    found: dict[str, str] = {}
    for file in FILES:
        if number_of(file) == promise:
            _, *parts = A_TEST.split(file.read_text(encoding="utf-8"))
            found |= dict(zip(parts[::2], parts[1::2], strict=True))
    return found


def test_every_file_is_of_a_promise() -> None:
    assert {number_of(file) for file in FILES} == set(PROMISES)


@pytest.mark.parametrize("promise", list(PROMISES))
def test_every_promise_is_attacked_and_the_attack_finds_a_build_that_leaks(promise: int) -> None:
    tests = attacks_on(promise)
    builds = [name for name in tests if LEAKY.match(name)]
    assert builds
    assert len(tests) > len(builds)


@pytest.mark.parametrize("promise", list(PROMISES))
def test_the_threat_model_says_what_was_attacked_and_which_builds_were_found(promise: int) -> None:
    written = (DOCS / "threat-model.md").read_text(encoding="utf-8")
    start = rf"^\| {promise} \| {re.escape(PROMISES[promise])} \| (.*) \|$"
    row = re.search(start, written, re.MULTILINE)
    assert row
    for kept, of in re.findall(r"(\d+) of (\d+)", row[1]):
        assert kept == of != "0"
    named = set(row[1].partition(": ")[2].split(", "))
    alone = {
        build[1].replace("_", " ")
        for name, body in attacks_on(promise).items()
        if (build := LEAKY.match(name)) and NAMES_ITS_BUILDS not in body
    }
    assert alone <= named


def test_a_run_of_one_promise_writes_its_row_alone_and_of_half_of_one_none() -> None:
    written = {number: f"row {number}" for number in PROMISES}
    whole, half = Kept(files=files_of(12)), Kept(files={min(files_of(3))})
    whole.attacks = half.attacks = {"test_it": True}
    _, _, *table = rows({12: whole, 3: half}, written)
    assert table[11].startswith("| 12 | gone is gone | 1 of 1 | ")
    assert [*table[:11], *table[12:]] == [f"row {number}" for number in PROMISES if number != 12]
