"""What people do in a drill, by the product's own desks, as the bot asks them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.opening import open_house
from app.settings import Settings
from app.wiring import House
from app.world import StandingClock
from domain.errors import DomainError
from domain.ports.chat import Language
from domain.reports.draft import Draft
from domain.reports.report import ReportId, ReportRef
from domain.reports.topic import Topic
from domain.staff.enrol import Prepared
from tests.e2e.country import QuietChat

LAST_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent, and what its holder has of it."""

    words: str
    code: str
    ref: ReportRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderator:
    """A person, with the passphrase on their paper and the share in their chat."""

    prepared: Prepared
    chat: int

    @property
    def short(self) -> str:
        """As `sauti staff list` shows it."""
        return self.prepared.enrolled.member.id.hex()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    settings: Settings

    async def enrolled(self, payload: str, chat: int) -> Moderator:
        async with self._house() as house:
            desk = house.enrolment_desk(chat, Language.ENGLISH)
            prepared = await desk.prepare(payload)
            await desk.confirm(prepared)
        return Moderator(prepared=prepared, chat=chat)

    async def let_in(self, newcomer: Moderator, by: Moderator) -> None:
        enrolled = by.prepared.enrolled
        async with self._house() as house:
            desk = house.moderator_desk(enrolled.member.id, by.chat, 1)
            await desk.unlock(enrolled.passphrase, enrolled.share)
            (waiting,) = await desk.pending()
            assert waiting.words == newcomer.prepared.words
            await desk.grant(waiting)

    async def sent(self, words: str) -> Sent:
        """Last week."""
        async with self._house(before=LAST_WEEK) as house:
            report, code = ReportId(house.entropy.token(16)), await house.sealer.mint()
            county = house.gazetteer.counties()[0].code
            draft = Draft(nonce=report, words=(words,), topic=Topic.THEFT, county=county)
            await house.citizen_desk(7, QuietChat()).submit(draft, code, None)
            async with house.stores.cases() as cases:
                found = await cases.reports.get(report)
        assert found is not None
        return Sent(words=words, code=code.text, ref=found.ref)

    async def withdraws(self, sent: Sent) -> None:
        """By the code, last week."""
        async with self._house(before=LAST_WEEK) as house:
            desk = house.citizen_desk(7, QuietChat())
            await desk.withdraw((await desk.check(sent.code)).held, wanted=True)

    async def hears(self, sent: Sent) -> str:
        """What the code is told: where the report stands, or why there is none."""
        async with self._house() as house:
            try:
                return (await house.citizen_desk(7, QuietChat()).check(sent.code)).standing.value
            except DomainError as told:
                return type(told).__name__

    async def reads(self, sent: Sent, member: Moderator) -> str:
        """The words; or the name of what kept the member from them."""
        enrolled = member.prepared.enrolled
        async with self._house() as house:
            desk = house.moderator_desk(enrolled.member.id, member.chat, 1)
            try:
                await desk.unlock(enrolled.passphrase, enrolled.share)
                return "".join((await desk.open(sent.ref)).words.messages)
            except DomainError as refused:
                return type(refused).__name__

    @asynccontextmanager
    async def _house(self, before: timedelta = timedelta()) -> AsyncIterator[House]:
        clock = StandingClock(datetime.now(self.settings.zone) - before)
        async with open_house(self.settings, _unheard, clock) as house:
            yield house


def _unheard(event: str, **fields: object) -> None:
    """Commands are heard on their own streams."""
