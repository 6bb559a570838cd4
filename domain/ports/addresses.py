"""What *addresses* keeps, as the domain asks for it: whatever holds a chat, sealed. Nothing here
leads to a report.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.staff.member import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRow:
    """What is remembered of a chat: found by a keyed hash, sealed, padded.

    `expires` is coarse (midnight UTC).
    """

    tag: bytes
    sealed: bytes
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChatRow:
    """Which chat a member works from; the chat itself is in `sealed`."""

    tag: bytes
    member: MemberId
    sealed: bytes


class Chats(Protocol):
    async def put(self, row: ChatRow) -> None: ...
    async def get(self, tags: Sequence[bytes]) -> ChatRow | None: ...
    async def remove(self, tags: Sequence[bytes]) -> None: ...
    async def all(self) -> Sequence[ChatRow]: ...
    async def count(self) -> int: ...
    async def remove_expired(self, now: datetime) -> int: ...


class TraceRows(Protocol):
    """Ids of messages for `/clear`, of many chats in a row. `tag`: which share of all chats."""

    async def put(self, row: ChatRow) -> None: ...
    async def several(self, tags: Sequence[bytes], *, to_change: bool = False) -> Sequence[ChatRow]:
        """`to_change`: nobody else changes them before this is committed."""
        ...

    async def all(self) -> Sequence[ChatRow]: ...
    async def remove_expired(self, now: datetime) -> int: ...


class StaffChats(Protocol):
    async def put(self, row: StaffChatRow) -> None: ...
    async def get(self, tags: Sequence[bytes]) -> StaffChatRow | None: ...
    async def of_member(self, member: MemberId) -> StaffChatRow | None: ...
    async def all(self) -> Sequence[StaffChatRow]: ...
    async def remove(self, member: MemberId) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingKey:
    """Unique in the outbox; see `domain.followup.outgoing.Message`."""

    subject: bytes
    kind: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingRow:
    """A message of the outbox. `tries`: how often it was claimed."""

    key: OutgoingKey
    due: datetime
    urgent: bool
    sealed: bytes
    tries: int = 0


class OutgoingRows(Protocol):
    async def add(self, row: OutgoingRow) -> bool:
        """False, and nothing is written, when the key is there already, delivered or not."""
        ...

    async def claim(
        self, now: datetime, *, until: datetime, limit: int, urgent_only: bool
    ) -> Sequence[OutgoingRow]:
        """Due and claimed by nobody, oldest first; nobody else gets them before `until`.
        `tries` counts this claim.
        """
        ...

    async def done(self, key: OutgoingKey) -> None:
        """The key stays, so that the same message is not put in again; its words go."""
        ...

    async def put_off(self, key: OutgoingKey, until: datetime, *, blameless: bool = False) -> None:
        """Waits again, and is due then. `blameless`: the claim before does not count."""
        ...

    async def set_aside(self, key: OutgoingKey) -> None: ...

    async def count(self) -> Mapping[str, int]:
        """By stage: `waiting`, `done`, `aside`."""
        ...

    async def overdue(self, before: datetime) -> tuple[int, datetime | None]:
        """Waiting messages that were due before that: how many, and when the oldest was due."""
        ...

    async def remove_done(self, before: datetime) -> int:
        """Keys of delivered messages that were due before that."""
        ...

    async def unsent(self, kind: str) -> Sequence[OutgoingRow]:
        """Waiting or set aside."""
        ...

    async def remove(self, keys: Collection[OutgoingKey]) -> int: ...

    async def remove_of(self, subjects: Collection[bytes]) -> int:
        """Whatever there is of them, delivered or not."""
        ...


class Mailboxes(Protocol):
    """Where news of one report goes. Slot and seal follow from the case secret."""

    async def put(self, slot: bytes, sealed: bytes, until: date) -> None:
        """In place of what the slot held. `until`: the first day of a month."""
        ...

    async def keep(self, slots: Collection[bytes], until: date) -> int:
        """Those that would go before stay so long; of no other is anything written."""
        ...

    async def remove_expired(self, today: date) -> int:
        """Those whose day has come. No secret is needed."""
        ...

    async def get(self, slot: bytes) -> bytes | None: ...

    async def remove(self, slots: Collection[bytes]) -> int:
        """How many there were."""
        ...

    async def remove_as_read(self, slot: bytes, sealed: bytes) -> bool:
        """Unless another has taken its place since it was read: false then."""
        ...


class ForgottenChats(Protocol):
    """Chats no notice goes to any more."""

    async def put(self, row: ChatRow) -> None: ...
    async def get(self, tags: Sequence[bytes]) -> ChatRow | None: ...
    async def remove(self, tags: Sequence[bytes]) -> None: ...
    async def remove_expired(self, now: datetime) -> int: ...


class Addresses(Protocol):
    @property
    def chats(self) -> Chats: ...
    @property
    def subscriptions(self) -> Chats:
        """What chats follow, one row each."""
        ...

    @property
    def traces(self) -> TraceRows: ...
    @property
    def staff_chats(self) -> StaffChats: ...
    @property
    def outgoing(self) -> OutgoingRows: ...
    @property
    def mailboxes(self) -> Mailboxes: ...
    @property
    def forgotten(self) -> ForgottenChats: ...
    async def commit(self) -> None: ...
