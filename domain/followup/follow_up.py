"""*follow-up*: at an open window each follower hears once of all that moved in what they
follow, from the published tables and from nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.digest.measure import Flow, Measure, Stock
from domain.digest.publication import Cell, PublishedTable
from domain.digest.publish import Publisher
from domain.followup.bells import DAY
from domain.followup.followers import CountyFollowed, Follower, Followers, ForumFollowed
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.followup.windows import Windows
from domain.forums.forum import Forum
from domain.forums.forum_date import DatePrecision
from domain.places.county import CountyCode
from domain.places.gazetteer import Gazetteer
from domain.ports.stores import Stores
from domain.ports.world import Clock
from domain.reports.report import ForumKey
from domain.reports.topic import Topic

JOB = "follow-up"

TOLD: tuple[Measure, ...] = (
    *(Flow.PASSED_ON, Flow.CALLED_DONE, Flow.CONFIRMED, Flow.NEW, Flow.CONTESTED, Flow.CLOSED),
    Flow.WITHDRAWN,
    *(Stock.BLOCKED, Stock.LATE, Stock.DISPUTED, Stock.SAID_DONE, Stock.OPEN),
)
"""What a message tells of, the most telling first."""

MOST_TOPICS = 3
FIGURES = {1: 2, 2: 2, 3: 1}
"""A message fits one small screen: so many topics, and so many figures of each where it has
one, two or three of them.
"""

AHEAD = timedelta(days=7)
"""A forum's followers hear of its date so long before."""

LONGEST_SILENCE = 200
"""Days: no blackout is longer."""

Tables = Mapping[CountyCode, PublishedTable]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    stores: Stores
    publisher: Publisher
    followers: Followers
    outbox: Outbox
    windows: Windows
    gazetteer: Gazetteer
    clock: Clock

    async def run(self, moment: datetime) -> int:
        """How many hear something. Again for one window puts nothing in twice."""
        await self.publisher.publish(moment)
        if not self.windows.is_open(moment):
            return 0
        since = await self._last_told(moment)
        async with self.stores.cases() as cases:
            tables = {
                table.county: table
                for code in (county.code for county in self.gazetteer.counties())
                if (table := await cases.publications.newest(code)) and since < table.day
            }
            forums = {forum.key: forum for forum in await cases.reference.forums()}
        messages = []
        for follower in await self.followers.all():
            facts = self._facts(follower, tables, forums, since, moment.date())
            if facts is not None:
                messages.append(self._message(follower, facts, moment))
        return await self.outbox.post(messages)

    async def _last_told(self, moment: datetime) -> date:
        """The last window in which anything left: closed and missed ones are made up for."""
        before = moment - DAY
        for _ in range(LONGEST_SILENCE):
            if self.windows.is_open(before):
                break
            before -= DAY
        async with self.stores.cases() as cases:
            rung = (await cases.bells.all()).get(JOB)
        told = rung.astimezone(moment.tzinfo).date() if rung else before.date()
        return min(told, before.date())

    def _message(
        self, follower: Follower, facts: Mapping[str, object], moment: datetime
    ) -> Message:
        return Message(
            subject=self.outbox.subject(follower.chat),
            kind=MessageKind.FOLLOW_UP,
            anchor=moment.isoformat(),
            due=max(moment, self.clock.now()),
            to=Addressee(chat=follower.chat, language=follower.language),
            facts=facts,
        )

    def _facts(
        self,
        follower: Follower,
        tables: Tables,
        forums: Mapping[ForumKey, Forum],
        since: date,
        today: date,
    ) -> dict[str, object] | None:
        """None where nothing is new."""
        news: dict[tuple[CountyCode, Topic], tuple[Cell, ...]] = {}
        dates: list[dict[str, object]] = []
        for subject in follower.subjects:
            match subject:
                case CountyFollowed(county=county, topic=topic):
                    news |= _news(tables.get(county), topic, since)
                case ForumFollowed(forum=key) if key in forums:
                    forum = forums[key]
                    for county in forum.counties:
                        news |= _news(tables.get(county), None, since)
                    if _is_near(forum, since, today):
                        dates.append(self._date(forum))
                case ForumFollowed():
                    pass
        if not news and not dates:
            return None
        topics = list(news.items())
        shown = topics[:MOST_TOPICS]
        return {
            "news": [
                {
                    "county": self._name(county),
                    "topic": topic.value,
                    "figures": [_figure(cell) for cell in cells[: FIGURES[len(shown)]]],
                }
                for (county, topic), cells in shown
            ],
            "more": len(topics) - len(shown),
            "forums": dates[:1],
        }

    def _date(self, forum: Forum) -> dict[str, object]:
        return {"county": self._name(forum.counties[0]), "date": forum.date.text}

    def _name(self, county: CountyCode) -> str:
        return self.gazetteer.county(county).name


def _news(
    table: PublishedTable | None, topic: Topic | None, since: date
) -> dict[tuple[CountyCode, Topic], tuple[Cell, ...]]:
    """What changed after the window of `since`, by topic, the most telling first."""
    if table is None:
        return {}
    moved = [cell for cell in table.news(topic, since) if cell.measure in TOLD]
    return {
        (table.county, each): tuple(
            sorted(
                (cell for cell in moved if cell.topic is each),
                key=lambda cell: TOLD.index(cell.measure),
            )
        )
        for each in _topics(moved)
    }


def _topics(cells: Iterable[Cell]) -> tuple[Topic, ...]:
    return tuple(dict.fromkeys(cell.topic for cell in cells))


def _figure(cell: Cell) -> list[object]:
    return [cell.measure.value, cell.shown.about, cell.shown.k]


def _is_near(forum: Forum, since: date, today: date) -> bool:
    """Since the last window its day has come as near as `AHEAD`; said once."""
    exact = forum.date.precision is DatePrecision.DAY
    return exact and since < forum.date.first - AHEAD <= today
