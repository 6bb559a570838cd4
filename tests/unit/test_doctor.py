from pathlib import Path

import pytest

from app.doctor import _files, _swap
from app.finding import Light
from app.keys import RECOVERY_SECRET, ROOT_SECRET, KeyFolder, write_private
from app.settings import Settings

HEADER = "Filename Type Size Used Priority\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "var"
    data.mkdir(mode=0o700)
    write_private(KeyFolder(data).keys / "service.keys", "k")
    return Settings(_env_file=None, data_dir=data)


@pytest.mark.parametrize(
    ("swaps", "light"),
    [
        ("", Light.GREEN),
        ("/dev/dm-1 partition 1 0 -2\n", Light.GREEN),
        ("/dev/zram0 partition 1 0 -2\n", Light.GREEN),
        ("/dev/sda2 partition 1 0 -2\n", Light.RED),
        ("/swapfile file 1 0 -2\n", Light.RED),
        ("/dev/zram0 partition 1 0 100\n/swapfile file 1 0 -2\n", Light.RED),
    ],
)
def test_swap_on_a_plain_disk_is_red(tmp_path: Path, swaps: str, light: Light) -> None:
    (tmp_path / "swaps").write_text(HEADER + swaps, encoding="ascii")
    assert _swap(tmp_path / "swaps").light is light


def test_a_system_that_does_not_tell_is_looked_at_by_a_person(tmp_path: Path) -> None:
    assert _swap(tmp_path / "swaps").light is Light.YELLOW


def test_files_of_the_owner_alone_are_green(settings: Settings) -> None:
    assert [finding.light for finding in _files(settings)] == [Light.GREEN]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_file_that_somebody_else_may_read_or_write_is_red(settings: Settings, mode: int) -> None:
    (settings.data_dir / "keys" / "service.keys").chmod(mode)
    assert [finding.light for finding in _files(settings)] == [Light.RED]


def test_a_data_folder_open_to_others_is_red(settings: Settings) -> None:
    settings.data_dir.chmod(0o755)
    assert [finding.light for finding in _files(settings)] == [Light.RED]


@pytest.mark.parametrize("secret", [ROOT_SECRET, RECOVERY_SECRET])
def test_a_key_that_should_be_offline_is_pointed_out(settings: Settings, secret: str) -> None:
    write_private(KeyFolder(settings.data_dir).offline / secret, "k")
    findings = list(_files(settings))
    assert findings[0].light is Light.YELLOW
    assert secret in findings[0].what
