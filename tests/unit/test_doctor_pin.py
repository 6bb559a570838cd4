"""The pin is shown in words, and pointed out where it lies beside what it vouches for."""

from pathlib import Path

import pytest

from app.doctor_pin import look_at_pin
from app.finding import Light
from app.keys import ROOT_PUBLIC, KeyFolder, write_private
from app.settings import Settings
from crypto.spelling import new_root, read_root_public, root_words


@pytest.fixture
def public(tmp_path: Path) -> str:
    """Of a root that is pinned beside the data and elsewhere."""
    _, public = new_root()
    write_private(KeyFolder(tmp_path / "var").keys / ROOT_PUBLIC, public)
    write_private(tmp_path / "etc" / "root.pub", public)
    return public


def settings(tmp_path: Path, pinned: str | None) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "var", root_public_key=pinned)


@pytest.mark.parametrize(
    ("pinned", "light"),
    [
        (None, Light.YELLOW),
        ("file:{}/var/keys/root.pub", Light.YELLOW),
        ("file:{}/etc/../var/keys/root.pub", Light.YELLOW),
        ("file:{}/etc/root.pub", Light.GREEN),
    ],
)
def test_a_pin_beside_the_data_is_pointed_out(
    tmp_path: Path, public: str, pinned: str | None, light: Light
) -> None:
    found = look_at_pin(settings(tmp_path, pinned and pinned.format(tmp_path)))
    assert found.light is light
    assert root_words(read_root_public(public)) in found.what


def test_a_pin_in_the_settings_is_shown_in_words(tmp_path: Path, public: str) -> None:
    found = look_at_pin(settings(tmp_path, public))
    assert found.light is Light.GREEN
    assert root_words(read_root_public(public)) in found.what


def test_whoever_replaces_the_pin_changes_its_words(tmp_path: Path, public: str) -> None:
    before = look_at_pin(settings(tmp_path, None)).what
    _, other = new_root()
    (KeyFolder(tmp_path / "var").keys / ROOT_PUBLIC).write_text(other)
    assert look_at_pin(settings(tmp_path, None)).what != before
    assert look_at_pin(settings(tmp_path, public)).what.split(".")[0] in before


def test_the_words_are_those_that_stand_on_paper_for_ever() -> None:
    assert root_words(bytes(range(32))) == "pointer erasure cauterize shove stuffy curable"
    assert len(set(root_words(bytes(32)).split())) == 6
