from copy import deepcopy
from dataclasses import replace

import pytest

from bot.dialogue.heard import Pressed
from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.sealing import KeyRefused, Suspect
from domain.staff.grant import NewcomerUnknown
from domain.staff.member import DeskPublic, MemberId, Role
from tests.fakes.moderator_desk import ME, OTHER, OpenSession, copy_for, member
from tests.fakes.moderator_stores import MemoryCases
from tests.fakes.moderator_talk import Talk

LET_IN, GRANT = f"letin:{OTHER.hex()}", f"grant:{OTHER.hex()}"
SIX = "one111 two111 six111 ten111 red111 sea111"


@pytest.fixture
async def talk() -> Talk:
    talk = Talk()
    talk.office.has_newcomers(member(OTHER))
    await talk.unlocks()
    return talk


@pytest.mark.parametrize("command", ["/pending", "/grant"])
async def test_newcomers_are_shown_with_their_six_words(talk: Talk, command: str) -> None:
    seen = await talk.says(command)
    assert seen == f"1 person waits to be let in.\n\nFor: the national desk\n{SIX}"
    assert talk.buttons()[LET_IN] == "Let in: one111"


async def test_nobody_is_let_in_before_the_words_were_compared(talk: Talk) -> None:
    await talk.says("/pending")
    seen = await talk.presses(LET_IN)
    assert "Have you compared the six words by voice?" in seen
    assert SIX in seen
    assert OTHER not in talk.office.stores.kept.copies
    seen = await talk.presses(GRANT)
    assert "Let in. They can unlock now." in seen
    assert "Nobody waits to be let in." in seen
    assert OTHER in talk.office.stores.kept.copies


async def test_words_that_differ_lead_back(talk: Talk) -> None:
    await talk.says("/pending")
    await talk.presses(LET_IN)
    assert "1 person waits" in await talk.presses("pending:0")
    await talk.presses(LET_IN)
    assert "Nothing was done." in await talk.says("/cancel")
    assert OTHER not in talk.office.stores.kept.copies


async def test_nobody_waits(talk: Talk) -> None:
    talk.office.stores.kept.members.pop(OTHER)
    assert "Nobody waits to be let in." in await talk.says("/pending")


async def test_a_newcomer_who_is_gone_is_unknown(talk: Talk) -> None:
    first = await talk.says("/pending")
    talk.office.stores.kept.members.pop(OTHER)
    for press in (LET_IN, GRANT):
        seen = await talk.presses_old(press)
        assert seen == f"Nobody of that name waits to be let in.\n\n{first}"
        assert isinstance(talk.heeded[-1], NewcomerUnknown)


async def test_another_desks_newcomer_is_not_let_in(talk: Talk) -> None:
    talk.office.has_newcomers(member(OTHER, DeskKey("042")))
    assert "Nobody of that name" in await talk.presses_old(GRANT)


async def test_a_certificate_that_does_not_hold_is_an_alarm(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise KeyRefused(Suspect.MEMBER)

    monkeypatch.setattr(OpenSession, "grant", refuse)
    await talk.says("/pending")
    first = await talk.presses(LET_IN)
    seen = await talk.presses(GRANT)
    assert OTHER not in talk.office.stores.kept.copies
    assert seen.startswith("A key could not be trusted")
    assert seen.endswith(first)


async def test_a_key_that_is_lost_is_told_to_whoever_lets_in(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [
        DeskPublic(desk=NATIONAL, generation=each, public=b"", certificate=b"") for each in (1, 2)
    ]

    async def both(*_: object) -> list[DeskPublic]:
        return keys

    monkeypatch.setattr(MemoryCases, "desk_keys", both)
    monkeypatch.setattr(OpenSession, "generations", frozenset({(NATIONAL, 2)}))
    talk.office.stores.kept.copies[ME] = replace(copy_for(ME), generation=2)
    await talk.says("/pending")
    await talk.presses(LET_IN)
    seen = await talk.presses(GRANT)
    assert "Some older reports stay closed to them, as they are to you" in seen
    assert OTHER in talk.office.stores.kept.copies


async def test_only_what_stands_on_the_card_is_granted(talk: Talk) -> None:
    """An old button, or one of before a restart, shows the words again."""
    third = MemberId(b"t" * 16)
    talk.office.has_newcomers(member(third))
    for leads_away in ("/pending", "/queue", "/cancel"):
        await talk.says("/pending")
        await talk.presses(f"letin:{third.hex()}")
        await talk.says(leads_away)
        seen = await talk.presses_old(GRANT)
        assert "Have you compared the six words by voice?" in seen
        assert SIX in seen
    await talk.presses_old(f"letin:{third.hex()}")
    assert SIX in await talk.presses_old(GRANT), "the card was another's"
    assert not {OTHER, third} & set(talk.office.stores.kept.copies)
    assert "Let in. They can unlock now." in await talk.presses(GRANT)
    assert OTHER in talk.office.stores.kept.copies
    assert third not in talk.office.stores.kept.copies


async def test_words_that_changed_after_they_were_shown_let_nobody_in(talk: Talk) -> None:
    await talk.says("/pending")
    shown = await talk.presses(LET_IN)
    talk.office.has_newcomers(replace(member(OTHER), certificate=b"swapped"))
    seen = await talk.presses(GRANT)
    assert seen == f"Nobody of that name waits to be let in.\n\n{shown}"
    assert isinstance(talk.heeded[-1], NewcomerUnknown)
    assert OTHER not in talk.office.stores.kept.copies


async def test_the_same_press_twice_lets_in_once_and_says_so_twice(talk: Talk) -> None:
    await talk.says("/pending")
    await talk.presses(LET_IN)
    card = talk.state
    once = await talk.presses(GRANT)
    kept = deepcopy(talk.office.stores.kept)
    talk.state = card
    assert await talk.hears(Pressed(GRANT), again=True) == once
    assert talk.office.stores.kept == kept


async def test_an_officer_does_not_wait_to_be_let_in(talk: Talk) -> None:
    talk.office.has_newcomers(replace(member(OTHER), role=Role.OFFICER))
    assert "Nobody waits to be let in." in await talk.says("/pending")
    assert "Nobody of that name waits" in await talk.presses_old(LET_IN)


async def test_many_newcomers_come_in_pages_of_two(talk: Talk) -> None:
    talk.office.has_newcomers(*(member(MemberId(bytes([at]) * 16)) for at in range(4)))
    assert "Page 1 of 3" in await talk.says("/pending")
    assert len([press for press in talk.buttons() if press.startswith("letin:")]) == 2
    assert "Page 2 of 3" in await talk.presses("pending:1")
    assert len([press for press in talk.buttons() if press.startswith("letin:")]) == 2
    assert talk.buttons()["pending:0"] == "Previous"
    assert "Page 3 of 3" in await talk.presses_old("pending:9999")
