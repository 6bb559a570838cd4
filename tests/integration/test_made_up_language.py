"""A language is one file: three people live through a whole report in one that was made up."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.dialogue.moderator.enrolment import Enrolled, view
from bot.telegram.card import show
from bot.telegram.menu import introduce
from bot.texts.catalogue import Catalogues
from domain.ports.chat import Language
from tests.chat_world import World, a_world
from tests.e2e.story import Words, code_on
from tests.made_up import CODE, turned, vocabulary, with_a_made_up_language, words_in
from tests.sandbox_client import Phone

MADE_UP = Language(CODE)
DATA = "Test Operator, County Commissioner"
STORY = "Wanahamisha mawe usiku."
SUMMARY = "Mipaka inahamishwa usiku."


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    world: World
    say: Words
    foreign: frozenset[str]
    """Words of English and Kiswahili that the made-up language lacks."""

    async def heard(self, phone: Phone, *, but: str = "") -> str:
        """The newest message. Nothing on the phone is in another language, `but` for what
        somebody wrote.
        """
        seen = await phone.see()
        menu = " ".join(each["description"] for each in seen.raw["commands"])
        shown = " ".join([*seen.bot_texts(), *seen.buttons(), menu]).replace(but, " ")
        assert words_in(shown) & self.foreign == set(), seen.as_text()
        return str(seen.last()["text"])

    async def taps(self, phone: Phone, *keys: str) -> None:
        for key in keys:
            await self.world.taps(phone, self.say(key))


@pytest.fixture
async def country(tmp_path: Path) -> AsyncIterator[Country]:
    folder = tmp_path / "texts"
    folder.mkdir()
    catalogues = Catalogues.load(with_a_made_up_language(folder))
    known = vocabulary(folder, "en") | vocabulary(folder, "sw")
    async with a_world(tmp_path / "world") as world:
        world.house = replace(world.house, catalogues=catalogues)
        world.front = world.house.front(world.line)
        await introduce(world.line.bot, catalogues, world.house.staff_book(), world.log)
        yield Country(
            world=world,
            say=Words(catalogues.of(MADE_UP)),
            foreign=known - vocabulary(folder, CODE) - words_in(DATA),
        )


async def speaks(country: Country, phone: Phone) -> None:
    """From the card that asks in every language to the menu."""
    await country.world.says(phone, "/start")
    seen = await phone.see()
    assert seen.last()["text"] == "Which language?\nLugha gani?\nhcihW egaugnal?"
    assert seen.buttons() == ["English", "Kiswahili", "hsilgnE"]
    await country.taps(phone, "language.zz", "button.go_on", "button.phone_mine")


async def reads(country: Country) -> Phone:
    """The moderator, unlocked."""
    world = country.world
    phone = await world.sandbox.phone("Otieno", language_code=CODE)
    await phone.send("/start")
    world.offset = (await world.waiting())[-1].update_id + 1
    await world.house.staff_book().enter(phone.id, world.reader.member, MADE_UP)
    enrolled = Enrolled(language=MADE_UP, share=world.reader.share, let_in=True, words=())
    await show(world.line.bot, phone.id, view(enrolled), country.say.catalogue, None)
    await country.taps(phone, "moderator.button_unlock")
    await world.says(phone, world.reader.passphrase)
    return phone


async def test_citizen_moderator_and_officer_speak_it_from_start_to_end(country: Country) -> None:
    world, say = country.world, country.say
    amina = await world.sandbox.phone("Amina", language_code=CODE)
    await speaks(country, amina)
    await country.heard(amina)
    await world.says(amina, f"/follow {turned('land in')} muranga")
    assert f"{turned('Land')}, Murang'a" in await country.heard(amina)
    await world.says(amina, STORY)
    await country.taps(amina, "button.done", "topic.land")
    await country.heard(amina)
    await world.says(amina, f"nairobi {turned('north')}")
    assert turned("Nairobi North") in await country.heard(amina)
    await country.taps(amina, "button.more", "button.how_far", "how_far.summary")
    await country.heard(amina)
    await country.taps(amina, "button.back", "button.back")
    code = code_on(await amina.see())
    await country.taps(amina, "button.send", "button.written")

    kamau = await world.sandbox.phone("Kamau", language_code=CODE)
    await world.says(kamau, f"/start {await world.invite(seat='nairobi-north')}")
    await country.heard(kamau)
    await country.taps(kamau, "button.accept")
    assert say("officer.enrolled") in await country.heard(kamau)

    otieno = await reads(country)
    await country.heard(otieno)
    await world.says(otieno, f"/queue {turned('land')}")
    ref = re.findall(r"\b[0-9A-Z]{6}\b", " ".join((await otieno.see()).buttons()))[0]
    await world.says(otieno, f"/open {ref}")
    await country.heard(otieno, but=STORY)
    await world.says(otieno, f"/claim {ref}")
    await world.says(otieno, f"/refer {ref} county_commissioner")
    await world.says(otieno, SUMMARY)
    await country.taps(otieno, "moderator.button_pass_on")
    said = await country.heard(otieno, but=STORY)
    assert turned("Passed on to") in said
    number = re.findall(r"\b[0-9A-Z]{6}\b", said)[0]

    await world.says(kamau, "/digest")
    assert number in await country.heard(kamau)
    await world.says(kamau, f"/blocked {number} {turned('petrol')}")
    assert say("want.fuel") in await country.heard(kamau)
    await world.says(otieno, f"/status {ref} {turned('in progress')}")
    assert turned("In progress") in await country.heard(otieno, but=STORY)
    await world.says(otieno, "/lock")
    await country.heard(otieno)
    await world.says(amina, code)
    assert turned("Somebody is acting on it.") in await country.heard(amina)
