"""`make promises`: a table of what was attacked and held, and of every build that leaks on
purpose and was found out.

A plugin of pytest, asked for by name. Where only some promises were run, each with all of its
files, the rows of the others stay as they are. A promise is a file, `test_NN_…`. A leaky build is
a test `test_a_build_that_…_is_found_out`; a test that tries several records each as a property.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.in_docs import DOCS, write_table

PROMISES = {
    1: "no identity beside a report",
    2: "sealed on arrival",
    3: "the server at rest opens and links nothing",
    4: "a code opens its own and nothing else",
    5: "no shape tells",
    6: "`/clear` and `/lock` leave nothing",
    7: "files carry no maker",
    8: "messages keep no time",
    9: "what was acknowledged is never lost",
    10: "small counts never show",
    11: "nothing disappears unnoticed",
    12: "gone is gone",
    13: "a named office is never sent it",
    14: "logs are an allow-list",
    15: "one moderator cannot bury unnoticed",
}
FILE = re.compile(r"test_(\d\d)_\w+\.py")
LEAKY = re.compile(r"test_a_build_(?:that|whose)_(\w+?)_is_found_out\b")


@dataclass(slots=True)
class Kept:
    """Of one promise: attacks by whether they held, builds by whether they were found out."""

    attacks: dict[str, bool] = field(default_factory=dict)
    builds: dict[str, bool] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def row(self, number: int) -> str:
        held, found = sum(self.attacks.values()), sum(self.builds.values())
        return (
            f"| {number} | {PROMISES[number]} | {held} of {len(self.attacks)}"
            f" | {found} of {len(self.builds)}: {', '.join(sorted(self.builds))} |"
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    table = list(rows(_kept(terminalreporter), _written()))
    terminalreporter.write_line("\n" + "\n".join(table))
    if not terminalreporter.stats.get("deselected"):
        write_table("threat-model.md", "make promises", table)


def rows(kept: Mapping[int, Kept], written: Mapping[int, str]) -> Iterator[str]:
    """Of a promise that was not run as a whole, the row as it was written before."""
    yield "| | promise | attacks that failed | builds that leak on purpose, found out |"
    yield "|---|---|---|---|"
    for number in PROMISES:
        of = kept.get(number, Kept())
        yield of.row(number) if of.files == files_of(number) else written[number]


def files_of(promise: int) -> set[str]:
    return {file.name for file in Path(__file__).parent.glob(f"test_{promise:02}_*.py")}


def _written() -> dict[int, str]:
    lines = (DOCS / "threat-model.md").read_text(encoding="utf-8").splitlines()
    start = lines.index("<!-- make promises -->")
    numbered = (re.match(r"\| (\d+) \|", line) for line in lines[start:])
    return {int(found[1]): found.string for found in numbered if found}


def _kept(reporter: pytest.TerminalReporter) -> Mapping[int, Kept]:
    kept: defaultdict[int, Kept] = defaultdict(Kept)
    for outcome in ("passed", "failed", "error"):
        for report in reporter.getreports(outcome):
            path, _, test = report.nodeid.partition("::")
            promise = FILE.fullmatch(Path(path).name)
            if promise is None or (report.when != "call" and outcome == "passed"):
                continue
            of = kept[int(promise[1])]
            of.files.add(promise[0])
            several = [str(value) for name, value in report.user_properties if name == "leak"]
            for name in several:
                _note(of.builds, name, good=outcome == "passed")
            if several and LEAKY.match(test):
                continue
            if build := LEAKY.match(test):
                _note(of.builds, build[1].replace("_", " "), good=outcome == "passed")
            else:
                _note(of.attacks, test, good=outcome == "passed")
    return kept


def _note(results: dict[str, bool], name: str, *, good: bool) -> None:
    results[name] = results.get(name, True) and good
