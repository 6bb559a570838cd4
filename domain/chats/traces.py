"""Which messages stand in citizens' chats, so that `/clear` finds them. Ids of many chats lie
together in one row, a *share*, and nothing tells whose each is. In a chat's own row they would
tell how often it spoke, when, and that it was written to.

Telegram numbers a bot's messages across all its chats, and passes over those of other chats when
it is asked to delete them in one (`deleteMessages` of the Bot API). So `/clear` asks for all of
the share.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC
from itertools import accumulate, pairwise

from domain.chats.memory import KEPT, kept_until
from domain.errors import DomainError
from domain.ports.addresses import ChatRow
from domain.ports.chats import ChatSeal
from domain.ports.sealing import EnvelopeLost
from domain.ports.stores import Stores
from domain.ports.world import Clock

CHATS = 256
"""Chats of a share, at least, where there are as many: of those that were here lately, and for what
the bot said unasked of followers too.
"""

HALVINGS = 10
"""Chats are divided into 1, 2, 4 … 1,024 shares."""

MOST = 20_000
"""Ids of a share. Of more than these in 48 hours the oldest are not found by `/clear`, which then
says so.
"""

AROUND = 500
"""Ids before and after one, among which stands what was sent at that time."""

NEAR = AROUND // 20
"""Two such ids that are one; what is looked through reaches further by as much."""

MOST_DOUBTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Days (`date.toordinal`) by message id. `doubts`: around such an id stand messages that a
    crash, or an answer that got lost, left unnoted. `dropped`: the last day on which some of
    either were lost; 0 where none were.
    """

    noted: Mapping[int, int] = field(default_factory=dict)
    doubts: Mapping[int, int] = field(default_factory=dict)
    dropped: int = 0

    def noting(self, new: AbstractSet[int], today: int) -> "Share":
        """Those Telegram lets nobody delete any more go."""
        noted = {**dict.fromkeys(new, today), **self._deletable(self.noted, today)}
        newest = sorted(noted)[-MOST:]
        dropped = today if len(noted) > MOST else self.dropped
        return replace(self, noted={one: noted[one] for one in newest}, dropped=dropped)

    def without(self, gone: AbstractSet[int]) -> "Share":
        return replace(self, noted={one: day for one, day in self.noted.items() if one not in gone})

    def doubting(self, around: int, today: int) -> "Share":
        doubts = self._deletable(self.doubts, today)
        if any(abs(one - around) < NEAR and day == today for one, day in doubts.items()):
            return self
        newest = sorted(doubts.items())[1 - MOST_DOUBTS :]
        dropped = today if len(newest) < len(doubts) else self.dropped
        return replace(self, doubts=dict(newest) | {around: today}, dropped=dropped)

    def _deletable(self, dated: Mapping[int, int], today: int) -> Mapping[int, int]:
        return {one: day for one, day in dated.items() if day >= today - KEPT.days}

    def doubtful(self) -> frozenset[int]:
        return frozenset(
            one
            for around in self.doubts
            for one in range(max(1, around - AROUND - NEAR), around + AROUND + NEAR + 1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Message ids of a chat, and of others. `whole`: whether none was dropped that still stands."""

    noted: frozenset[int]
    doubtful: frozenset[int]
    whole: bool


@dataclass(slots=True, kw_only=True)
class Traces:
    """`newest`: the newest id that this process, or the one before, knows of. `begun`: whether
    it has noted any. `shares`: in how many the chats are divided now, `unasked_shares`: for what
    the bot says on its own; what was noted before lies where it was. A row is read,
    changed and written: one call at a time.
    """

    stores: Stores
    seal: ChatSeal
    clock: Clock
    heed: Callable[[DomainError], object]
    newest: int = 0
    begun: bool = False
    shares: int = 1
    unasked_shares: int = 1

    async def begin(self) -> None:
        """Once, before the first message: the process before may have left some unnoted, near
        the newest it noted or near the first of this one.
        """
        async with self.stores.addresses() as addresses:
            rows = await addresses.traces.all()
        noted = [one for row in rows for one in self._true(row).noted]
        self.newest = max([self.newest, *noted])
        if noted:
            await self._doubt(EVERYBODYS, self.newest)
        self.begun = False

    async def note(
        self,
        chat: int,
        new: frozenset[int],
        gone: frozenset[int] = frozenset(),
        *,
        unasked: bool = False,
    ) -> None:
        """`new` stand in the chat, `gone` do not any more."""
        if not new and not gone:
            return
        if new and not self.begun:
            await self._doubt(EVERYBODYS, max(new))
            self.begun = True
        self.newest = max(self.newest, *new, 0)
        mine = self._share_of(chat, unasked=unasked)

        def noted(tag: bytes, share: Share, day: int) -> Share:
            return share.noting(new if tag == mine else frozenset(), day).without(gone)

        await self._change(shares_of(chat) if gone else [mine], noted)

    async def doubt(self, chat: int, around: int) -> None:
        """Messages that nobody noted may stand in the chat; `newest` was this then."""
        await self._doubt(self._share_of(chat), around)

    async def of(self, chat: int) -> Standing:
        async with self.stores.addresses() as addresses:
            rows = await addresses.traces.several([*shares_of(chat), RESTORED])
        found = [self._true(row) for row in rows]
        today = self._today()
        return Standing(
            noted=frozenset(one for share in found for one in share.noted),
            doubtful=frozenset(one for share in found for one in share.doubtful()),
            whole=all(share.dropped < today - KEPT.days for share in found),
        )

    async def drop_expired(self) -> int:
        async with self.stores.addresses() as addresses:
            dropped = await addresses.traces.remove_expired(self.clock.now())
            await addresses.commit()
        await self.divide()
        return dropped

    async def divide(self) -> None:
        """By how many chats there are. Followers who say nothing hide nobody who does."""
        async with self.stores.addresses() as addresses:
            here = await addresses.chats.count()
            followers = await addresses.subscriptions.count()
        self.shares, self.unasked_shares = _shares(here), _shares(here + followers)

    def _share_of(self, chat: int, *, unasked: bool = False) -> bytes:
        if unasked:
            return _tag(self.unasked_shares, chat, UNASKED)
        return _tag(self.shares, chat)

    async def _doubt(self, tag: bytes, around: int) -> None:
        await self._change([tag], lambda _, share, day: share.doubting(around, day))

    async def _change(
        self, tags: Sequence[bytes], change: Callable[[bytes, Share, int], Share]
    ) -> None:
        today = self._today()
        async with self.stores.addresses() as addresses:
            rows = await addresses.traces.several(tags, to_change=True)
            found = {row.tag: self._true(row) for row in rows}
            for tag in tags:
                before = found.get(tag, Share())
                after = change(tag, before, today)
                if after != before:
                    await addresses.traces.put(self._row(tag, after))
            await addresses.commit()

    def _today(self) -> int:
        return self.clock.now().astimezone(UTC).toordinal()

    def _row(self, tag: bytes, share: Share) -> ChatRow:
        return ChatRow(
            tag=tag,
            sealed=self.seal.seal(tag, _written(share)),
            expires=kept_until(self.clock.now()),
        )

    def _true(self, row: ChatRow) -> Share:
        """Of a forged row nothing is believed, but that there were some: it must not stop those
        whose share it is.
        """
        if row.tag == RESTORED:
            return Share(dropped=self._today())
        try:
            return self._read(row)
        except EnvelopeLost:
            self.heed(EnvelopeLost())
            return Share(dropped=self._today())

    def _read(self, row: ChatRow) -> Share:
        days, doubts, *dropped = json.loads(self.seal.open(row.tag, row.sealed))
        return Share(
            noted={one: day for day, steps in days for one in accumulate(steps)},
            doubts=dict(doubts),
            dropped=dropped[0] if dropped else 0,
        )


def shares_of(chat: int) -> Sequence[bytes]:
    """Where ids of the chat may lie, into however many shares chats were divided then."""
    return [
        _tag(2**halvings, chat, kind) for kind in ("", UNASKED) for halvings in range(HALVINGS + 1)
    ]


def _shares(chats: int) -> int:
    return 1 << min(max(chats // CHATS, 1).bit_length() - 1, HALVINGS)


UNASKED = "unasked "

RESTORED = b"restored"
"""A row that names nothing: a backup, which has no rows of these, was put into an empty store."""


def _tag(shares: int, chat: int, kind: str = "") -> bytes:
    return f"{kind}{shares}/{chat % shares}".encode()


EVERYBODYS = _tag(1, 0)


def _written(share: Share) -> bytes:
    """By day; each id but the first as its distance from the one before."""
    days: defaultdict[int, list[int]] = defaultdict(list)
    for one in sorted(share.noted):
        days[share.noted[one]].append(one)
    steps = [[day, [ids[0], *(b - a for a, b in pairwise(ids))]] for day, ids in days.items()]
    dropped = [share.dropped] if share.dropped else []
    return json.dumps(
        [steps, sorted(share.doubts.items()), *dropped], separators=(",", ":")
    ).encode()
