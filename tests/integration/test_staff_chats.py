"""The chats of staff: unlocking, what is kept and what goes, and whoever is staff no more."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from telegram.error import NetworkError
from telegram.request import HTTPXRequest, RequestData

from domain.moderation.sessions import Sessions
from domain.ports.chat import Language
from domain.staff.member import MemberId
from tests.chat_world import KEPT, SAY, a_world
from tests.integration.test_chats import WORDS, can_still_report, silence
from tests.sandbox_client import Seen


def unlock_message(seen: Seen) -> dict[str, object]:
    return next(message for message in seen.messages if message["text"] == KEPT)


async def test_the_passphrase_is_deleted_at_once_even_when_the_card_cannot_be_shown(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        await world.taps(otieno, SAY("moderator.button_unlock"))
        await world.sandbox.fail("editMessageText", drop_before=True)
        with pytest.raises(NetworkError):
            await world.says(otieno, world.reader.passphrase)
        assert world.reader.passphrase not in await otieno.texts()
        await world.answer()
        assert SAY("moderator.button_next") in (await otieno.see()).buttons()


async def test_a_wrong_passphrase_is_deleted_at_once_too(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        await world.taps(otieno, SAY("moderator.button_unlock"))
        await world.says(otieno, "what was it again")
        assert "what was it again" not in await otieno.texts()
        await world.says(otieno, world.reader.passphrase)
        assert SAY("moderator.button_next") in (await otieno.see()).buttons()


async def test_the_unlock_message_survives_everything_untouched(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        await world.sent(await world.citizen(), WORDS)
        otieno = await world.moderator()
        before = unlock_message(await otieno.see())
        await world.opened(otieno)
        await world.says(otieno, "/lock")
        await world.unlocked(otieno)
        await silence(world, minutes=16)
        await world.restart()
        await world.unlocked(otieno)
        await world.says(otieno, "/clear")
        await world.says(otieno, "/cancel")
        await world.front.close()
        assert unlock_message(await otieno.see()) == before


async def test_the_unlock_button_of_an_enrolment_stays_and_opens_after_a_restart(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        wanjiru = await world.sandbox.phone("Wanjiru")
        await world.says(wanjiru, f"/start {await world.invite()}")
        passphrase = code_of(await wanjiru.last())
        await world.taps(wanjiru, SAY("button.written"))
        enrolled = await wanjiru.last()
        assert passphrase not in enrolled["text"]
        await world.restart()
        await world.taps(wanjiru, SAY("moderator.button_unlock"))
        await world.says(wanjiru, passphrase)
        seen = await wanjiru.see()
        assert SAY("error.not_let_in_yet") in seen.last()["text"]
        assert enrolled in seen.messages


def code_of(message: dict[str, object]) -> str:
    text, entities = message["text"], message["entities"]
    assert isinstance(text, str)
    assert isinstance(entities, list)
    found = next(one for one in entities if one["type"] == "code")
    return text[found["offset"] : found["offset"] + found["length"]]


async def test_next_claims_one_report_however_often_its_card_cannot_be_shown(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        await world.sent(await world.citizen(), WORDS)
        otieno = await world.moderator()
        await world.unlocked(otieno)
        await world.sandbox.fail("editMessageText", drop_after=True)
        with pytest.raises(NetworkError):
            await world.taps(otieno, SAY("moderator.button_next"))
        await world.answer()
        assert WORDS in (await otieno.last())["text"]


async def test_a_check_that_had_to_be_tried_again_counts_as_one_visit(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        code = await world.sent(phone, WORDS)
        await world.taps(phone, SAY("button.written"))
        await world.sandbox.fail("editMessageText", drop_after=True)
        with pytest.raises(NetworkError):
            await world.says(phone, f"/check {code}")
        await world.answer()
        assert SAY("check.first_visit") in (await phone.last())["text"]


async def test_a_moderators_language_is_kept_and_so_is_what_is_to_be_deleted(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        await world.sent(await world.citizen(), WORDS)
        otieno = await world.moderator()
        await world.opened(otieno)
        await world.says(otieno, "/language")
        await world.taps(otieno, SAY("language.sw"))
        entry = await world.house.staff_book().of_chat(otieno.id)
        assert entry is not None
        assert entry.language == Language.KISWAHILI


async def test_a_revoked_moderator_is_told_so_and_reads_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        await world.revoked()
        await world.unlocked(otieno)
        assert SAY("error.revoked") in (await otieno.last())["text"]


async def test_a_revoked_moderator_is_told_so_whatever_they_ask(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        await world.revoked()
        for _ in range(2):
            await world.says(otieno, "/next")
            assert (await otieno.last())["text"].count(SAY("error.revoked")) == 1


async def test_who_is_revoked_while_they_unlock_is_locked_when_the_turn_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, locked = Sessions.lock, asyncio.Event()

    def lock(sessions: Sessions, member: MemberId) -> None:
        honest(sessions, member)
        locked.set()

    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        await world.unlocked(otieno)
        sessions, now = world.house.sessions, world.clock.now()
        (session,) = sessions.unlocked(now)
        monkeypatch.setattr(Sessions, "lock", lock)
        async with world.front.staff.talks[otieno.id].turn:
            await world.revoked()
            ringing = asyncio.create_task(silence(world, seconds=15))
            await locked.wait()
            sessions.open(session, otieno.id, now)
        await ringing
        assert sessions.unlocked(now) == ()
        assert SAY("error.revoked") in (await otieno.last())["text"]


@pytest.mark.parametrize("seat", [None, "021"])
async def test_another_link_takes_nothing_from_whoever_reads(
    tmp_path: Path, seat: str | None
) -> None:
    """A moderator's or an officer's, opened by the only one who reads."""
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        await world.unlocked(otieno)
        await world.says(otieno, f"/start {await world.invite(seat=seat)}")
        seen = await otieno.see()
        assert seen.last()["text"] == SAY("error.chat_taken")
        for label in ("button.written", "button.accept"):
            assert SAY(label) not in seen.buttons()
        await world.says(otieno, "/lock")
        await world.sent(await world.citizen(), WORDS)
        await world.opened(otieno)
        assert WORDS in (await otieno.last())["text"]


async def test_an_officers_chat_goes_on_after_another_link(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        wambui = await world.officer("021")
        await world.says(wambui, f"/start {await world.invite()}")
        assert (await wambui.last())["text"] == SAY("error.chat_taken")
        await world.says(wambui, "/help")
        assert SAY("officer.help") in (await wambui.last())["text"]


async def test_whoever_is_revoked_is_locked_whatever_the_book_says_of_their_chat(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        await world.unlocked(await world.moderator())
        await world.house.staff_book().leave(world.reader.member)
        await world.revoked()
        await world.front.staff.lock_idle()
        assert world.front.staff.sessions.unlocked(world.clock.now()) == ()


async def test_whoever_was_revoked_is_a_citizen_then(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        await world.unlocked(otieno)
        await world.revoked()
        await silence(world, seconds=15)
        await world.taps(otieno, SAY("moderator.button_unlock"))
        assert world.front.staff.talks == {}
        await world.says(otieno, "/start")
        assert SAY("language.sw") in (await otieno.see()).buttons()


async def test_a_citizen_who_presses_an_unlock_button_stays_a_citizen(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.unlock_message(phone)
        await world.taps(phone, SAY("moderator.button_unlock"))
        assert (await phone.see()).raw["toast"]["text"] == SAY("toast.old_button")
        assert world.front.staff.talks == {}
        await phone.delete((await phone.last())["message_id"])
        await can_still_report(world, phone)


async def test_a_passphrase_that_a_crash_left_standing_goes_when_its_button_is_pressed(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        wanjiru = await world.sandbox.phone("Wanjiru")
        await world.says(wanjiru, f"/start {await world.invite()}")
        passphrase = code_of(await wanjiru.last())
        await world.sandbox.fail("editMessageText", drop_before=True)
        with pytest.raises(NetworkError):
            await world.taps(wanjiru, SAY("button.written"))
        await world.restart()
        assert any(passphrase in text for text in await wanjiru.texts())
        await world.answer()
        seen = await wanjiru.see()
        assert all(passphrase not in text for text in seen.texts())
        assert SAY("moderator.enrol_keep") in seen.bot_texts()[0]
        assert seen.last()["text"].startswith(SAY.start("moderator.ask_passphrase"))
        await world.taps(wanjiru, SAY("moderator.button_unlock"))
        await world.says(wanjiru, passphrase)
        assert SAY("error.not_let_in_yet") in (await wanjiru.last())["text"]


async def test_the_words_of_a_report_stand_apart_and_nothing_in_them_can_be_pressed(
    tmp_path: Path,
) -> None:
    words = "Now\n\n/lock\n\nDue by 1 December. https://example.org " + "x" * 2_900
    async with a_world(tmp_path) as world:
        await world.sent(await world.citizen(), words)
        otieno = await world.moderator()
        await world.opened(otieno)
        shown = await otieno.last()
        assert words in shown["text"]
        where = {"offset": shown["text"].index(words), "length": len(words)}
        for kind in ("blockquote", "code"):
            assert {"type": kind, **where} in shown["entities"]


async def test_no_message_asks_telegram_to_fetch_what_a_link_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []
    really = HTTPXRequest.do_request

    async def noting(
        self: HTTPXRequest,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        **more: Any,
    ) -> tuple[int, bytes]:
        if request_data is not None and url.endswith(("/sendMessage", "/editMessageText")):
            asked.append({"method": url.rpartition("/")[2], **request_data.parameters})
        return await really(self, url, method, request_data, **more)

    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        monkeypatch.setattr(HTTPXRequest, "do_request", noting)
        await world.sent(await world.citizen(), "https://example.org")
        await world.opened(otieno)
        await world.sandbox.advance(49 * 3600)
        await world.says(otieno, "/lock")
    assert {"sendMessage", "editMessageText"} <= {str(one["method"]) for one in asked}
    assert all(one["link_preview_options"] == {"is_disabled": True} for one in asked)


async def test_somebody_elses_unlock_button_opens_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        thief = await world.citizen("Mwizi")
        await world.unlock_message(thief)
        await world.taps(thief, SAY("moderator.button_unlock"))
        await world.says(thief, world.reader.passphrase)
        assert SAY("moderator.button_next") not in (await thief.see()).buttons()
