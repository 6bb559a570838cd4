"""`sauti backup` and `sauti restore`: the disk is lost, and three custodians bring it back."""

import asyncio
import shutil

from app.alone import CLOCK
from storage.leading import open_lead
from tests.integration.cli.drill import SAID, Drill


def test_three_custodians_bring_a_lost_disk_back(drill: Drill) -> None:
    member = asyncio.run(drill.enrolled(drill.invited(), 101))
    ref = asyncio.run(drill.sent())
    shelf = drill.shell.folder / "shelf"
    for store in ("cases", "addresses", "shreds"):
        said = drill.said("backup", store, str(shelf / store))
        assert f"{store}: " in said
    keyring = (drill.shell.data / "keys" / "service.keys").read_text()
    assert all(keyring.strip().encode() not in each.read_bytes() for each in shelf.iterdir())
    root = drill.shell.folder / "root.pub"
    shutil.move(drill.shell.data / "keys" / "root.pub", root)
    shutil.rmtree(drill.shell.data)

    opened = ("--wraps", str(drill.room / "recovery.wraps"), *drill.shares(2, 3, 4))
    two = ("--wraps", str(drill.room / "recovery.wraps"), *drill.shares(2, 4))
    assert "3 different shares" in drill.refusal("restore", "cases", str(shelf / "cases"), *two)
    assert "whole." in drill.said("restore", "cases", str(shelf / "cases"), "--dry-run", *opened)
    for store in ("shreds", "cases", "addresses"):
        assert "as of" in drill.said("restore", store, str(shelf / store), *opened)
    assert (drill.shell.data / "keys" / "service.keys").read_text() == keyring
    shutil.move(root, drill.shell.data / "keys" / "root.pub")
    assert asyncio.run(drill.read(ref, member, 101)) == SAID
    assert "readable again" in drill.refusal("restore", "shreds", str(shelf / "shreds"), *opened)
    assert "no whole backup" in drill.refusal("restore", "cases", str(shelf / "shreds"), *opened)
    assert "cannot be read" in drill.refusal("restore", "cases", str(shelf / "none"), *opened)


def test_restore_waits_for_no_running_bot_and_backup_does_not_mind_it(drill: Drill) -> None:
    running = open_lead(None, drill.shell.data, CLOCK)
    assert asyncio.run(running.held())
    file = str(drill.shell.folder / "cases")
    drill.said("backup", "cases", file)
    assert "not overwritten" in drill.refusal("backup", "cases", file)
    opened = ("--wraps", str(drill.room / "recovery.wraps"), *drill.shares(1, 2, 3))
    assert "a bot runs" in drill.refusal("restore", "cases", file, *opened)
    asyncio.run(running.leave())
