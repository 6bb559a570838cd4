"""The way of one report over HTTP, in both languages, and then a thief's search of every
file; the same search finds what builds that leak on purpose leave behind.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment import COMMAND, POSTGRESQL, SQLITE, TOKEN, Deployment, deployed
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
from tests.sandbox_client import Phone, SandboxClient

SECRETS = {
    "en": ("The Kwasakwasa boys carry pangas at the quarry", "They come on Fridays at dusk"),
    "sw": ("Vijana wa Kwasakwasa wana mapanga pale machimboni", "Huja Ijumaa jioni"),
}
CITIZEN = {"name": "Nyawira", "last_name": "Kipchumba", "username": "nyawira_kip"}

TELLING = """
import domain.reports.submit as submit
KEPT = {}
sealed = submit.Report
submit.Report = lambda **given: sealed(**given | {"forum": " ".join(KEPT.values())})
"""
"""What the builds below keep is written beside the report, in the column of its forum."""

LEAKS = {
    "words 0 in {cases}": """
import domain.reports.draft as draft
taken = draft.Draft.with_words
def with_words(self, text):
    KEPT["words"] = KEPT.get("words", "") + text
    return taken(self, text)
draft.Draft.with_words = with_words
""",
    "first name in sauti.log": """
import sys, bot.telegram.front as front
from bot.telegram.front import Front
handle = Front.handle
async def telling(self, update, context):
    sys.stderr.write(f"update from {update.effective_user.full_name}\\n")
    await handle(self, update, context)
Front.handle = telling
""",
    "id in {cases}": """
import hashlib
from bot.telegram.citizens import CitizenChats
hear = CitizenChats.hear
async def noting(self, said):
    KEPT["chat"] = hashlib.sha256(str(said.chat).encode()).hexdigest()
    await hear(self, said)
CitizenChats.hear = noting
""",
    "code in {cases}": """
whole = submit.submit
async def submitting(draft, code, **ports):
    KEPT["code"] = code.text
    return await whole(draft, code, **ports)
import domain.reports.desk as desk
desk.submit = submitting
""",
    "id in {addresses}": """
from crypto.chat_seal import KeyringChatSeal
KeyringChatSeal.seal = lambda self, tag, plaintext: plaintext
KeyringChatSeal.open = lambda self, tag, sealed: sealed
""",
    "token in sauti.log": """
import app.run as running
serve = running.serve
async def telling_token(house, line):
    sys.stderr.write(f"polling with {line.bot.token}\\n")
    await serve(house, line)
running.serve = telling_token
""",
}
"""By where the search must find each of them, all in one build."""


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


def traces(deployment: Deployment, citizen: Phone, code: str, language: str) -> Iterator[str]:
    """What of the citizen a thief finds, searching every file for every spelling."""
    bare = code.replace("-", "")
    sought = {
        **{f"words {at}": words for at, words in enumerate(SECRETS[language])},
        "a telling word": "wasakwasa",
        "first name": CITIZEN["name"],
        "last name": CITIZEN["last_name"],
        "username": CITIZEN["username"],
        "id": str(citizen.id),
        "code": code,
        "code without dashes": bare,
        "secret digits": bare[6:],
        "token": TOKEN,
    }
    for path, content in deployment.everything_on_disk().items():
        for what, value in sought.items():
            if any(spelling in content for spelling in spellings(value)):
                yield f"{what} in {path.name}"


def spellings(value: str) -> Iterator[bytes]:
    """In clear, as UTF-16, in base64, in hex, as an integer, and as its plain hashes."""
    raw = value.encode()
    yield raw
    yield value.encode("utf-16-le")
    yield raw.hex().encode()
    yield base64.b64encode(raw).rstrip(b"=")[:-1]
    if value.isdigit():
        number = int(value)
        for size in (8, 5):
            if number < 256**size:
                yield number.to_bytes(size, "big")
                yield number.to_bytes(size, "little")
    for name in ("sha256", "sha1", "md5", "blake2b"):
        digest = hashlib.new(name, raw)
        yield digest.digest()
        yield digest.hexdigest().encode()


@pytest.mark.parametrize(("language", "on"), [("en", SQLITE), ("sw", SQLITE), ("sw", POSTGRESQL)])
async def test_a_report_goes_in_comes_to_the_desk_and_leaves_no_trace_of_who_wrote_it(
    sandbox: SandboxClient, tmp_path: Path, language: str, on: str
) -> None:
    async with deployed(sandbox.url, tmp_path, on=on) as deployment:
        citizen, code = await live_through(deployment, sandbox, language)
        assert list(traces(deployment, citizen, code, language)) == []


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_a_build_that_leaks_on_purpose_is_found_out(
    sandbox: SandboxClient, tmp_path: Path, on: str
) -> None:
    entry = "\n".join((TELLING, *LEAKS.values(), COMMAND))
    async with deployed(sandbox.url, tmp_path, entry=entry, on=on) as deployment:
        citizen, code = await live_through(deployment, sandbox, "en")
        found = set(traces(deployment, citizen, code, "en"))
        missed = {leak for leak in LEAKS if not _among(leak, found, deployment)}
    assert missed == set()


def _among(leak: str, found: set[str], deployment: Deployment) -> bool:
    """On SQLite a store is a file; on PostgreSQL each table is one of its own."""
    if deployment.server is None:
        return leak.format(cases="cases.db", addresses="addresses.db") in found
    what, _, where = leak.partition(" in ")
    if not where.startswith("{"):
        return leak in found
    table = {"{cases}": "cases.report", "{addresses}": "addresses.chat"}[where]
    return f"{what} in {deployment.server.file_of(table)}" in found
