"""A deployment's year in short: whatever this release keeps sealed is in the stores at its end.
What is kept of it is read for ever; see `tests/golden.py`.
"""

from dataclasses import dataclass, field, replace

from app.reference.load import load_gazetteer
from domain.digest.publish import Publisher
from domain.followup.follow_up import FollowUp
from domain.followup.followers import CountyFollowed, Followers, ForumFollowed
from domain.followup.outgoing import Addressee
from domain.followup.windows import Windows
from domain.ledger.batch import batch_leaves
from domain.ports.chat import Language
from domain.referrals.chase import Chase
from domain.referrals.digest import Digests
from domain.reports.check import Checked
from domain.reports.files import CleanFile, FileKind
from domain.reports.own import Own
from domain.reports.report import ForumKey, Report
from domain.reports.state import NoActionReason, State
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar
from tests.house import COUNTY, House, Moderator

WORDS = ("They come at night to the Maringo bridge.", "Wanakuja na pikipiki nyeusi.")
FILE = CleanFile(kind=FileKind.TEXT, content=b"Kilichoandikwa ukutani")
QUESTION, ANSWER, ADDITION = "On which days?", "Every Friday", "Now on Saturdays too"
SUMMARY = "A group robs people near a bridge after dark, twice a week."
PROOF = "Two patrols every night since Monday."
OFFICE = "county_police"
CHAT, FORGOTTEN, FOLLOWING, OFFICER = 7_712_345_678, 7_712_345_679, 7_712_345_680, 7_700_000_201
ALL_OF_IT, ONE_TOPIC = (
    CountyFollowed(county=COUNTY),
    CountyFollowed(county=COUNTY, topic=Topic.LAND),
)
A_FORUM = ForumFollowed(forum=ForumKey("a-forum"))
ENOUGH = 10
"""Reports that were read: a table of their county is published."""


def alarmed(alarm: object) -> None:
    raise AssertionError(alarm)


