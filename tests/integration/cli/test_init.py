"""`sauti init`: the keys, the stores, and what people must supply."""

import pytest
from typer.testing import CliRunner

from app.cli import sauti
from crypto.spelling import new_recovery, read_root_public, root_words
from tests.integration.cli.shell import Shell


def test_init_makes_keys_that_only_the_owner_reads_and_says_where(empty: Shell) -> None:
    said = empty.said("init", "--non-interactive", "--demo-keys")
    assert "47 counties, 9 forums, 15 offices, 11 help lines, 13 promises" in said
    assert "not for real use" in said
    for path in (empty.data, *empty.data.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    for name, content in empty.files().items():
        if name.endswith((".key", ".keys")):
            assert content.decode().strip() not in said


def test_init_again_keeps_everything(shell: Shell) -> None:
    keys = {name: content for name, content in shell.files().items() if not is_store(name)}
    shell.said("staff", "invite", "--role", "moderator")
    said = shell.said("init", "--non-interactive", "--demo-keys")
    after = {name: content for name, content in shell.files().items() if not is_store(name)}
    assert after == keys
    assert "made" not in said
    assert "9 forums" in said


def is_store(name: str) -> bool:
    return name.endswith((".db", ".db-journal"))


def test_init_asks_people_for_the_keys_that_only_they_can_supply(empty: Shell) -> None:
    _, recovery = new_recovery()
    refusal = empty.refusal("init", "--non-interactive", recovery_public_key=recovery)
    assert "--root-key" in refusal
    refusal = empty.refusal("init", "--non-interactive", "--root-key", "root.key")
    assert "SAUTI_RECOVERY_PUBLIC_KEY" in refusal
    assert empty.files() == {}
    assert not empty.data.exists()


def test_init_with_what_people_supply_keeps_the_root_key_away_from_the_data(empty: Shell) -> None:
    _, recovery = new_recovery()
    told = {"recovery_public_key": recovery}
    refusal = empty.refusal("init", "--non-interactive", "--root-key", "var/root.key", **told)
    assert "kept apart" in refusal
    assert empty.files() == {}
    said = empty.said("init", "--non-interactive", "--root-key", "stick/root.key", **told)
    assert "take it offline" in said
    root = empty.files()["stick/root.key"].strip()
    assert root.decode() not in said
    assert all(
        root not in content for name, content in empty.files().items() if "stick" not in name
    )
    public = empty.files()["var/keys/root.pub"].decode().strip()
    assert f"SAUTI_ROOT_PUBLIC_KEY={public}\n" in said
    words = root_words(read_root_public(public))
    assert f"six words, for paper: {words}\n" in said
    assert f"look   the root's six words: {words}." in doctor_of(empty, **told)
    assert f"ok     the root's six words: {words}." in doctor_of(
        empty, root_public_key=public, **told
    )


def doctor_of(shell: Shell, **told: str) -> str:
    return shell.sauti("doctor", **told).stdout


def test_init_never_overwrites_a_root_key(empty: Shell) -> None:
    _, recovery = new_recovery()
    (empty.folder / "root.key").write_text("precious\n")
    refusal = empty.refusal(
        "init", "--non-interactive", "--root-key", "root.key", recovery_public_key=recovery
    )
    assert "not overwritten" in refusal
    assert empty.files() == {"root.key": b"precious\n"}


@pytest.mark.parametrize("setting", ["recovery_public_key", "root_public_key", "service_keys"])
def test_init_refuses_a_malformed_key_before_it_makes_anything(empty: Shell, setting: str) -> None:
    refusal = empty.refusal("init", "--non-interactive", "--demo-keys", **{setting: "hunter2"})
    assert "malformed" in refusal
    assert "hunter2" not in refusal
    assert empty.files() == {}


def test_init_into_a_place_that_is_a_file_says_which(empty: Shell) -> None:
    (empty.folder / "var").write_text("")
    assert "var" in empty.refusal("init", "--non-interactive", "--demo-keys")


def test_init_asks_where_the_root_key_goes(empty: Shell) -> None:
    _, recovery = new_recovery()
    given = {"SAUTI_RECOVERY_PUBLIC_KEY": recovery}
    done = CliRunner().invoke(sauti, ["init"], input="stick.key\n", env=given)
    assert done.exit_code == 0, done.output
    assert "stick.key" in empty.files()
