import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.settings import Mode, SettingRefused, Settings, load_settings

SECRET = "hunter2"


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("SAUTI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refusal(monkeypatch: pytest.MonkeyPatch, **given: str) -> str:
    for name, value in given.items():
        monkeypatch.setenv(f"SAUTI_{name.upper()}", value)
    with pytest.raises(SettingRefused) as refused:
        load_settings()
    return str(refused.value)


def test_every_setting_has_a_default_that_needs_nothing() -> None:
    settings = load_settings()
    assert settings.mode is Mode.POLLING
    assert settings.data_dir == Path("var")
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.zone.key == "Africa/Nairobi"


def test_the_environment_counts_and_so_does_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("SAUTI_MIN_COUNT=7\nSAUTI_MODE=webhook\n", encoding="utf-8")
    monkeypatch.setenv("SAUTI_MODE", "polling")
    settings = load_settings()
    assert settings.min_count == 7
    assert settings.mode is Mode.POLLING


def test_settings_of_other_programs_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODE", "nonsense")
    monkeypatch.setenv("BOT_TOKEN", "nonsense")
    assert load_settings().bot_token is None


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [("SAUTI_BOT_TOKN", "SAUTI_BOT_TOKEN"), ("SAUTI_TIMEZON", "SAUTI_TIMEZONE")],
)
def test_a_misspelt_setting_is_an_error_that_proposes_what_was_meant(
    monkeypatch: pytest.MonkeyPatch, misspelt: str, meant: str
) -> None:
    monkeypatch.setenv(misspelt, SECRET)
    assert refusal(monkeypatch) == f"{misspelt} is no setting; did you mean {meant}?"


def test_a_misspelt_setting_in_the_env_file_is_an_error_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text(f"SAUTI_BOT_TOKN={SECRET}\n", encoding="utf-8")
    assert refusal(monkeypatch) == "SAUTI_BOT_TOKN is no setting; did you mean SAUTI_BOT_TOKEN?"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bot_token", SECRET),
        ("bot_token", f"123:{SECRET}\n"),
        ("bot_token", f"123:{SECRET}/../"),
        ("bot_token", f"file:123:{SECRET}"),
        ("bot_token", f"credential:123:{SECRET}"),
        ("telegram_api_url", f"ftp://{SECRET}"),
        ("telegram_api_url", SECRET),
        ("database_url", f"mysql://u:{SECRET}@h/x"),
        ("database_url", f"postgresql://u:{SECRET}@h:port/x"),
        ("database_url", SECRET),
        ("mode", SECRET),
        ("listen", SECRET),
        ("timezone", SECRET),
        ("timezone", ""),
        ("timezone", "Africa"),
        ("timezone", "../UTC"),
        ("timezone", "right/UTC"),
        ("timezone", "posixrules"),
        ("update_window", "24:00"),
        ("quiet_hours", "21:00"),
        ("blackouts", "2026-10-26"),
        ("min_count", "4"),
        ("operator_name", "x"),
        ("operator_name", SECRET * 20),
    ],
)
def test_a_value_that_cannot_be_meant_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    said = refusal(monkeypatch, **{name: value})
    assert said.startswith(f"SAUTI_{name.upper()}: ")
    assert SECRET not in said
    assert "\n" not in said


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, mode="fax", min_count="1")
    assert "SAUTI_MODE: " in said
    assert "SAUTI_MIN_COUNT: " in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bot_token", "123456:AA-bb_CC"),
        ("bot_token", "file:/run/bot.token"),
        ("bot_token", "credential:bot"),
        ("telegram_api_url", "http://127.0.0.1:8081"),
        ("database_url", "postgresql://u:p@h:5432/x"),
        ("database_url", "postgres://u:p@h/x"),
        ("blackouts", "2026-10-26/2026-11-20, 2027-03-01/2027-03-05"),
        ("quiet_hours", "21:00-07:00"),
        ("listen", "0.0.0.0:8443"),
    ],
)
def test_what_can_be_meant_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"SAUTI_{name.upper()}", value)
    taken = getattr(load_settings(), name)
    assert (taken.get_secret_value() if isinstance(taken, SecretStr) else taken) == value


def test_a_slash_at_the_end_of_the_api_url_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAUTI_TELEGRAM_API_URL", "http://127.0.0.1:8081/")
    assert load_settings().telegram_api_url == "http://127.0.0.1:8081"


def test_no_secret_is_in_what_settings_look_like() -> None:
    secret = SecretStr(f"1:{SECRET}")
    settings = Settings(
        _env_file=None, bot_token=secret, webhook_secret=secret, service_keys=secret
    )
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings.model_dump())
