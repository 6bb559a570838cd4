"""The recovery drill: custodians make the key, a desk loses everybody, three shares open it to
a new member by the commands an operator has, and old reports are read.
"""

import asyncio

import pytest
from typer.testing import CliRunner

from app.cli import sauti
from crypto.custodians import make
from crypto.share_words import write_share
from domain.staff.unlock import NotLetInYet
from tests.integration.cli.drill import SAID, Drill, rows_of
from tests.integration.cli.shell import Shell


def test_three_custodians_open_a_lost_desk_and_the_new_member_reads_it(drill: Drill) -> None:
    first = asyncio.run(drill.enrolled(drill.invited(), 101))
    ref = asyncio.run(drill.sent())
    assert asyncio.run(drill.read(ref, first, 101)) == SAID
    reopen = ("staff", "invite", "--role", "moderator", "--reopen", "--root-key", drill.root)
    assert "members who hold it" in drill.refusal(*reopen)
    assert "is read" in drill.refusal(*drill.recover("any", 1, 3, 5))
    drill.said("staff", "revoke", first.enrolled.member.id.hex()[:8])

    anew = asyncio.run(drill.enrolled(drill.invited("--reopen"), 102))
    with pytest.raises(NotLetInYet):
        asyncio.run(drill.read(ref, anew, 102))
    words = " ".join(anew.words)
    before = drill.shell.files()
    assert "3 different shares" in drill.refusal(*drill.recover(words, 1, 3))
    assert "once more" in drill.refusal(*drill.recover(words, 1, 3, 3))
    assert "nobody with these six words" in drill.refusal(*drill.recover("wrong", 1, 3, 5))
    assert drill.shell.files() == before

    said = drill.said(*drill.recover(words, 1, 3, 5))
    assert "opened: 1." in said
    assert all(row not in said for row in rows_of(drill.room))
    assert asyncio.run(drill.read(ref, anew, 102)) == SAID


def test_custodians_of_an_older_set_open_what_the_new_ones_could_not(drill: Drill) -> None:
    """In the order in which they are called: first those whose key is in the settings."""
    old, new, strangers = drill.room, drill.shell.folder / "new", drill.shell.folder / "strangers"
    first = asyncio.run(drill.enrolled(drill.invited(), 101))
    ref = asyncio.run(drill.sent())
    second = asyncio.run(drill.enrolled(drill.invited(), 102))
    asyncio.run(drill.let_everybody_in(first, 101))
    drill.another_set(new)
    drill.said("staff", "revoke", second.enrolled.member.id.hex()[:8])
    assert asyncio.run(drill.renewed(first, 101)) == 1
    drill.said("staff", "revoke", first.enrolled.member.id.hex()[:8])
    anew = asyncio.run(drill.enrolled(drill.invited("--reopen"), 103))
    words = " ".join(anew.words)

    drill.said("custodians", str(strangers), "--files")
    drill.room = strangers
    refused = drill.refusal(*drill.recover(words, 1, 2, 3))
    assert "opens no generation" in refused
    assert "not the one in SAUTI_RECOVERY_PUBLIC_KEY" in refused
    drill.room = new
    half = drill.refusal(*drill.recover(words, 1, 2, 3))
    assert "generation 1 does not open" in half
    assert "another set of shares" in half
    drill.room = old
    assert "opened: 1." in drill.said(*drill.recover(words, 1, 3, 5))
    assert asyncio.run(drill.read(ref, anew, 103)) == SAID
    assert "is read" in drill.refusal(*drill.recover(words, 1, 3, 5))


def test_a_lost_newest_generation_is_said_with_what_follows(drill: Drill) -> None:
    """Custodians of the old set come alone."""
    old = drill.room
    first = asyncio.run(drill.enrolled(drill.invited(), 101))
    second = asyncio.run(drill.enrolled(drill.invited(), 102))
    asyncio.run(drill.let_everybody_in(first, 101))
    drill.another_set(drill.shell.folder / "new")
    drill.said("staff", "revoke", second.enrolled.member.id.hex()[:8])
    assert asyncio.run(drill.renewed(first, 101)) == 1
    drill.said("staff", "revoke", first.enrolled.member.id.hex()[:8])
    anew = asyncio.run(drill.enrolled(drill.invited("--reopen"), 103))
    drill.room = old
    done = drill.shell.sauti(*drill.recover(" ".join(anew.words), 1, 3, 5), **drill.told)
    assert done.exit_code == 1
    assert "opened: 1." in done.stdout
    assert "The newest is none of them" in done.stdout
    assert "/pending" not in done.stdout
    assert "generation 2 does not open" in done.stderr
    assert asyncio.run(drill.renewed(anew, 103)) == 1
    assert asyncio.run(drill.sent())


def test_a_slip_on_paper_is_named_and_files_of_shares_are_apart(drill: Drill) -> None:
    share = drill.room / "share-3" / "share.txt"
    words = share.read_text().split()
    share.write_text(" ".join([*words[:10], words[10] + "q", *words[11:]]))
    test = ("custodians", str(drill.room), "--test")
    refusal = drill.refusal(*test, *drill.shares(1, 3, 5))
    assert "row 2, word 2" in refusal
    assert words[10] in refusal
    share.write_text(" ".join([*words[:10], words[11], words[11], *words[12:]]))
    assert "row 2 does not fit" in drill.refusal(*test, *drill.shares(1, 3, 5))
    assert "1, 2, 4" in drill.said(*test, *drill.shares(1, 2, 4))
    for number in (1, 2, 3, 4, 5):
        page = (drill.room / f"share-{number}" / "share.html").read_text()
        assert f"SHARE {number} OF 5" in page
        assert "<svg" in page
    everything = {path for path in drill.room.rglob("*") if path.is_file()}
    assert all(path.stat().st_mode & 0o077 == 0 for path in everything)


def test_nothing_is_made_twice_and_another_set_is_told_apart(drill: Drill) -> None:
    assert "not overwritten" in drill.refusal("custodians", str(drill.room), "--files")
    other = drill.shell.folder / "other"
    drill.said("custodians", str(other), "--files")
    mixed = [str(other / "share-1" / "share.txt"), *drill.shares(2, 3)[1::2]]
    given = [word for path in mixed for word in ("--share", path)]
    assert "is of the set" in drill.refusal("custodians", str(drill.room), "--test", *given)
    assert "has no key yet" in drill.refusal(*drill.recover("any", 1, 3, 5))


def test_shares_are_shown_one_by_one_and_typed_back(
    empty: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On screens: what was typed wrong is asked again, and no file holds a share."""
    made = make()
    monkeypatch.setattr("app.cli.ceremony.make", lambda: made)
    rows = {
        number: [" ".join(row) for row in write_share(number, made.wraps.name, share).rows]
        for number, share in made.shares.items()
    }
    typed = [line for number in rows for line in ("", "", _cut(rows[number][0]), *rows[number])]
    done = CliRunner().invoke(sauti, ["custodians", "room"], input="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert done.stdout.count("is right. Seal it.") == 5
    assert done.stdout.count("row 1 has not six words") == 5
    assert sorted(empty.files()) == ["room/recovery.pub", "room/recovery.wraps"]

    again = ["9", *(line for number in (2, 4, 5) for line in (str(number), *rows[number]))]
    tried = CliRunner().invoke(
        sauti, ["custodians", "room", "--test"], input="\n".join(again) + "\n"
    )
    assert tried.exit_code == 0, tried.output
    assert "Shares 2, 4, 5 of the set" in tried.stdout


def _cut(row: str) -> str:
    return row.rpartition(" ")[0]
