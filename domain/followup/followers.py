"""What citizens follow: one row a chat in *addresses*, sealed under the service keyring, of one
size whatever is in it. It leads to no report, and nothing personal is followed.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.errors import DomainError
from domain.followup.outgoing import Message, MessageKind
from domain.places.county import CountyCode
from domain.ports.addresses import ChatRow
from domain.ports.chat import Language
from domain.ports.chats import ChatSeal
from domain.ports.stores import Stores
from domain.ports.world import Clock
from domain.reports.report import ForumKey
from domain.reports.topic import Topic

MOST = 10
"""Subjects a chat follows: they fit the smallest size a row is padded to."""

KEPT = timedelta(days=365)


class TooManyFollowed(DomainError):
    """As many as a chat may follow; one must be stopped first."""

    key = "error.too_many_followed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyFollowed:
    """Everything in a county, or one topic in it."""

    county: CountyCode
    topic: Topic | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumFollowed:
    forum: ForumKey


Subject = CountyFollowed | ForumFollowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    chat: int = field(repr=False)
    language: Language
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Followers:
    stores: Stores
    seal: ChatSeal
    clock: Clock

    async def of(self, chat: int) -> tuple[Subject, ...]:
        """In the order in which they were chosen."""
        async with self.stores.addresses() as addresses:
            row = await addresses.subscriptions.get(self.seal.tags(chat))
        return self._read(row).subjects if row else ()

    async def follow(self, chat: int, language: Language, subject: Subject) -> tuple[Subject, ...]:
        """All that is followed now. Again is harmless. Raises TooManyFollowed."""
        subjects = await self.of(chat)
        if subject not in subjects:
            if len(subjects) >= MOST:
                raise TooManyFollowed(most=MOST)
            subjects = (*subjects, subject)
        await self._keep(Follower(chat=chat, language=language, subjects=subjects))
        return subjects

    async def stop(self, chat: int, language: Language, subject: Subject) -> tuple[Subject, ...]:
        """What is still followed. With the last one the row goes."""
        left = tuple(each for each in await self.of(chat) if each != subject)
        if left:
            await self._keep(Follower(chat=chat, language=language, subjects=left))
        else:
            await self.drop(chat)
        return left

    async def drop(self, chat: int) -> None:
        async with self.stores.addresses() as addresses:
            await addresses.subscriptions.remove(self.seal.tags(chat))
            await addresses.commit()

    async def still_wanted(self, message: Message) -> bool:
        """Whether whoever follows has not stopped, or said `/forget`, since it was written."""
        return message.kind is not MessageKind.FOLLOW_UP or bool(await self.of(message.to.chat))

    async def drop_expired(self, moment: datetime) -> int:
        async with self.stores.addresses() as addresses:
            dropped = await addresses.subscriptions.remove_expired(moment)
            await addresses.commit()
        return dropped

    async def all(self) -> tuple[Follower, ...]:
        async with self.stores.addresses() as addresses:
            rows = await addresses.subscriptions.all()
        return tuple(self._read(row) for row in rows)

    async def _keep(self, follower: Follower) -> None:
        tags = self.seal.tags(follower.chat)
        body = [follower.chat, follower.language, [_written(each) for each in follower.subjects]]
        expires = self.clock.now().astimezone(UTC) + KEPT + timedelta(days=1)
        row = ChatRow(
            tag=tags[0],
            sealed=self.seal.seal(tags[0], json.dumps(body, separators=(",", ":")).encode()),
            expires=expires.replace(hour=0, minute=0, second=0, microsecond=0),
        )
        async with self.stores.addresses() as addresses:
            await addresses.subscriptions.remove(tags[1:])
            await addresses.subscriptions.put(row)
            await addresses.commit()

    def _read(self, row: ChatRow) -> Follower:
        chat, language, subjects = json.loads(self.seal.open(row.tag, row.sealed))
        return Follower(
            chat=chat, language=Language(language), subjects=tuple(map(_subject, subjects))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """The same, of one chat."""

    followers: Followers
    chat: int = field(repr=False)

    async def subjects(self) -> tuple[Subject, ...]:
        return await self.followers.of(self.chat)

    async def follow(self, language: Language, subject: Subject) -> tuple[Subject, ...]:
        """Raises TooManyFollowed."""
        return await self.followers.follow(self.chat, language, subject)

    async def stop(self, language: Language, subject: Subject) -> tuple[Subject, ...]:
        return await self.followers.stop(self.chat, language, subject)

    async def drop(self) -> None:
        await self.followers.drop(self.chat)


def _written(subject: Subject) -> list[str]:
    match subject:
        case CountyFollowed(county=county, topic=None):
            return [county]
        case CountyFollowed(county=county, topic=topic):
            return [county, str(topic)]
        case ForumFollowed(forum=forum):
            return ["", forum]


def _subject(written: list[str]) -> Subject:
    match written:
        case [county]:
            return CountyFollowed(county=CountyCode(county))
        case ["", forum]:
            return ForumFollowed(forum=ForumKey(forum))
        case _:
            county, topic = written
            return CountyFollowed(county=CountyCode(county), topic=Topic(topic))
