"""The opened recovery key, as the domain asks for it: in memory, with custodians in the room."""

from typing import Protocol

from domain.staff.member import DeskCopy, DeskPublic, Member


class RecoveredKey(Protocol):
    def may_reopen(self, member: Member) -> bool:
        """Whether the root vouched that this member may found their desk."""
        ...

    def admit(self, member: Member, key: DeskPublic, copy: DeskCopy) -> DeskCopy:
        """Seals the desk's private key, from the recovery key's copy, to a member who may
        reopen the desk.

        Raises KeyRefused if the member's certificate, the desk's or the copy does not hold.
        """
        ...
