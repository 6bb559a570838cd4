"""`sauti keys rotate`: killed at any moment it goes on, and the old key is removed at the end."""

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app.alone import CLOCK
from app.keyring_file import replace_keyring
from app.opening import open_house
from app.run import _refuse_an_old_keyring
from app.settings import SettingRefused, Settings
from crypto.keyring import Keyring
from domain.followup.followers import CountyFollowed
from domain.places.county import CountyCode
from domain.ports.addresses import ChatRow
from domain.ports.chat import Language
from storage.leading import open_lead
from tests.integration.cli.shell import Shell

ROOT = Path(__file__).parents[3]
CHATS = range(1000, 1150)
SUBJECT = CountyFollowed(county=CountyCode("021"))


def place(shell: Shell) -> Path:
    return shell.data / "keys" / "service.keys"


async def follow(shell: Shell) -> None:
    """As `Followers` does, all in one transaction."""
    async with open_house(_settings(shell), _unheard) as house:
        expires = house.clock.now() + timedelta(days=300)
        async with house.stores.addresses() as addresses:
            for chat in CHATS:
                tag = house.follower_seal.tags(chat)[0]
                body = f'[{chat},"en",[["021"]]]'.encode()
                sealed = house.follower_seal.seal(tag, body)
                await addresses.subscriptions.put(ChatRow(tag=tag, sealed=sealed, expires=expires))
            await addresses.commit()


async def all_follow(shell: Shell) -> None:
    """Read with the keyring as it is on disk now."""
    async with open_house(_settings(shell), _unheard) as house:
        found = await house.followers().all()
        assert sorted(each.chat for each in found) == list(CHATS)
        assert {each.subjects for each in found} == {(SUBJECT,)}
        assert await house.followers().of(CHATS[0]) == (SUBJECT,)


async def forget(shell: Shell, chat: int) -> None:
    async with open_house(_settings(shell), _unheard) as house:
        await house.mailboxes().forget(chat)


async def stop_and_follow(shell: Shell) -> None:
    """What a bot that began meanwhile does."""
    async with open_house(_settings(shell), _unheard) as house:
        await house.followers().drop(CHATS[-1])
        await house.followers().follow(CHATS[-1], Language.ENGLISH, SUBJECT)


def _settings(shell: Shell) -> Settings:
    return Settings(_env_file=None, data_dir=shell.data)


def _unheard(event: str, **fields: object) -> None:
    """Commands are heard on their own streams."""


async def a_bot_may_start(shell: Shell) -> bool:
    lead = open_lead(None, shell.data, CLOCK)
    try:
        return await lead.held()
    finally:
        await lead.leave()


def killed_in_the_middle(shell: Shell) -> list[str]:
    """What a rotation said before it died among the followers."""
    with subprocess.Popen(
        [sys.executable, "-c", "from app.entry import main; main()", "keys", "rotate"],
        cwd=shell.folder,
        env={"PYTHONPATH": str(ROOT), "SAUTI_DATA_DIR": str(shell.data)},
        stdout=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdout is not None
        said = [command.stdout.readline()]
        while not said[-1].startswith("A bot may start now"):
            said.append(command.stdout.readline())
        assert asyncio.run(a_bot_may_start(shell))
        while not said[-1].startswith("subscription"):
            said.append(command.stdout.readline())
        command.kill()
    return said


def test_a_rotation_that_was_killed_goes_on_and_is_finished(shell: Shell) -> None:
    asyncio.run(follow(shell))
    before = Keyring.parse(place(shell).read_text())
    said = killed_in_the_middle(shell)
    assert "Key v2 is made" in said[0]
    asyncio.run(all_follow(shell))
    between = Keyring.parse(place(shell).read_text())
    assert between.keys[:1] == before.keys
    asyncio.run(stop_and_follow(shell))

    again = shell.said("keys", "rotate")
    assert "Going on with key v2" in again
    assert "subscription: 150 of 150" in again
    assert "nothing is left under v1" in again
    assert Keyring.parse(place(shell).read_text()) == between
    asyncio.run(all_follow(shell))

    done = shell.said("keys", "rotate", "--finish")
    assert "v1 is removed" in done
    assert Keyring.parse(place(shell).read_text()).keys == between.keys[1:]
    asyncio.run(all_follow(shell))
    for key in between.format().split(","):
        assert all(key[3:] not in text for text in (*said, again, done))
    assert sorted(path.name for path in place(shell).parent.glob("service*")) == ["service.keys"]
    assert "one key" in shell.refusal("keys", "rotate", "--finish")


def test_the_old_key_stays_while_somebody_who_was_forgotten_needs_it(shell: Shell) -> None:
    asyncio.run(forget(shell, 7))
    assert "1 chats that asked to be forgotten, until" in shell.said("keys", "rotate")
    assert "until" in shell.refusal("keys", "rotate", "--finish")
    assert "is kept for 1 chats" in shell.sauti("doctor").stdout
    assert "Key v3 is made" in shell.said("keys", "rotate", "--new")
    assert len(Keyring.parse(place(shell).read_text()).keys) == 3


def test_a_rotation_is_refused_while_a_bot_runs_or_the_keyring_is_no_file(shell: Shell) -> None:
    before = place(shell).read_text()
    running = open_lead(None, shell.data, CLOCK)
    assert asyncio.run(running.held())
    assert "a bot runs" in shell.refusal("keys", "rotate")
    assert "a bot runs" in shell.refusal("keys", "rotate", "--finish")
    asyncio.run(running.leave())
    refusal = shell.refusal("keys", "rotate", service_keys=before.strip())
    assert "is no file" in refusal
    assert before.strip() not in refusal
    assert place(shell).read_text() == before


async def test_a_standby_that_waited_through_a_rotation_does_not_take_over(shell: Shell) -> None:
    """It would not know the newest key."""
    async with open_house(_settings(shell), _unheard) as house:
        _refuse_an_old_keyring(house)
        replace_keyring(place(shell), house.chat_seal.keyring.rotated())
        with pytest.raises(SettingRefused, match="start it again"):
            _refuse_an_old_keyring(house)


@pytest.mark.parametrize("left", ["new", "former", "living"])
def test_what_a_killed_exchange_left_does_not_harm_the_living_keyring(
    tmp_path: Path, left: str
) -> None:
    file, keyring = tmp_path / "service.keys", Keyring.generate()
    file.write_text(keyring.format())
    match left:
        case "living":  # killed between its second name and the exchange
            (tmp_path / "service.keys.former").hardlink_to(file)
        case _:
            (tmp_path / f"service.keys.{left}").write_text("half of a")
    kept = tmp_path / "kept"
    kept.hardlink_to(file)
    replace_keyring(file, keyring.rotated())
    assert Keyring.parse(file.read_text()).keys[0] == keyring.keys[0]
    assert keyring.format() not in kept.read_bytes().decode("latin1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "service.keys"]
