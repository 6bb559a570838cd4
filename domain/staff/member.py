"""Moderators as the product keeps them: keys and certificates, never a name."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from domain.desks.desk import DeskKey

MemberId = NewType("MemberId", bytes)
"""16 random bytes; leads to no chat."""

InviteId = NewType("InviteId", bytes)
"""32 bytes: the invite's Ed25519 public key."""


class Role(StrEnum):
    MODERATOR = "moderator"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """What the root signed. The seed that answers it is in the link alone."""

    id: InviteId
    role: Role
    desk: DeskKey
    founding: bool
    expires: date
    certificate: bytes
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """`wrapped_seed` opens with the passphrase and the share of the unlock button."""

    id: MemberId
    role: Role
    desk: DeskKey
    sealing_public: bytes
    signing_public: bytes
    certificate: bytes
    wrapped_seed: bytes
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPublic:
    """The public half of one generation of a desk's key, with its certificate."""

    desk: DeskKey
    generation: int
    public: bytes
    certificate: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCopy:
    """The private half, sealed to one member, or to the recovery key (`member` None).

    `standing`: the certificates by which the member may speak for the desk; empty for
    the recovery key.
    """

    desk: DeskKey
    generation: int
    member: MemberId | None
    sealed: bytes
    standing: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who reads at a desk, and the copy of its key that says why."""

    member: Member
    copy: DeskCopy
