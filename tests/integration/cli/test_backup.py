"""`sauti backup` and `sauti restore`: the disk is lost, and three custodians bring it back."""

import asyncio
import shutil

import pytest

from app.alone import CLOCK
from app.cli import restoring
from domain.staff.enrol import Prepared
from domain.staff.unlock import Revoked
from storage.leading import open_lead
from tests.integration.cli.drill import SAID, Drill


def short(prepared: Prepared) -> str:
    return prepared.enrolled.member.id.hex()[:8]


def test_three_custodians_bring_a_lost_disk_back(drill: Drill) -> None:
    member = asyncio.run(drill.enrolled(drill.invited(), 101))
    left = asyncio.run(drill.enrolled(drill.invited(), 102))
    ref = asyncio.run(drill.sent())
    shelf = drill.shell.folder / "shelf"
    for store in ("cases", "shreds", "addresses"):
        said = drill.said("backup", store, str(shelf / store))
        assert f"{store}: " in said
        assert "took the former" not in said
        assert ("Keep no other copy" in said) == (store == "shreds")
    keyring = (drill.shell.data / "keys" / "service.keys").read_text()
    assert all(keyring.strip().encode() not in each.read_bytes() for each in shelf.iterdir())
    root = drill.lose()

    opened = ("--wraps", str(drill.room / "recovery.wraps"), *drill.shares(2, 3, 4))
    two = ("--wraps", str(drill.room / "recovery.wraps"), *drill.shares(2, 4))
    cases, gone = ("restore", "cases", str(shelf / "cases")), short(left)
    assert "3 different shares" in drill.refusal(*cases, *two)
    then = drill.said(*cases, "--dry-run", *opened)
    assert "whole." in then
    assert {short(member), gone} <= set(then.split())
    assert "restore cases first" in drill.refusal(
        "restore", "shreds", str(shelf / "shreds"), *opened
    )
    assert "0 members of then match" in drill.refusal(*cases, *opened, "--revoked", "00000000")
    asked = drill.answered(f"who\n{gone}\n", *cases, *opened)
    assert "No: 0 members of then match 'who'" in asked
    assert "revoked, and stay so: 1." in asked
    assert "without a key in shreds, which nobody opens: 1." in asked
    for store in ("shreds", "addresses"):
        assert "as of" in drill.said("restore", store, str(shelf / store), *opened)
    assert (drill.shell.data / "keys" / "service.keys").read_text() == keyring
    shutil.move(root, drill.shell.data / "keys" / "root.pub")
    assert asyncio.run(drill.read(ref, member, 101)) == SAID
    with pytest.raises(Revoked):
        asyncio.run(drill.read(ref, left, 102))
    assert f"{gone}  moderator  national  revoked" in drill.said("staff", "list")
    again = drill.refusal("restore", "shreds", str(shelf / "shreds"), *opened)
    assert "those of the backup come beside them" in again
    assert "no whole backup" in drill.refusal("restore", "cases", str(shelf / "shreds"), *opened)
    assert "cannot be read" in drill.refusal("restore", "cases", str(shelf / "none"), *opened)


def test_what_is_killed_before_the_rows_has_their_keys_already(
    drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows without the keyring that sealed them would be there, and opened by nobody."""
    place = drill.shell.data / "keys" / "service.keys"
    keyring = place.read_text()
    file = str(drill.shell.folder / "shelf" / "addresses")
    drill.said("backup", "addresses", file)
    drill.lose()
    monkeypatch.setattr(restoring, "restore", _killed)
    opened = ("--wraps", str(drill.room / "recovery.wraps"), *drill.shares(2, 3, 4))
    drill.shell.sauti("restore", "addresses", file, *opened, **drill.told)
    assert place.read_text() == keyring


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_the_newest_shreds_takes_the_place_of_the_former_whatever_its_name(drill: Drill) -> None:
    asyncio.run(drill.enrolled(drill.invited(), 101))
    asyncio.run(drill.sent())
    shelf = drill.shell.folder / "shelf"
    drill.said("backup", "shreds", str(shelf / "shreds-2026-11-02"))
    said = drill.said("backup", "shreds", str(shelf / "shreds-2026-11-03"))
    assert "shreds-2026-11-02 was older: it is overwritten, and gone." in said
    assert "took the former one's place" in drill.said(
        "backup", "shreds", str(shelf / "shreds-2026-11-03")
    )
    assert [path.name for path in shelf.iterdir()] == ["shreds-2026-11-03"]


def test_restore_waits_for_no_running_bot_and_backup_does_not_mind_it(drill: Drill) -> None:
    running = open_lead(drill.url, drill.shell.data, CLOCK)
    assert asyncio.run(running.held())
    file = str(drill.shell.folder / "cases")
    drill.said("backup", "cases", file)
    assert "not overwritten" in drill.refusal("backup", "cases", file)
    opened = ("--wraps", str(drill.room / "recovery.wraps"), *drill.shares(1, 2, 3))
    assert "a bot runs" in drill.refusal("restore", "cases", file, *opened)
    asyncio.run(running.leave())
