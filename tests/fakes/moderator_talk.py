"""A moderator at their phone: says and presses, and sees the card as it is written."""

from dataclasses import dataclass, field

from bot.dialogue.converse import converse
from bot.dialogue.heard import Commanded, Heard, Pressed, Typed
from bot.dialogue.moderator import State, advance, begin, language_of, view
from bot.dialogue.moderator.buttons import unlock_press
from bot.dialogue.screen import Screen
from bot.texts.catalogue import Catalogues
from domain.errors import DomainError
from domain.ports.chat import Language
from tests.fakes.citizen_talk import buttons_of, written
from tests.fakes.moderator_desk import PASSPHRASE, SHARE, Office
from tests.spoken import SPOKEN

CATALOGUES = Catalogues.load()
PLACES = {"021": "Murang'a", "042": "Kisumu", "nairobi-west": "Nairobi West"}


@dataclass(slots=True)
class Talk:
    office: Office = field(default_factory=Office)
    state: State = field(default_factory=lambda: begin(Language.ENGLISH, PLACES, SPOKEN))
    heeded: list[DomainError] = field(default_factory=list)

    @classmethod
    def in_language(cls, language: Language) -> "Talk":
        return cls(state=begin(language, PLACES, SPOKEN))

    async def hears(self, heard: Heard, *, again: bool = False) -> str:
        desk = self.office.desk(again=again)
        self.state = await converse(self.state, heard, desk, advance, self.heeded.append)
        return self.sees()

    async def says(self, *texts: str) -> str:
        """Messages and commands, one after the other."""
        for text in texts:
            name, _, argument = text[1:].partition(" ")
            heard = Commanded(name, argument) if text.startswith("/") else Typed(text)
            await self.hears(heard)
        return self.sees()

    async def presses(self, *presses: str) -> str:
        """Buttons that are on the card: a press that is not there is the test's mistake."""
        for press in presses:
            assert press in self.buttons(), (press, self.buttons())
            await self.hears(Pressed(press))
        return self.sees()

    async def presses_old(self, press: str) -> str:
        return await self.hears(Pressed(press))

    async def unlocks(self, passphrase: str = PASSPHRASE, share: bytes = SHARE) -> str:
        await self.hears(Pressed(unlock_press(share)))
        return await self.hears(Typed(passphrase))

    def screen(self) -> Screen:
        return view(self.state)

    def sees(self) -> str:
        return written(self.screen(), language_of(self.state))

    def toast(self) -> str:
        toast = self.screen().toast
        return CATALOGUES.of(language_of(self.state)).plain(toast) if toast else ""

    def buttons(self) -> dict[str, str]:
        """What is written on each, by its press."""
        catalogue = CATALOGUES.of(language_of(self.state))
        return {each.press: catalogue.plain(each.label) for each in buttons_of(self.screen())}
