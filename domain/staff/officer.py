"""Officers who are enrolled and in standing, and the chats they are reached in."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.chats.staff_book import StaffBook, StaffChat
from domain.ports.sealing import Custody, KeyRefused
from domain.ports.stores import Stores
from domain.staff.member import Member, MemberId, Role
from domain.staff.seat import Seat, SeatRefused, read_seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    member: MemberId
    seat: Seat
    chat: StaffChat


@dataclass(frozen=True, slots=True, kw_only=True)
class Officers:
    """Only whoever the root vouches for: a row written into the database by hand must not
    bring a summary to a stranger.
    """

    stores: Stores
    custody: Custody
    book: StaffBook

    async def enrolled(self) -> tuple[Officer, ...]:
        chats = {entry.member: entry for entry in await self.book.all()}
        async with self.stores.cases() as cases:
            members = await cases.staff.members()
        return tuple(
            Officer(member=member.id, seat=seat, chat=chats[member.id])
            for member in members
            if member.id in chats and (seat := seat_of(member, self.custody, self.book.heed))
        )

    async def at(self, wanted: Callable[[Seat], bool]) -> tuple[Officer, ...]:
        return tuple(officer for officer in await self.enrolled() if wanted(officer.seat))


def seat_of(member: Member, custody: Custody, heed: Callable[[KeyRefused], object]) -> Seat | None:
    """None for moderators, whoever was revoked, and what the root did not sign."""
    if member.role is not Role.OFFICER or member.revoked:
        return None
    try:
        custody.check_standing(member)
        return read_seat(member.desk)
    except KeyRefused as forged:
        heed(forged)
    except SeatRefused:
        pass
    return None
