"""At every step of a real conversation: a wrong button, a sticker, far too much, nothing.
Each gets a clear line, and nothing is lost.
"""

from pathlib import Path

import pytest

from tests.deployment import POSTGRESQL, SQLITE, deployed
from tests.e2e.story import Words, begin, code_on, enrol, shows, write
from tests.sandbox_client import SandboxClient


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_bad_input_at_every_step_gets_a_clear_line_and_loses_nothing(
    sandbox: SandboxClient, tmp_path: Path, on: str
) -> None:
    say = Words.of("sw")
    async with deployed(sandbox.url, tmp_path, on=on) as deployment:
        await deployment.start()
        await enrol(await sandbox.phone("Otieno"), Words.of("en"), await deployment.invite())
        phone = await sandbox.phone("Amina", language_code="sw")
        await begin(phone, say, "sw")

        await phone.send("/nothing")
        await shows(phone, say.start("menu.unknown_command"))

        await write(phone, say, "Walichukua ng'ombe usiku")
        await phone.sticker()
        await shows(phone, say.start("unreadable.other"))
        await phone.voice()
        await shows(phone, say.start("unreadable.voice"))
        await phone.send("x" * 10_000)
        await phone.send("y" * 10_001)
        await shows(phone, say("error.too_long", limit=20_000))
        assert any(text.startswith("yyy") for text in await phone.texts())

        deployment.pause()
        await phone.tap(say("button.done"))
        await phone.tap(say("button.back"))
        deployment.resume()
        await phone.press(say("topic.theft"))
        await phone.send("Atlantis")
        await shows(phone, say.start("place.unknown"))
        await phone.send("murang\u2019a")
        code = code_on(await shows(phone, say.start("review.not_sent")))

        slip = code[:-1] + str((int(code[-1]) + 1) % 10)
        await phone.send(f"/check {slip}")
        await shows(phone, say.start("error.code_slip"))
        await phone.send("/check 123")
        await shows(phone, say.start("check.not_a_code"))
        await phone.send(f"/check {code}")
        await shows(phone, say.start("error.code_refused"))

        await phone.press(say("button.to_report"))
        seen = await shows(phone, say.start("review.not_sent"))
        assert code_on(seen) == code
        deployment.pause()
        await phone.tap(say("button.send"))
        await phone.tap(say("button.send"))
        deployment.resume()
        assert code_on(await shows(phone, say.start("sent.done"))) == code
        await phone.press(say("button.written"))
        await phone.send(f"/check {code}")
        await shows(phone, say.start("standing.received"))
