"""What `doctor` says of chats of staff: whoever reads has one, or nothing is read."""

from collections.abc import Iterator

from app.finding import Finding, red
from app.wiring import House
from domain.staff.member import Member

SHORT = 8
"""Digits of a member's id, as `sauti staff list` shows it."""


async def look_at_chats(house: House) -> list[Finding]:
    at_home = {entry.member for entry in await house.staff_book().all()}
    async with house.stores.cases() as cases:
        members = [each for each in await cases.staff.members() if not each.revoked]
        readers = [each for each in members if await cases.staff.copies(each.id)]
    return list(_homeless([each for each in readers if each.id not in at_home]))


def _homeless(readers: list[Member]) -> Iterator[Finding]:
    for member in readers:
        yield red(
            f"moderator {member.id.hex()[:SHORT]} of {member.desk} holds its key and has no chat to"
            " read in: revoke them, and invite them again"
        )
