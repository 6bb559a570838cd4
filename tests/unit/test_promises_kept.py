"""Every promise has its file, an attack, and a build that leaks on purpose; and the threat
model names each of them.
"""

import re

import pytest

from tests.in_docs import DOCS
from tests.promises.kept import FILE, LEAKY, PROMISES

TESTS = {
    path.name: re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    for path in sorted((DOCS.parent / "tests" / "promises").glob("test_*.py"))
}


def named_after(promise: int) -> list[str]:
    found = ((FILE.fullmatch(name), tests) for name, tests in TESTS.items())
    return [test for file, tests in found if file and int(file[1]) == promise for test in tests]


def test_every_file_is_of_a_promise() -> None:
    numbers = {int(file[1]) for name in TESTS if (file := FILE.fullmatch(name))}
    assert len([name for name in TESTS if FILE.fullmatch(name)]) == len(TESTS)
    assert numbers <= set(PROMISES)


@pytest.mark.parametrize("promise", list(PROMISES))
def test_every_promise_is_attacked_and_the_attack_finds_a_build_that_leaks(promise: int) -> None:
    tests = named_after(promise)
    builds = [build for test in tests if (build := LEAKY.match(test))]
    assert builds
    assert len(tests) > len(builds)


def test_the_threat_model_says_what_was_attacked() -> None:
    """The row of each promise, with builds found out, all of them."""
    written = (DOCS / "threat-model.md").read_text(encoding="utf-8")
    for number, promise in PROMISES.items():
        row = re.search(rf"^\| {number} \| {re.escape(promise)} \| (.*) \|$", written, re.MULTILINE)
        assert row, promise
        for kept, of in re.findall(r"(\d+) of (\d+)", row[1]):
            assert kept == of != "0", row[0]
