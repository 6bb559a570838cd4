"""An officer at their phone: says and presses, and sees the card as it is written."""

from dataclasses import dataclass, field

from bot.dialogue import officer
from bot.dialogue.converse import converse
from bot.dialogue.heard import Commanded, Heard, Pressed, Typed
from bot.dialogue.screen import Screen
from domain.errors import DomainError
from domain.ports.chat import Language
from tests.fakes.citizen_talk import buttons_of, written
from tests.fakes.moderator_talk import CATALOGUES
from tests.house import House, Moderator
from tests.spoken import SPOKEN


@dataclass(slots=True)
class OfficerTalk:
    house: House
    person: Moderator
    state: officer.State = field(default_factory=lambda: officer.begin(Language.ENGLISH, SPOKEN))
    heeded: list[DomainError] = field(default_factory=list)

    async def hears(self, heard: Heard) -> str:
        desk = self.house.officer_desk(self.person)
        self.state = await converse(self.state, heard, desk, officer.advance, self.heeded.append)
        return self.sees()

    async def says(self, text: str) -> str:
        name, _, argument = text[1:].partition(" ")
        return await self.hears(Commanded(name, argument) if text.startswith("/") else Typed(text))

    async def presses(self, press: str) -> str:
        """Whether it is on the card or under an older message."""
        return await self.hears(Pressed(press))

    def screen(self) -> Screen:
        return officer.view(self.state)

    def sees(self) -> str:
        return written(self.screen(), self.state.language)

    def buttons(self) -> dict[str, str]:
        catalogue = CATALOGUES.of(self.state.language)
        return {each.press: catalogue.plain(each.label) for each in buttons_of(self.screen())}
