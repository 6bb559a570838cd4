"""The story every end-to-end test tells, as hands on phones would."""

import re
from dataclasses import dataclass
from typing import Any

from bot.dialogue.screen import Text
from bot.texts.catalogue import TAG, Catalogue
from domain.ports.chat import Language
from tests.sandbox_client import Phone, Seen
from tests.spoken import CATALOGUES

CODE = re.compile(r"\b[0-9A-Z]{6}(-\d{4}){4}\b")


@dataclass(frozen=True, slots=True)
class Words:
    """Button labels and texts of one language, as the product's own catalogue has them."""

    catalogue: Catalogue

    @classmethod
    def of(cls, language: str) -> "Words":
        return cls(CATALOGUES.of(Language(language)))

    def __call__(self, key: str, **params: object) -> str:
        return self.catalogue.plain(Text(key, params))

    def start(self, key: str) -> str:
        """A text up to its first placeholder."""
        return re.split(r"[{\n]", TAG.sub("", self.catalogue.form(key)))[0].strip()


def code_on(seen: Seen) -> str:
    found = CODE.search(seen.last()["text"])
    assert found, seen.as_text()
    return found.group()


async def shows(phone: Phone, words: str) -> Seen:
    """Waits until the bot's newest message has these words."""
    return await phone.wait_for(
        lambda seen: bool(seen.bot_texts()) and words in seen.last()["text"]
    )


async def begin(phone: Phone, say: Words, language: str, *, shared: bool = False) -> None:
    """From nothing to the menu."""
    await phone.send("/start")
    await phone.press(say(f"language.{language}"))
    await phone.press(say("button.go_on"))
    await phone.press(say("button.phone_shared" if shared else "button.phone_mine"))
    await phone.wait_for(lambda seen: say("button.report") in seen.buttons())


async def write(phone: Phone, say: Words, *messages: str) -> None:
    """`/report`, and every message taken from the chat."""
    await phone.press(say("button.report"))
    await shows(phone, say.start("words.ask"))
    for message in messages:
        await phone.send(message)
        await gone(phone, message)


async def gone(phone: Phone, message: str) -> None:
    await phone.wait_for(lambda seen: message not in seen.texts())


async def review(phone: Phone, say: Words, *, topic: str, county: str) -> str:
    """From *Done* to the review card; the code on it."""
    await phone.press(say("button.done"))
    await phone.press(say(f"topic.{topic}"))
    await shows(phone, say.start("place.ask"))
    await phone.send(county)
    return code_on(await shows(phone, say.start("review.not_sent")))


async def send(phone: Phone, say: Words) -> None:
    await phone.press(say("button.send"))
    await shows(phone, say.start("sent.done"))
    await phone.press(say("button.written"))


@dataclass(frozen=True, slots=True)
class Moderator:
    phone: Phone
    passphrase: str
    say: Words

    async def unlock(self) -> None:
        await self.phone.press(self.say("moderator.button_unlock"))
        await shows(self.phone, self.say.start("moderator.ask_passphrase"))
        await self.phone.send(self.passphrase)
        await self.phone.wait_for(lambda seen: self.say("moderator.button_next") in seen.buttons())


async def enrol(phone: Phone, say: Words, payload: str) -> Moderator:
    await phone.send(f"/start {payload}")
    written = say("button.written")
    seen = await phone.wait_for(lambda seen: written in seen.buttons())
    passphrase = code_text(seen.last())
    await phone.press(written)
    await phone.wait_for(lambda seen: written not in seen.buttons())
    return Moderator(phone, passphrase, say)


def code_text(message: dict[str, Any]) -> str:
    """What the message sets as code."""
    entity = next(one for one in message["entities"] if one["type"] == "code")
    units: bytes = message["text"].encode("utf-16-le")
    return units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode(
        "utf-16-le"
    )