@dataclass(slots=True, kw_only=True)
class Life:
    """`codes`: of the reports that are still there, and of two that have ended. `numbers`: of
    the referrals.
    """

    house: House
    followers: Followers
    codes: dict[str, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    people: dict[str, Moderator] = field(default_factory=dict)

    async def lived(self) -> None:
        await self.house.load_offices()
        await self._ends("expired")
        await self._staff_comes()
        await self._asks_and_answers("asked")
        await self._one_leaves()
        await self._passes_on("done", "nudged")
        await self._ends("withdrawn")
        await self._publishes()
        await self._messages_wait()
        await self._asks_to_be_forgotten("done")
        await self._keys_rotate()

    async def sent(self, name: str, **choices: object) -> Report:
        code, report = await self.house.sent(words=WORDS, **choices)
        self.codes[name] = code
        return report

    async def checked(self, name: str) -> Checked:
        return await self.house.check(self.codes[name])

    async def _ends(self, name: str) -> None:
        """Closed long ago, or taken back."""
        report, house = await self.sent(name), self.house
        if name == "expired":
            await house.unlock(house.first)
            await house.desk(house.first).claim(report.ref)
            reason = NoActionReason.ALREADY_HANDLED
            await house.desk(house.first).status(report.ref, State.NO_ACTION, reason)
            house.clock.passes(days=house.clocks.kept_days)
        else:
            await house.own((await self.checked(name)).held).withdraw(wanted=True)
            house.clock.passes(days=4)
        retention = house.retention(alarmed)
        await retention.run(house.clock.now())

    async def _staff_comes(self) -> None:
        """A second member and a third, each let in; and an officer."""
        house = self.house
        await house.unlock(house.first)
        for name, chat in (("second", 102), ("third", 103)):
            _, payload = await house.invite()
            self.people[name] = await house.enrolled(chat, payload)
            await house.let_in(self.people[name], by=house.first)
        self.people["officer"] = await house.officer(OFFICER, f"021/{OFFICE}")
        entry = await house.book.of_chat(OFFICER)
        assert entry is not None
        await house.book.keep(replace(entry, daily=True))

    async def _asks_and_answers(self, name: str) -> None:
        """Under the first generation, with files; its holder wants news."""
        report, house = await self.sent(name, files=(FILE,)), self.house
        held = (await self.checked(name)).held
        await house.mailboxes.open(held.secret, Addressee(chat=CHAT, language=Language.KISWAHILI))
        await house.desk(house.first).claim(report.ref)
        await house.desk(house.first).ask(report.ref, QUESTION)
        await house.own((await self.checked(name)).held).say(Own.ANSWER, ANSWER, "0")

    async def _one_leaves(self) -> None:
        """So there is a second generation."""
        house = self.house
        async with house.stores.cases() as cases:
            await cases.staff.revoke(self.people["third"].id)
            await cases.commit()
        renewing = house.renewing(alarmed)
        assert await renewing.run() == 1

    async def _passes_on(self, *names: str) -> None:
        """One is done, and its holder calls the summary right; the other is left lying, and its
        holder calls the summary wrong.
        """
        house, officer = self.house, self.people["officer"]
        for name in names:
            report = await self.sent(name, how_far=HowFar.SUMMARY)
            await house.desk(house.first).claim(report.ref)
            passed = await house.desk(house.first).refer(report.ref, OFFICE, SUMMARY)
            self.numbers.append(passed.number)
        done, lying = self.numbers
        wronged = house.own((await self.checked(names[1])).held)
        await wronged.say(Own.SAID_WRONG, subject=lying)
        await house.officer_desk(officer).done(done, PROOF)
        held = (await self.checked(names[0])).held
        own = house.own(held)
        await own.say(Own.SAID_RIGHT, subject=done)
        await own.say(Own.ADDITION, ADDITION)

    async def _asks_to_be_forgotten(self, name: str) -> None:
        """After the last batch, which would have taken the mailbox away."""
        house = self.house
        secret = (await self.checked(name)).held.secret
        await house.mailboxes.open(secret, Addressee(chat=FORGOTTEN, language=Language.ENGLISH))
        house.clock.passes(minutes=1)
        await house.mailboxes.forget(FORGOTTEN)

    async def _publishes(self) -> None:
        """A table, of reports that were read yesterday; and the day's leaves."""
        house = self.house
        await house.unlock(house.first)
        for number in range(ENOUGH):
            _, report = await house.sent(words=(f"The {number}th theft.",))
            await house.desk(house.first).claim(report.ref)
        await batch_leaves(house.clock.now(), stores=house.stores, entropy=house.entropy)
        house.clock.passes(days=1)
        await house.stores.remix(house.clock.now())  # files of the day that is over move on
        await self.sent("with a new file", files=(FILE,))
        for subject in (ALL_OF_IT, ONE_TOPIC, A_FORUM):
            await self.followers.follow(FOLLOWING, Language.ENGLISH, subject)
        publisher = Publisher(
            stores=house.stores, calendar=house.calendar, clocks=house.clocks, k=5
        )
        follow_up = FollowUp(
            stores=house.stores,
            publisher=publisher,
            followers=self.followers,
            outbox=house.outbox,
            windows=Windows(),
            gazetteer=load_gazetteer(),
            clock=house.clock,
        )
        assert await follow_up.run(house.clock.now()) == 1

    async def _messages_wait(self) -> None:
        """Whatever kind there is, none of them delivered."""
        house = self.house
        house.clock.passes(days=40)
        await house.unlock(house.first)
        assert await house.notices().run() == 1
        chase = Chase(
            stores=house.stores,
            officers=house.officers,
            outbox=house.outbox,
            windows=Windows(),
            clock=house.clock,
            calendar=house.calendar,
            clocks=house.clocks,
            entropy=house.entropy,
        )
        await chase.run(house.clock.now())
        digests = Digests(
            stores=house.stores,
            officers=house.officers,
            outbox=house.outbox,
            windows=Windows(),
            clock=house.clock,
            clocks=house.clocks,
            places={"021": "Murang'a"},
            counties={"021": COUNTY},
        )
        await digests.weekly(house.clock.now())
        await digests.daily(house.clock.now())

    async def _keys_rotate(self) -> None:
        """What comes last is under a newer service key, and the older one is there still."""
        house = self.house
        house.keyring = house.keyring.rotated()
        memory = await house.memories.of(CHAT)
        noted = replace(memory, language=Language.KISWAHILI, shared=False)
        await house.memories.keep(noted)
        await house.traces.note(CHAT, frozenset({41, 42}))
        await house.traces.doubt(CHAT, 42)
        await self.sent("withdrawing")
        await house.own((await self.checked("withdrawing")).held).withdraw(wanted=True)
        await house.invite()
        async with house.stores.cases() as cases:
            await cases.staff.add_untold(self.people["second"].id)
            await cases.bells.record("remix", house.clock.now())
            await cases.commit()
