"""Who is unlocked: in the memory of the one process that serves the bot, and nowhere else."""

from datetime import datetime, timedelta

from domain.errors import DomainError
from domain.ports.sealing import Session
from domain.staff.member import MemberId

IDLE = timedelta(minutes=15)


class Locked(DomainError):
    """The member must unlock first."""

    key = "error.locked"


class Sessions:
    def __init__(self) -> None:
        self._open: dict[MemberId, tuple[Session, int, datetime]] = {}

    def open(self, session: Session, chat: int, now: datetime) -> None:
        """For the chat in which the passphrase was given, and no other."""
        self.lock(session.member)
        self._open[session.member] = (session, chat, now)

    def of(self, member: MemberId, chat: int, now: datetime) -> Session:
        """Counts as activity. Raises Locked, also when the idle time has run out."""
        session, opened_in, seen = self._open.get(member, (None, 0, now))
        if session is None or opened_in != chat or now - seen >= IDLE:
            raise Locked
        self._open[member] = (session, chat, now)
        return session

    def unlocked(self, now: datetime) -> tuple[Session, ...]:
        """Whoever is unlocked and not idle. Does not count as activity."""
        return tuple(s for s, _, seen in self._open.values() if now - seen < IDLE)

    def lock(self, member: MemberId) -> None:
        """Wipes the keys. Locking twice is harmless."""
        found = self._open.pop(member, None)
        if found is not None:
            found[0].wipe()

    def idle(self, now: datetime) -> frozenset[MemberId]:
        """Members whose idle time has run out and who are not locked yet."""
        return frozenset(m for m, (_, _, seen) in self._open.items() if now - seen >= IDLE)

    def lock_all(self) -> None:
        for member in tuple(self._open):
            self.lock(member)
