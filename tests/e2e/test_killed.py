"""`kill -9` in the middle: what was acknowledged is there, what was not is there whole or
not at all, and no update is dropped. The long form is `make crash`.
"""

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.deployment import POSTGRESQL, SQLITE, Deployment, deployed
from tests.e2e.story import Words, begin, enrol, review, shows, write
from tests.sandbox_client import Phone, SandboxClient

ROUNDS = int(os.environ.get("CRASHES", "3"))
PHONES = 4
LONGEST = 0.25
"""Seconds between the first *Send* and the kill: longer than all of them take."""


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_what_was_acknowledged_survives_a_kill_at_any_moment(
    sandbox: SandboxClient, tmp_path: Path, on: str
) -> None:
    say = Words.of("en")
    dice = random.Random(20251003)
    async with deployed(sandbox.url, tmp_path, on=on) as deployment:
        await deployment.start()
        desk = await enrol(await sandbox.phone("Otieno"), say, await deployment.invite())
        assert desk.passphrase
        kept = 0
        for _ in range(ROUNDS):
            phones = [await sandbox.phone(f"Citizen {at}") for at in range(PHONES)]
            codes = await asyncio.gather(*(_to_the_brink(phone, say) for phone in phones))
            kept += await _killed_at_send(deployment, phones, codes, say, dice)
        assert kept, "no round ever stored a report: the kill comes too early to prove anything"


async def _to_the_brink(phone: Phone, say: Words) -> str:
    await begin(phone, say, "en")
    await write(phone, say, f"{phone.name} saw it all")
    return await review(phone, say, topic="theft", county="kisumu")


async def _killed_at_send(
    deployment: Deployment, phones: list[Phone], codes: list[str], say: Words, dice: random.Random
) -> int:
    """How many reports were kept."""
    await asyncio.gather(*(phone.tap(say("button.send")) for phone in phones))
    await asyncio.sleep(dice.uniform(0, LONGEST))
    await deployment.kill()
    acknowledged = [_says_sent(await phone.texts(), say) for phone in phones]
    await deployment.start()
    kept = 0
    for phone, code, was_told in zip(phones, codes, acknowledged, strict=True):
        found = await _found(phone, code, say)
        left = await phone.texts()
        assert any(code in text for text in left), f"{phone.name} has lost the code: {left}"
        assert found or not was_told, f"{phone.name} was told it was sent, and it is gone"
        kept += found
    return kept


def _says_sent(texts: list[str], say: Words) -> bool:
    return any(say.start("sent.done") in text for text in texts)


async def _found(phone: Phone, code: str, say: Words) -> bool:
    """What the code itself says, as the card promised it would."""
    await phone.send(f"/check {code}")
    there, gone = say("standing.received"), say("error.code_refused")
    seen = await phone.wait_for(
        lambda now: any(words in text for text in now.bot_texts() for words in (there, gone))
    )
    return any(there in text for text in seen.bot_texts())


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_what_people_write_while_the_bot_is_dead_is_taken_when_it_is_back(
    sandbox: SandboxClient, tmp_path: Path, on: str
) -> None:
    say = Words.of("en")
    async with deployed(sandbox.url, tmp_path, on=on) as deployment:
        await deployment.start()
        await enrol(await sandbox.phone("Otieno"), say, await deployment.invite())
        phone = await sandbox.phone("Amina")
        await begin(phone, say, "en")
        await deployment.kill()
        for message in ("first", "second", "third"):
            await phone.send(message)
        await deployment.start()
        await shows(phone, "3 messages")


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_whoever_loses_unsent_words_to_a_restart_is_told(
    sandbox: SandboxClient, tmp_path: Path, on: str
) -> None:
    say = Words.of("en")
    async with deployed(sandbox.url, tmp_path, on=on) as deployment:
        await deployment.start()
        await enrol(await sandbox.phone("Otieno"), say, await deployment.invite())
        phone = await sandbox.phone("Amina")
        await begin(phone, say, "en")
        await write(phone, say, "words that will be lost")
        await deployment.stop()
        await deployment.start()
        await phone.send("are you there?")
        await shows(phone, say.start("report.gone"))
