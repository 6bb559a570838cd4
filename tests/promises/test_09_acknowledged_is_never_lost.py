"""Promise 9: what was acknowledged is never lost. `kill -9` in the middle: what was
acknowledged is there, what was not is there whole or not at all, and no update is dropped.
The long form is `make crash`.
"""

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.deployment import COMMAND, POSTGRESQL, SQLITE, Deployment, deployed
from tests.e2e.story import Words, begin, enrol, gone, review, shows, write
from tests.sandbox_client import Phone, SandboxClient

ROUNDS = int(os.environ.get("CRASHES", "3"))
MORE = 6
"""Rounds that may follow, until a kill came late enough for a report to be kept."""

PHONES = 4
LONGEST = 0.25
"""Seconds between the first *Send* and the kill: longer than all of them take."""

HASTY = f"""
import asyncio, domain.reports.desk as desk
from domain.reports.submit import Sent
submit, late = desk.submit, set()
async def keep(draft, code, ports):
    await asyncio.sleep(60)
    await submit(draft, code, **ports)
async def answer_first(draft, code, **ports):
    late.add(asyncio.create_task(keep(draft, code, ports)))
    return Sent()
desk.submit = answer_first
{COMMAND}
"""
"""It says *Sent* before anything is kept."""

STANDING_STILL = """
import asyncio, sys
from bot.telegram.front import Front
async def stand_still(self, update, context):
    sys.stderr.write("an update is in hand\\n")
    await asyncio.sleep(60)
Front.handle = stand_still
"""
"""Whatever comes is in hand, and not done, when the kill comes."""

CONFIRMING = """
from bot.telegram.intake.fetcher import Fetcher
take_in = Fetcher._take_in
async def confirming(self, offset):
    shown = await take_in(self, offset)
    if shown:
        await self._bot.get_updates(offset=max(shown) + 1, limit=1, timeout=0)
    return shown
Fetcher._take_in = confirming
"""
"""It confirms updates as it fetches them, as the stock updater does."""


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
        for number in range(ROUNDS + MORE):
            if kept and number >= ROUNDS:
                break
            phones = [await sandbox.phone(f"Citizen {at}") for at in range(PHONES)]
            codes = await asyncio.gather(*(_to_the_brink(phone, say) for phone in phones))
            kept += await _killed_at_send(deployment, phones, codes, say, dice)
        assert kept, "no round ever stored a report: the kill comes too early to prove anything"


async def _to_the_brink(phone: Phone, say: Words) -> str:
    await begin(phone, say, "en")
    await write(phone, say, f"{phone.name} saw it all")
    return await review(phone, say, topic="theft", county="kisumu")


async def test_a_build_that_answers_before_it_keeps_is_found_out(
    sandbox: SandboxClient, tmp_path: Path
) -> None:
    say = Words.of("en")
    async with deployed(sandbox.url, tmp_path, entry=HASTY) as deployment:
        await deployment.start()
        await enrol(await sandbox.phone("Otieno"), say, await deployment.invite())
        phone = await sandbox.phone("Amina")
        code = await _to_the_brink(phone, say)
        await phone.tap(say("button.send"))
        await shows(phone, say.start("sent.done"))
        with pytest.raises(AssertionError, match="was told it was sent, and it is gone"):
            await _killed(deployment, [phone], [code], say)


async def _killed_at_send(
    deployment: Deployment, phones: list[Phone], codes: list[str], say: Words, dice: random.Random
) -> int:
    await asyncio.gather(*(phone.tap(say("button.send")) for phone in phones))
    await asyncio.sleep(dice.uniform(0, LONGEST))
    return await _killed(deployment, phones, codes, say)


async def _killed(deployment: Deployment, phones: list[Phone], codes: list[str], say: Words) -> int:
    """How many reports were kept."""
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
async def test_what_people_write_while_the_bot_is_dead_or_is_killed_with_it_in_hand_is_taken(
    sandbox: SandboxClient, tmp_path: Path, on: str
) -> None:
    assert await _is_taken(sandbox, tmp_path, STANDING_STILL + COMMAND, on)


async def test_a_build_that_confirms_what_it_has_not_done_is_found_out(
    sandbox: SandboxClient, tmp_path: Path
) -> None:
    assert not await _is_taken(sandbox, tmp_path, STANDING_STILL + CONFIRMING + COMMAND)


async def _is_taken(sandbox: SandboxClient, folder: Path, entry: str, on: str = SQLITE) -> bool:
    """Whether what was written to a dead bot is there, after one that was killed at once."""
    say = Words.of("en")
    async with deployed(sandbox.url, folder, on=on) as deployment:
        await deployment.start()
        await enrol(await sandbox.phone("Otieno"), say, await deployment.invite())
        phone = await sandbox.phone("Amina")
        await begin(phone, say, "en")
        await deployment.kill()
        for message in ("first", "second", "third"):
            await phone.send(message)
        deployment.entry = entry
        await deployment.start()
        await deployment.said("an update is in hand")
        await deployment.kill()
        deployment.entry = COMMAND
        await deployment.start()
        await phone.send("fourth")
        await gone(phone, "fourth")
        left = await phone.texts()
        return not {"first", "second", "third"} & set(left)


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
