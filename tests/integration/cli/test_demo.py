"""`sauti demo`: seeded, and gone without a trace."""

import asyncio
import os
import re
import signal
from asyncio.subprocess import PIPE
from pathlib import Path
from sys import executable

import httpx

from tests.deployment import COMMAND, ROOT
from tests.integration.cli.shell import TOKEN
from tests.sandbox_client import SandboxClient, sandbox_process


async def test_the_demo_comes_up_seeded_and_leaves_nothing_when_interrupted(
    tmp_path: Path,
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")},
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(temporary),
        "SAUTI_TIMEZONE": "Nowhere",
        "SAUTI_BOT_TOKEN": "no token",
    }
    process = await asyncio.create_subprocess_exec(
        *(executable, "-c", COMMAND, "demo", "--port", "0"),
        cwd=tmp_path,
        env=environment,
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        line = (await process.stdout.readline()).decode()
        address = re.search(r"http://\S+", line)
        assert address, line
        async with SandboxClient(address.group()) as sandbox:
            passphrases = await seeded(sandbox)
            await unlocks(sandbox, passphrases)
        assert inside(temporary) != []
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    assert process.returncode == 0, err
    assert inside(temporary) == []
    assert inside(tmp_path) == [temporary]
    assert all(passphrase not in err.decode() for passphrase in passphrases.values())


def inside(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


async def seeded(sandbox: SandboxClient) -> dict[str, str]:
    """The passphrases on the moderators' phones, by name."""
    listed = {one.name: one for one in await sandbox.phones()}
    assert list(listed) == ["Amina", "Otieno", "Wanjiru", "Kamau"]
    await listed["Kamau"].wait_for(lambda seen: "You are enrolled." in seen.last()["text"])
    notes = {name: (await phone.see()).raw["note"] for name, phone in listed.items()}
    return {name: notes[name].partition(": ")[2] for name in ("Otieno", "Wanjiru")}


async def unlocks(sandbox: SandboxClient, passphrases: dict[str, str]) -> None:
    """Both moderators read, the second because the first let them in."""
    for phone in await sandbox.phones():
        if phone.name in passphrases:
            await phone.press("Unlock")
            await phone.send(passphrases[phone.name])
            await phone.wait_for(lambda seen: "Lock" in seen.buttons())


async def test_the_demo_on_a_port_that_is_taken_says_so(tmp_path: Path) -> None:
    with sandbox_process(TOKEN) as url:
        process = await asyncio.create_subprocess_exec(
            *(executable, "-c", COMMAND, "demo", "--port", str(httpx.URL(url).port)),
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await process.communicate()
    assert process.returncode == 1, out
    assert "port" in err.decode().splitlines()[-1]
    assert inside(tmp_path) == []
