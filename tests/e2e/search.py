"""A thief's search of every file of a deployment, and builds that leak on purpose."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.keys import service_keys
from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.keyring import Keyring
from storage.tables.metadata import STORES
from tests.deployment import COMMAND, TOKEN, Deployment
from tests.sandbox_client import Phone

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
    "keyed hash in {cases}": """
from crypto.chat_seal import KeyringChatSeal, Purpose
tags = KeyringChatSeal.tags
def noting_tags(self, chat):
    found = tags(self, chat)
    if self.purpose is Purpose.CITIZEN:
        KEPT["tag"] = found[0].hex()
    return found
KeyringChatSeal.tags = noting_tags
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
"""By where the search must find each of them."""

LEAKY = "\n".join((TELLING, *LEAKS.values(), COMMAND))
"""All in one build."""


def traces(deployment: Deployment, citizen: Phone, code: str, language: str) -> Iterator[str]:
    """What of the citizen a thief finds, searching every file for every spelling."""
    yield from keyed_hashes(deployment, citizen)
    yield from traces_in(deployment.everything_on_disk(), citizen, code, language)


def traces_in(
    files: Mapping[Path, bytes], citizen: Phone, code: str, language: str
) -> Iterator[str]:
    """The same search of anything, a backup that was opened for one."""
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
    for path, content in files.items():
        for what, value in sought.items():
            if any(spelling in content for spelling in spellings(value)):
                yield f"{what} in {path.name}"


def keyed_hashes(deployment: Deployment, citizen: Phone) -> Iterator[str]:
    """Where a hash of the citizen's chat under the server's own key lies: *addresses* finds
    chats by it, and nothing else may have it.
    """
    keyring = Keyring.parse(service_keys(deployment.settled))
    seals = [KeyringChatSeal(keyring, purpose) for purpose in Purpose]
    tags = {tag for seal in seals for tag in seal.tags(citizen.id)}
    elsewhere = _elsewhere(deployment)
    for path, content in deployment.everything_on_disk().items():
        if path.name in elsewhere and any(
            tag in content or tag.hex().encode() in content for tag in tags
        ):
            yield f"keyed hash in {path.name}"


def _elsewhere(deployment: Deployment) -> set[str]:
    """The log, and the files of the stores that hold no chat."""
    names = {deployment.log.name, "cases.db", "shreds.db"}
    if deployment.server is None:
        return names
    tables = [table for store in ("cases", "shreds") for table in STORES[store].sorted_tables]
    return names | {deployment.server.file_of(table.fullname) for table in tables}


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


def missed(found: set[str], deployment: Deployment) -> set[str]:
    """The leaks of `LEAKY` that the search did not find where they were made."""
    return {leak for leak in LEAKS if not _among(leak, found, deployment)}


def _among(leak: str, found: set[str], deployment: Deployment) -> bool:
    """On SQLite a store is a file; on PostgreSQL each table is one of its own."""
    if deployment.server is None:
        return leak.format(cases="cases.db", addresses="addresses.db") in found
    what, _, where = leak.partition(" in ")
    if not where.startswith("{"):
        return leak in found
    table = {"{cases}": "cases.report", "{addresses}": "addresses.chat"}[where]
    return f"{what} in {deployment.server.file_of(table)}" in found
