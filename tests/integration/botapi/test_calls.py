"""How calls may come over HTTP."""

import httpx
import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    InvalidToken,
)

from tests.integration.botapi.calling import TOKEN, raw
from tests.sandbox_client import Phone, SandboxClient


async def test_calls_come_by_get_form_json_or_multipart(
    sandbox: SandboxClient, amina: Phone
) -> None:
    given = {
        "chat_id": str(amina.id),
        "text": "hi & bye",
        "reply_markup": '{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}',
    }
    address = f"{sandbox.url}/bot{TOKEN}/SendMessage"
    async with httpx.AsyncClient() as client:
        answers = [
            await client.get(address, params=given),
            await client.post(address, data=given),
            await client.post(address, json={**given, "chat_id": amina.id}),
            await client.post(address, data=given, files={"spare": ("a.txt", b"a")}),
        ]
    for answer in answers:
        result = answer.json()["result"]
        assert result["text"] == "hi & bye"
        assert result["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"


async def test_an_unknown_method_and_a_wrong_token_are_told_apart(
    sandbox: SandboxClient, bot: Bot
) -> None:
    assert (await raw(sandbox, "makeCoffee")) == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found",
    }
    async with httpx.AsyncClient() as client:
        wrong = await client.get(f"{sandbox.url}/bot2:sandbox/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    stranger = Bot("2:sandbox", base_url=f"{sandbox.url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
    assert (await bot.get_me()).id == 1


async def test_a_broken_body_is_a_bad_request(sandbox: SandboxClient) -> None:
    async with httpx.AsyncClient() as client:
        for content, kind in (
            (b"{", "application/json"),
            (b"[]", "application/json"),
            (b"x", "multipart/form-data"),
        ):
            answer = await client.post(
                f"{sandbox.url}/bot{TOKEN}/getMe", content=content, headers={"Content-Type": kind}
            )
            assert answer.json()["error_code"] == 400
