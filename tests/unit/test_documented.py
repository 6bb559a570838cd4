"""What exists is documented, what is documented exists, and links lead somewhere."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from app.cli import sauti
from app.log import EVENTS
from app.metrics import METRICS
from app.settings import PREFIX, Settings, load_settings
from bot.dialogue.citizen import COMMANDS as CITIZEN
from bot.dialogue.moderator import COMMANDS as MODERATOR
from bot.dialogue.officer import COMMANDS as OFFICER

ROOT = Path(__file__).parents[2]
BUILT = {"var", "build", "dist"}
OPERATIONS = "docs/operations.md"
PACKAGES = "app|bench|bot|crypto|docs|domain|media|sandbox|scheduler|storage|tests"

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
OUR_PATH = re.compile(rf"`((?:{PACKAGES})/[\w./-]*)`")
JOB_NAME = re.compile(r"\b(?:Bell)?Job\(\s*name=\"([^\"]+)\"")

PUBLIC_PLACES = ("/media/stick/",)
MACHINE_PATH = re.compile(r"(?<![\w.:/~<>)-])/[A-Za-z][\w.-]*/[\w.-]+[\w./-]*")
PLACEHOLDER = re.compile(r"\b(?:TODO|FIXME|TBD|XXX)\b|\?\?\?|[Ll]orem ipsum")


def documents() -> list[str]:
    """Every page of the repository, and none that is installed or built."""
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*.md"))
    return sorted(
        str(path)
        for path in found
        if not any(part.startswith(".") or part in BUILT for part in path.parts)
    )


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings() -> list[str]:
    return [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]


def shell_commands(command: Any, name: str = "sauti") -> Iterator[str]:
    """Every command that does something, as it is typed."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name
        return
    for word, each in inner.items():
        yield from shell_commands(each, f"{name} {word}")


def job_names() -> list[str]:
    return JOB_NAME.findall(read("app/timetable.py"))


def section(title: str, text: str) -> str:
    """What stands under a heading, up to the next of its rank or above."""
    opening = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert opening, f"there is no heading {title!r}"
    rest = text[opening.end() :]
    closing = re.search(rf"^#{{1,{len(opening[1])}}} ", rest, re.MULTILINE)
    return rest[: closing.start()] if closing else rest


def listed(title: str, text: str) -> list[str]:
    """What the first column of a section's tables sets as code."""
    return re.findall(r"^\| `([^`]+)` \|", section(title, text), re.MULTILINE)


def anchors(text: str) -> set[str]:
    """Headings, as GitHub makes anchors of them."""
    spelt = (re.sub(r"[^\w -]", "", heading).lower() for heading in HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in spelt}


def broken_links(page: str, text: str) -> Iterator[str]:
    """Relative links of a page that lead to no file or folder/, or to no heading in it."""
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        whole = name == "" or (target.is_dir() if name.endswith("/") else target.is_file())
        if not whole or (
            anchor and anchor not in anchors(text if not name else target.read_text("utf-8"))
        ):
            yield link


def lost_paths(text: str) -> list[str]:
    """Paths of this repository that are named and not there."""
    return [path for path in OUR_PATH.findall(text) if not (ROOT / path).exists()]


def strays(text: str) -> list[str]:
    """Paths of somebody's machine, and what was to be filled in later."""
    paths = [path for path in MACHINE_PATH.findall(text) if not path.startswith(PUBLIC_PLACES)]
    return [*paths, *PLACEHOLDER.findall(text)]


def uncommented(text: str) -> Iterator[tuple[str, str]]:
    """The settings of `.env.example`, as if each `#` were taken away."""
    yield from re.findall(rf"^#?({PREFIX}\w+)=(.*)$", text, re.MULTILINE)


def differing(left: Iterable[str], right: Iterable[str]) -> set[str]:
    return set(left) ^ set(right)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Settings", settings()),
        ("Commands", list(shell_commands(get_command(sauti)))),
        ("Jobs", job_names()),
        ("Log events", list(EVENTS)),
        ("Metrics", list(METRICS)),
        ("Citizens", [f"/{name}" for name, _ in CITIZEN]),
        ("Moderators", [f"/{name}" for name, _ in MODERATOR]),
        ("Officers", [f"/{name}" for name, _ in OFFICER]),
    ],
)
def test_operations_lists_exactly_what_there_is(title: str, names: list[str]) -> None:
    assert names, "nothing was found in the code"
    said = listed(title, read(OPERATIONS))
    assert differing(said, names) == set()
    assert len(said) == len(set(said))


def test_the_readme_names_every_command_of_the_chat() -> None:
    said = set(re.findall(r"`(/[a-z]+)`", read("README.md")))
    assert {f"/{name}" for name, _ in (*CITIZEN, *MODERATOR, *OFFICER)} - said == set()


