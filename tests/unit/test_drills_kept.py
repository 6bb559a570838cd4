"""`docs/drills.md` shows the drills there are, on both databases, with every check of the code."""

import re
from pathlib import Path

import pytest

from tests.drills.drills import DRILLS
from tests.in_docs import DOCS

CODE = (Path(__file__).parents[1] / "drills" / "drills.py").read_text(encoding="utf-8")
PAGE = (DOCS / "drills.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
TYPED = re.compile(r"^\$ (sauti .+)$", re.MULTILINE)
CHECKED = re.compile(r"^\* Checked: (.+)\. Held\.$", re.MULTILINE)
ROW = re.compile(r"^\| (\w+, \w+) \| .+ \| (\d+) \| (\d+) \| \d+ \|$", re.MULTILINE)
TITLES = [f"{name.capitalize()}, {on}" for name in DRILLS for on in ("SQLite", "PostgreSQL")]


def sections() -> dict[str, str]:
    _, *parts = SECTION.split(PAGE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def of(name: str) -> str:
    """The drill's own function, as it is written."""
    begin = CODE.index(f"def {name}(")
    return CODE[begin : CODE.index("\n\n\n", begin)]


def test_the_page_shows_each_drill_on_each_database() -> None:
    assert list(sections()) == TITLES
    assert [title for title, *_ in ROW.findall(PAGE)] == TITLES


@pytest.mark.parametrize("title", TITLES)
def test_a_section_has_as_many_commands_and_checks_as_the_code(title: str) -> None:
    code, text = of(title.partition(",")[0].lower()), sections()[title]
    typed = code.count("terminal.types(") + code.count("_enrols(") + of("_begins").count(".types(")
    checked = sum(code.count(each) for each in (".check(", "_reads(", "_hears("))
    checked += of("_begins").count(".check(")
    assert len(TYPED.findall(text)) == typed
    assert len(CHECKED.findall(text)) == checked
    row = next(found for found in ROW.findall(PAGE) if found[0] == title)
    assert (int(row[1]), int(row[2])) == (typed, checked)


@pytest.mark.parametrize("title", TITLES)
def test_every_check_of_a_section_stands_in_the_code(title: str) -> None:
    lost = [check for check in CHECKED.findall(sections()[title]) if f'"{check}"' not in CODE]
    assert lost == []


def test_the_page_holds_no_secret() -> None:
    assert not re.search(r"m-[\w-]{20,}", PAGE)
    assert PAGE.count("<one-time link>") == PAGE.count("$ sauti staff invite ")
