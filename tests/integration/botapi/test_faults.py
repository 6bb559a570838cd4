"""Limits, planned faults and the log of calls."""

from datetime import timedelta

import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    NetworkError,
    RetryAfter,
)

from sandbox.limits import Limits
from tests.integration.botapi.calling import TOKEN, raw, words
from tests.sandbox_client import Phone, SandboxClient, running_sandbox


async def test_a_burst_into_one_chat_is_slowed_to_one_a_second(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    for number in range(20):
        await bot.send_message(amina.id, str(number))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(amina.id, "too much")
    assert refused.value.retry_after == timedelta(seconds=1)
    await sandbox.advance(1)
    await bot.send_message(amina.id, "in time")
    await sandbox.limits(on=False)
    await bot.send_message(amina.id, "no limit")


def test_thirty_a_second_pass_overall_and_no_chat_pays_for_another() -> None:
    limits = Limits(on=True)
    assert [limits.seconds_to_wait(chat, 100.0) for chat in range(30)] == [0] * 30
    assert limits.seconds_to_wait(30, 100.0) == 1
    assert limits.seconds_to_wait(30, 100.1) == 0
    busy = Limits(on=True)
    assert [busy.seconds_to_wait(1, 100.0) for _ in range(21)] == [0] * 20 + [1]
    assert busy.seconds_to_wait(2, 100.0) == 0


async def test_a_refusal_for_haste_says_when_to_come_again(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await sandbox.fail(
        "sendMessage", error_code=429, description="Too Many Requests: retry after 7", retry_after=7
    )
    answer = await raw(sandbox, "sendMessage", chat_id=amina.id, text="x")
    assert answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    await bot.send_message(amina.id, "now it goes")


async def test_a_planned_fault_hits_its_method_and_chat_so_many_times(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await sandbox.fail(
        "sendMessage", error_code=502, description="Bad Gateway", times=2, chat_id=amina.id
    )
    await bot.get_me()
    for _ in range(2):
        with pytest.raises(NetworkError, match=words("Bad Gateway")):
            await bot.send_message(amina.id, "x")
    await bot.send_message(amina.id, "x")


async def test_a_dropped_connection_leaves_the_effect_done_or_not(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await sandbox.fail("sendMessage", drop_before=True)
    with pytest.raises(NetworkError):
        await bot.send_message(amina.id, "never arrives")
    await sandbox.fail("sendMessage", drop_after=True)
    with pytest.raises(NetworkError):
        await bot.send_message(amina.id, "arrives unanswered")
    assert (await amina.texts())[1:] == ["arrives unanswered"]


async def test_the_log_of_calls_holds_no_words(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await bot.send_message(amina.id, "secret")
    (call,) = await sandbox.requests("sendMessage")
    assert call.keys() == {"method", "chat_id", "date"}
    assert call["chat_id"] == amina.id


async def test_switched_off_limits_let_a_bot_write_as_fast_as_it_can() -> None:
    async with (
        running_sandbox(TOKEN, "--no-limits") as url,
        SandboxClient(url) as sandbox,
        Bot(TOKEN, base_url=f"{url}/bot") as bot,
    ):
        phone = await sandbox.phone("Amina")
        await phone.send("/start")
        for number in range(40):
            await bot.send_message(phone.id, str(number))
        assert len(await phone.texts()) == 41