def test_the_example_names_every_setting_once_with_its_meaning() -> None:
    example = read(".env.example")
    named = [name for name, _ in uncommented(example)]
    assert sorted(named) == sorted(settings())
    for field in Settings.model_fields.values():
        assert f"# {field.description}\n" in example


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings read `.env` from the folder one stands in, and from nowhere else here."""
    for name in settings():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_as_it_is_changes_nothing(empty_folder: Path) -> None:
    (empty_folder / ".env").write_text(read(".env.example"), encoding="utf-8")
    assert load_settings({}) == Settings(_env_file=None)


def test_the_defaults_in_the_example_are_the_defaults(empty_folder: Path) -> None:
    shown = dict(uncommented(read(".env.example")))
    defaults = {
        f"{PREFIX}{name.upper()}"
        for name, field in Settings.model_fields.items()
        if field.default is not None
    }
    assert all(shown[name] == "" for name in shown.keys() - defaults)
    lines = "".join(f"{name}={shown[name]}\n" for name in sorted(defaults))
    (empty_folder / ".env").write_text(lines, encoding="utf-8")
    assert load_settings({}) == Settings(_env_file=None)


@pytest.mark.parametrize("page", documents())
def test_every_link_leads_to_a_file_and_a_heading(page: str) -> None:
    assert list(broken_links(page, read(page))) == []


@pytest.mark.parametrize("page", documents())
def test_every_path_a_page_names_is_there(page: str) -> None:
    assert lost_paths(read(page)) == []


@pytest.mark.parametrize("page", [*documents(), ".env.example"])
def test_no_page_names_a_machine_or_leaves_something_to_be_filled_in(page: str) -> None:
    assert strays(read(page)) == []


@pytest.mark.parametrize("page", documents())
def test_no_page_names_a_setting_that_is_none(page: str) -> None:
    said = set(re.findall(rf"\b{PREFIX}[A-Z_]+[A-Z]", read(page)))
    assert said - set(settings()) == set()


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    decisions = sorted(path.name for path in (ROOT / "docs" / "adr").glob("*.md"))
    assert decisions
    assert [name[:4] for name in decisions] == [
        f"{number:04}" for number in range(1, len(decisions) + 1)
    ]
    listed_ones = re.findall(
        r"\(adr/(\S+\.md)\)", section("Decisions", read("docs/architecture.md"))
    )
    assert listed_ones == decisions
    for name in decisions:
        assert read(f"docs/adr/{name}").startswith(f"# {name[:4]} ")


def test_terms_that_need_a_native_speaker_are_all_listed() -> None:
    rows = read("app/reference/kiswahili_terms.csv").splitlines()[1:]
    unsure = [row.split(",")[:2] for row in rows if row.endswith(",needs native review")]
    said = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", read("docs/translating.md"), re.MULTILINE)
    assert unsure
    assert [list(pair) for pair in said if "---" not in pair[0]][1:] == unsure


def test_a_broken_link_is_found() -> None:
    text = "# One\n[a](nowhere.md) [b](README.md) [c](#one) [d](#two) [e](https://x.invalid/y)"
    assert list(broken_links("README.md", text)) == ["nowhere.md", "#two"]


def test_a_link_to_a_folder_that_is_not_there_is_found() -> None:
    text = "[a](docs/adr/) [b](docs/nowhere/) [c](docs/adr)"
    assert list(broken_links("README.md", text)) == ["docs/nowhere/", "docs/adr"]


def test_a_link_to_a_heading_that_is_not_in_the_other_page_is_found() -> None:
    text = "[a](docs/operations.md#settings) [b](docs/operations.md#no-such-heading)"
    assert list(broken_links("README.md", text)) == ["docs/operations.md#no-such-heading"]


def test_a_path_that_is_not_there_is_found() -> None:
    assert lost_paths("`app/log.py` and `app/none.py` in `domain/`") == ["app/none.py"]


@pytest.mark.parametrize(
    "text", ["see /" + "home/somebody/notes", "`/" + "opt/x/y.py`", "TO" + "DO: say more", "???"]
)
def test_a_stray_is_found(text: str) -> None:
    assert strays(text) != []


@pytest.mark.parametrize(
    "text", ["`/next` and /lock", "1 and/or 2/3", "https://t.me/BotFather", "docs/adr/x.md"]
)
def test_what_is_no_stray_is_left_alone(text: str) -> None:
    assert strays(text) == []


def test_a_table_gives_its_first_column_and_no_other_section() -> None:
    text = (
        "# A\n## Jobs\n| job | x |\n|---|---|\n| `one` | `no` |\n### In\n| `two` |\n## B\n| `no` |"
    )
    assert listed("Jobs", text) == ["one", "two"]


PLACE = re.compile(r"^\| .+ \| `([\w/.]+\.py)` \| ((?:`\w+`(?:, )?)+) \|$", re.MULTILINE)


@pytest.mark.parametrize(
    ("page", "title", "least"),
    [
        ("CONTRIBUTING.md", "The way of one report through the files", 19),
        ("docs/architecture.md", "Where to find a rule", 10),
    ],
)
def test_what_a_page_says_stands_in_a_file_stands_there(page: str, title: str, least: int) -> None:
    rows = PLACE.findall(section(title, read(page)))
    assert len(rows) >= least
    lost = [
        (path, name)
        for path, names in rows
        for name in re.findall(r"`(\w+)`", names)
        if not defines(path, name)
    ]
    assert lost == []


def defines(path: str, name: str) -> bool:
    if not (ROOT / path).is_file():
        return False
    return bool(re.search(rf"^ *(?:async def|def|class) {name}\b", read(path), re.MULTILINE))
