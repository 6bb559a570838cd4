"""What a command refuses: one clear line, no secret in it."""

import sqlite3

from tests.integration.cli.shell import TOKEN, Shell


def test_db_upgrade_can_be_repeated_and_makes_only_the_stores(empty: Shell) -> None:
    for _ in range(2):
        assert "up to date" in empty.said("db", "upgrade")
    names = {path.name for path in empty.data.iterdir() if path.suffix == ".db"}
    assert names == {"addresses.db", "cases.db", "shreds.db"}


def test_commands_before_init_say_what_to_do(empty: Shell) -> None:
    for words in (("staff", "list"), ("forum", "list"), ("staff", "revoke", "deadbeef")):
        assert "`sauti init`" in empty.refusal(*words)
    assert empty.files() == {}


def test_run_with_a_wrong_token_ends_with_one_line(shell: Shell, telegram: str) -> None:
    told = {"bot_token": "2:somebody-elses", "telegram_api_url": telegram}
    refusal = shell.refusal("run", **told)
    assert "SAUTI_BOT_TOKEN" in refusal
    assert "somebody-elses" not in refusal


def test_run_without_what_it_needs_ends_with_one_line(shell: Shell) -> None:
    assert "SAUTI_BOT_TOKEN" in shell.refusal("run")
    on_this_machine = {"bot_token": TOKEN, "telegram_api_url": "http://127.0.0.1:9"}
    refusal = shell.refusal("run", mode="webhook", **on_this_machine)
    assert "SAUTI_WEBHOOK_URL" in refusal


def test_demo_keys_are_refused_with_the_real_telegram(shell: Shell) -> None:
    assert "demo keys are not for real use" in shell.refusal("run", bot_token=TOKEN)


def test_words_do_not_travel_in_clear_to_another_machine(shell: Shell) -> None:
    elsewhere = {"bot_token": TOKEN, "telegram_api_url": "http://telegram.example"}
    assert "https" in shell.refusal("run", **elsewhere)


def test_a_help_line_changed_in_the_database_stops_the_bot(shell: Shell) -> None:
    with sqlite3.connect(shell.folder / "var" / "cases.db") as database:
        database.execute("UPDATE help_line SET body = replace(body, '999', '0700')")
    database.close()
    assert "help lines" in shell.refusal("staff", "list")


def test_a_misspelt_setting_is_an_error_that_proposes_the_right_one(shell: Shell) -> None:
    refusal = shell.refusal("staff", "list", bot_tokn="3:hunter2")
    assert "SAUTI_BOT_TOKN is no setting; did you mean SAUTI_BOT_TOKEN?" in refusal
    assert "hunter2" not in refusal


def test_a_misspelt_setting_in_the_env_file_is_an_error_too(shell: Shell) -> None:
    (shell.folder / ".env").write_text("SAUTI_BOT_TOKN=3:hunter2\n")
    refusal = shell.refusal("staff", "list")
    assert "did you mean SAUTI_BOT_TOKEN?" in refusal
    assert "hunter2" not in refusal


def test_a_database_that_is_away_is_one_line_without_its_password(shell: Shell) -> None:
    url = "postgresql://sauti:hunter2@127.0.0.1:9/sauti"
    for words in (("staff", "list"), ("db", "upgrade"), ("init", "--non-interactive")):
        refusal = shell.refusal(*words, database_url=url)
        assert "the database does not answer" in refusal
        assert "hunter2" not in refusal
    assert "WRONG  the database does not answer" in shell.sauti("doctor", database_url=url).stdout


def test_without_a_command_the_help_is_shown(empty: Shell) -> None:
    done = empty.sauti()
    for command in ("init", "run", "demo", "staff", "forum", "doctor", "db"):
        assert command in done.output
