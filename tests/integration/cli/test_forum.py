"""`sauti forum`: what is in, and files that are refused whole."""

import re
from importlib.resources import files

import pytest

from tests.integration.cli.shell import Shell

FORUMS = files("app.reference").joinpath("forums_2025.csv").read_text(encoding="utf-8")


def test_forum_list_shows_every_forum_with_the_key_of_its_poster(shell: Shell) -> None:
    lines = shell.said("forum", "list").splitlines()
    assert len(lines) == 9
    assert all(re.search(r" f-\S+  ", line) for line in lines)
    assert any(line.endswith("  Embu, Meru, Tharaka-Nithi") for line in lines), lines


def test_forum_import_twice_changes_nothing(shell: Shell) -> None:
    (shell.folder / "forums.csv").write_text(FORUMS, encoding="utf-8")
    before = shell.said("forum", "list")
    for _ in range(2):
        assert "9 forums are in" in shell.said("forum", "import", "forums.csv")
    assert shell.said("forum", "list") == before


def bad_files() -> dict[str, bytes]:
    lines = FORUMS.splitlines()
    return {
        "an unknown county": FORUMS.replace("Nairobi", "Atlantis").encode(),
        "a missing column": "\n".join(line.rpartition(",")[0] for line in lines).encode(),
        "nothing": b"",
        "no text": b"\xff\xfe\x00\x01",
        "another file": b"PK\x03\x04 not a table",
    }


@pytest.mark.parametrize("kind", bad_files())
def test_forum_import_of_a_bad_file_takes_none_of_it(shell: Shell, kind: str) -> None:
    (shell.folder / "forums.csv").write_bytes(bad_files()[kind])
    before = shell.said("forum", "list")
    done = shell.sauti("forum", "import", "forums.csv")
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.stderr.strip()
    assert shell.said("forum", "list") == before


def test_forum_import_of_no_file_says_so(shell: Shell) -> None:
    assert "nowhere.csv" in shell.refusal("forum", "import", "nowhere.csv")
