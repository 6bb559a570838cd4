"""Promise 1: no identity beside a report. The way of one report over HTTP, in both languages,
and then a thief's search of every file; the same search finds what builds that leak on
purpose leave behind.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.keys import RECOVERY_SECRET, KeyFolder, recovery_public
from crypto.spelling import read_recovery_public, read_recovery_secret
from tests.deployment import POSTGRESQL, SQLITE, Deployment, deployed
from tests.e2e.search import CITIZEN, LEAKS, LEAKY, SECRETS, missed, traces, traces_in
from tests.e2e.story import (
    Moderator,
    Words,
    begin,
    enrol,
    review,
    send,
    shows,
    write,
)
from tests.house import RECOVERY
from tests.promises.backups import backed_up, opened, values, writing_in_the_clear
from tests.sandbox_client import Phone, SandboxClient


async def live_through(
    deployment: Deployment, sandbox: SandboxClient, language: str
) -> tuple[Phone, str]:
    """`/start` to `/report` to the moderator's status to `/check`; the phone and the code."""
    say = Words.of(language)
    await deployment.start()
    otieno = await sandbox.phone("Otieno", language_code=language)
    desk = await enrol(otieno, say, await deployment.invite())

    nyawira = await sandbox.phone(language_code=language, **CITIZEN)
    await begin(nyawira, say, language)
    await write(nyawira, say, *SECRETS[language])
    code = await review(nyawira, say, topic="land", county="muranga")
    await send(nyawira, say)

    await read_and_move(desk, SECRETS[language])
    await nyawira.send(f"/check {code.lower().replace('-', ' ')}")
    seen = await shows(nyawira, say("standing.passed_on"))
    assert all(code[:6] not in text for text in seen.texts())
    await deployment.stop()
    return nyawira, code


async def read_and_move(desk: Moderator, words: tuple[str, ...]) -> None:
    await desk.unlock()
    await desk.phone.press(desk.say("moderator.button_next"))
    seen = await shows(desk.phone, words[0])
    assert words[1] in seen.last()["text"]
    ref = re.search(r"\b[0-9A-Z]{6}\b", seen.last()["text"])
    assert ref
    await desk.phone.send(f"/status {ref.group()} in progress")
    await desk.phone.wait_for(
        lambda now: desk.say("moderator.state_in_progress") in now.last()["text"]
    )
    await desk.phone.send("/lock")
    await desk.phone.wait_for(lambda now: all(words[0] not in text for text in now.texts()))


def shelved(deployment: Deployment) -> dict[Path, bytes]:
    """Real backups of all stores are laid beside the deployment's files: what the recovery key
    shows of each.
    """
    settings, shelf = deployment.settled, deployment.folder / "shelf"
    secret = KeyFolder(deployment.data).offline / RECOVERY_SECRET
    pair = read_recovery_secret(secret.read_text(encoding="ascii").strip())
    files = backed_up(settings, read_recovery_public(recovery_public(settings)), shelf)
    return {
        shelf / f"{store}.opened": b"\n".join(values(opened(store, file, pair)))
        for store, file in files.items()
    }


@pytest.mark.parametrize(("language", "on"), [("en", SQLITE), ("sw", SQLITE), ("sw", POSTGRESQL)])
async def test_a_report_goes_in_comes_to_the_desk_and_leaves_no_trace_of_who_wrote_it(
    sandbox: SandboxClient, tmp_path: Path, language: str, on: str
) -> None:
    async with deployed(sandbox.url, tmp_path, on=on) as deployment:
        citizen, code = await live_through(deployment, sandbox, language)
        backups = shelved(deployment)
        assert all(backups.values())
        assert list(traces_in(backups, citizen, code, language)) == []
        assert list(traces(deployment, citizen, code, language)) == []


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_a_build_that_keeps_or_logs_who_wrote_is_found_out(
    sandbox: SandboxClient,
    tmp_path: Path,
    on: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    async with deployed(sandbox.url, tmp_path, entry=LEAKY, on=on) as deployment:
        citizen, code = await live_through(deployment, sandbox, "en")
        backups = shelved(deployment)
        found = set(traces(deployment, citizen, code, "en"))
        assert missed(found, deployment) == set()
        for leak in LEAKS:
            record_property("leak", leak.format(cases="cases", addresses="addresses"))

        assert not any(where.endswith(".backup") for where in found), "they are sealed"
        beside = {leak.partition(" in ")[0] for leak in LEAKS if leak.endswith("{cases}")}
        beside -= {"keyed hash"}  # searched for in the stores alone
        opened_ones = set(traces_in(backups, citizen, code, "en"))
        assert {f"{what} in cases.opened" for what in beside} <= opened_ones
        writing_in_the_clear(monkeypatch)
        clear = backed_up(deployment.settled, RECOVERY.public, tmp_path / "clear")
        laid_open = {file: file.read_bytes() for file in clear.values()}
        in_clear = set(traces_in(laid_open, citizen, code, "en"))
        assert {f"{what} in cases.backup" for what in beside} <= in_clear
        record_property("leak", "who wrote in a backup in the clear")
