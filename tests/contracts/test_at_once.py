"""*Send* and `/next` by several at once, with real keys, wherever things are kept."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from crypto.custody import RootedCustody, new_invite
from crypto.sealer import ReportSealer
from crypto.signing import SigningKey
from crypto.xwing import KeyPair
from domain.calendar import WorkingCalendar
from domain.desks.desk import NATIONAL
from domain.moderation.answers import OpenedReport
from domain.moderation.desk import ModeratorDesk, NothingWaits
from domain.moderation.sessions import Sessions
from domain.places.county import CountyCode
from domain.ports.sealing import CodeRefused, FreshCode, Session
from domain.ports.stores import Changed, Stores
from domain.reports.check import check
from domain.reports.clocks import Clocks
from domain.reports.draft import Draft
from domain.reports.history import RecordChanged
from domain.reports.report import ReportId
from domain.reports.state import State
from domain.reports.submit import SentAlready, submit
from domain.reports.topic import Topic
from domain.staff.grant import NewcomerUnknown
from domain.staff.member import Member, MemberId, Role
from tests.contracts.samples import MONDAY, number
from tests.fakes.greeting import Greeting
from tests.fakes.no_offices import no_offices
from tests.fakes.world import FakeClock, FakeEntropy

ROOT, RECOVERY = SigningKey.generate(), KeyPair.generate()
CUSTODY = RootedCustody(root_public=ROOT.public, recovery_public=RECOVERY.public)
CHAT = 101
WORDS = ("They come at night.",)


@dataclass(slots=True, kw_only=True)
class Desk:
    """The national desk, founded in `stores`, with two members who are unlocked."""

    stores: Stores
    sealer: ReportSealer = field(
        default_factory=lambda: ReportSealer(root_public=ROOT.public, deployment_id=bytes(16))
    )
    sessions: Sessions = field(default_factory=Sessions)
    clock: FakeClock = field(default_factory=FakeClock)
    entropy: FakeEntropy = field(default_factory=FakeEntropy)
    updates: int = 0
    halves: dict[MemberId, tuple[str, bytes]] = field(default_factory=dict)

    async def opens(self) -> tuple[MemberId, MemberId]:
        founder = await self.enrols(founding=True)
        second = await self.enrols(founding=False)
        newcomer, session = await self._row(second), self._session(founder)
        async with self.stores.cases() as cases:
            (key,) = await cases.staff.desk_keys(NATIONAL)
            await cases.staff.add_copy(session.grant(newcomer, key))
            await cases.commit()
        await self._unlocks(second)
        return founder, second

    async def sends(self, draft: Draft, code: FreshCode) -> None:
        await submit(
            draft,
            code,
            stores=self.stores,
            sealer=self.sealer,
            clock=self.clock,
            entropy=self.entropy,
        )

    async def state_by(self, code: FreshCode) -> State:
        checked = await check(
            code.text,
            stores=self.stores,
            sealer=self.sealer,
            custody=CUSTODY,
            clock=self.clock,
            calendar=WorkingCalendar(),
            clocks=Clocks(),
        )
        return checked.state

    def of(self, member: MemberId) -> ModeratorDesk:
        self.updates += 1
        return ModeratorDesk(
            member=member,
            chat=CHAT,
            update=self.updates,
            stores=self.stores,
            custody=CUSTODY,
            sessions=self.sessions,
            clock=self.clock,
            calendar=WorkingCalendar(),
            clocks=Clocks(),
            referring=no_offices(),
            welcome=Greeting().as_welcome(),
        )

    async def enrols(self, *, founding: bool) -> MemberId:
        """A founder is unlocked at once."""
        invite, payload = new_invite(
            ROOT, role=Role.MODERATOR, desk=NATIONAL, founding=founding, expires=MONDAY
        )
        seed, member = CUSTODY.read_invite(payload), MemberId(number(16))
        enrolled = await CUSTODY.enrol(invite, seed, member, MONDAY, found=founding)
        self.halves[member] = (enrolled.passphrase, enrolled.share)
        async with self.stores.cases() as cases:
            await cases.staff.add_member(enrolled.member)
            if enrolled.founded is not None:
                await cases.staff.add_desk_key(enrolled.founded)
            for copy in enrolled.copies:
                await cases.staff.add_copy(copy)
            await cases.commit()
        if founding:
            await self._unlocks(member)
        return member

    async def _unlocks(self, member: MemberId) -> None:
        await self.of(member).unlock(*self.halves[member])

    def _session(self, member: MemberId) -> Session:
        return self.sessions.of(member, CHAT, self.clock.now())

    async def _row(self, member: MemberId) -> Member:
        async with self.stores.cases() as cases:
            found = await cases.staff.member(member)
        assert found is not None
        return found


@pytest.fixture
def desk(stores: Stores) -> Desk:
    return Desk(stores=stores)


def a_draft() -> Draft:
    return Draft(
        nonce=ReportId(number(16)), words=WORDS, topic=Topic.THEFT, county=CountyCode("022")
    )


async def test_a_draft_sent_twice_at_once_is_one_report_that_opens(desk: Desk) -> None:
    founder, _ = await desk.opens()
    draft, code = a_draft(), await desk.sealer.mint()
    await asyncio.gather(*(desk.sends(draft, code) for _ in range(4)))
    assert await desk.state_by(code) is State.RECEIVED
    assert (await desk.of(founder).next()).words.messages == WORDS
    with pytest.raises(NothingWaits):
        await desk.of(founder).next()


async def test_of_two_codes_for_one_draft_one_lives_and_the_other_is_told(desk: Desk) -> None:
    founder, _ = await desk.opens()
    draft, codes = a_draft(), [await desk.sealer.mint() for _ in range(2)]
    done = await asyncio.gather(
        *(desk.sends(draft, code) for code in codes), return_exceptions=True
    )
    refused = [code for code, each in zip(codes, done, strict=True) if each is not None]
    assert [type(each) for each in done if each is not None] == [SentAlready]
    assert await desk.state_by(codes[done.index(None)]) is State.RECEIVED
    with pytest.raises(CodeRefused):
        await desk.state_by(refused[0])
    assert (await desk.of(founder).next()).words.messages == WORDS


async def test_next_at_once_gives_each_report_to_one_and_nothing_is_refused(desk: Desk) -> None:
    members = await desk.opens()
    for _ in range(3):
        await desk.sends(a_draft(), await desk.sealer.mint())
    asking = [members[at % 2] for at in range(5)]
    done = await asyncio.gather(
        *(desk.of(member).next() for member in asking), return_exceptions=True
    )
    opened = {at: each for at, each in enumerate(done) if isinstance(each, OpenedReport)}
    assert len({each.line.report.id for each in opened.values()}) == len(opened) == 3
    assert [type(each) for at, each in enumerate(done) if at not in opened] == [NothingWaits] * 2
    async with desk.stores.cases() as cases:
        for at, each in opened.items():
            row = await cases.reports.get(each.line.report.id)
            assert row is not None
            assert row.claimed_by == asking[at]
            assert len(await cases.events.of(row.id)) == 2


async def test_a_check_at_the_moment_of_a_claim_raises_no_alarm(desk: Desk) -> None:
    """Row and events are read one after the other: what comes between is no forgery."""
    members = await desk.opens()
    for _ in range(4):
        code = await desk.sealer.mint()
        await desk.sends(a_draft(), code)
        done = await asyncio.gather(
            *(desk.state_by(code) for _ in range(4)),
            desk.of(members[0]).next(),
            return_exceptions=True,
        )
        for each in done[:-1]:
            assert each in {State.RECEIVED, State.IN_REVIEW} or isinstance(each, Changed), each
        assert isinstance(done[-1], OpenedReport)


async def test_nobody_is_let_in_who_is_revoked_at_that_moment(desk: Desk) -> None:
    founder, _ = await desk.opens()
    newcomer = await desk.enrols(founding=False)
    (waiting,) = await desk.of(founder).pending()
    async with desk.stores.cases() as cases:
        await cases.staff.hold(NATIONAL)
        await cases.staff.revoke(newcomer)
        letting_in = asyncio.create_task(desk.of(founder).grant(waiting))
        await asyncio.sleep(0.1)
        await cases.commit()
    with pytest.raises(NewcomerUnknown):
        await letting_in
    async with desk.stores.cases() as cases:
        assert list(await cases.staff.copies(newcomer)) == []


async def test_a_forged_row_is_an_alarm_for_everybody(desk: Desk) -> None:
    founder, _ = await desk.opens()
    code = await desk.sealer.mint()
    await desk.sends(a_draft(), code)
    report = (await desk.of(founder).next()).line.report
    async with desk.stores.cases() as cases:
        await cases.reports.replace(report, replace(report, state=State.BLOCKED))
        await cases.commit()
    with pytest.raises(RecordChanged):
        await desk.state_by(code)
    with pytest.raises(RecordChanged):
        await desk.of(founder).release(report.ref)
