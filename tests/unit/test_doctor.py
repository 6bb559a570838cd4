from pathlib import Path

import pytest

from app.doctor import _files
from app.finding import Light
from app.keys import RECOVERY_SECRET, ROOT_SECRET, KeyFolder, write_private
from app.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "var"
    data.mkdir(mode=0o700)
    write_private(KeyFolder(data).keys / "service.keys", "k")
    return Settings(_env_file=None, data_dir=data)


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
