import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.keys import bot_token, key_files, read_key, write_private
from app.settings import SettingRefused, Settings

NAME = "SAUTI_SERVICE_KEYS"


def test_a_private_file_is_new_whole_and_its_owners_alone(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "deep" / "service.keys"
    write_private(place, "value")
    assert place.read_text(encoding="ascii") == "value\n"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_a_private_file_is_never_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "root.key"
    write_private(place, "precious")
    with pytest.raises(SettingRefused, match="not overwritten"):
        write_private(place, "other")
    assert place.read_text(encoding="ascii") == "precious\n"


def test_a_link_laid_by_somebody_else_is_not_followed(tmp_path: Path) -> None:
    place, elsewhere = tmp_path / "root.key", tmp_path / "elsewhere"
    place.symlink_to(elsewhere)
    with pytest.raises(SettingRefused):
        write_private(place, "precious")
    assert not elsewhere.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingRefused, match="cannot be written"):
        write_private(tmp_path / "file" / "root.key", "precious")


def test_a_key_is_a_value_a_file_a_credential_or_lies_in_its_own_place(tmp_path: Path) -> None:
    for name in ("given", "default", "cred"):
        (tmp_path / name).write_text(f" {name} \n", encoding="ascii")
    default, system = tmp_path / "default", {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert read_key(NAME, " value ", default, system) == "value"
    assert read_key(NAME, f"file:{tmp_path / 'given'}", default, system) == "given"
    assert read_key(NAME, "credential:cred", default, system) == "cred"
    assert read_key(NAME, None, default, system) == "default"


@pytest.mark.parametrize("given", ["file:nowhere", "credential:nowhere", None])
def test_a_key_that_is_not_there_is_refused_by_the_name_of_its_setting(
    tmp_path: Path, given: str | None
) -> None:
    with pytest.raises(SettingRefused, match=f"^{NAME}: .*nowhere is not there"):
        read_key(NAME, given, tmp_path / "nowhere", {})


def test_a_key_that_is_no_text_or_no_file_is_refused_without_being_shown(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"hunter\xff")
    for place in (tmp_path / "bytes", tmp_path):
        with pytest.raises(SettingRefused, match="cannot be read") as refused:
            read_key(NAME, f"file:{place}", tmp_path / "default", {})
        assert "hunter" not in str(refused.value)


def with_token(given: str | None) -> Settings:
    return Settings(_env_file=None, bot_token=SecretStr(given) if given else None)


def test_the_token_is_a_value_a_file_a_credential_or_not_set(tmp_path: Path) -> None:
    token = "123456:AA-bb_CC"
    place = tmp_path / "bot"
    write_private(place, token)
    assert bot_token(with_token(None)) is None
    assert bot_token(with_token(token)) == token
    assert bot_token(with_token(f"file:{place}")) == token
    assert (
        bot_token(with_token("credential:bot"), {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == token
    )
    assert key_files(with_token(f"file:{place}")) == (place,), "doctor looks at its rights"
    assert key_files(with_token(token)) == ()


def test_a_token_that_is_not_where_it_should_be_is_refused_without_being_shown(
    tmp_path: Path,
) -> None:
    with pytest.raises(SettingRefused, match=r"SAUTI_BOT_TOKEN: .*cannot be read"):
        bot_token(with_token(f"file:{tmp_path / 'nowhere'}"))
    write_private(tmp_path / "bot", "123456 secret")
    with pytest.raises(SettingRefused, match="holds no token") as refused:
        bot_token(with_token(f"file:{tmp_path / 'bot'}"))
    assert "secret" not in str(refused.value)
