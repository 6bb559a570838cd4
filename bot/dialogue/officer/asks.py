"""What the officer's dialogue asks of the domain, and the answers that need a name here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.ports.chat import Language
from domain.referrals.desk import OfficerDesk, ReferralLine
from domain.reports.state import Want


class Then(StrEnum):
    """What a look was for."""

    PROOF = "proof"
    WANT = "want"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    line: ReferralLine
    then: Then


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidSo:
    """The office's word is kept."""

    line: ReferralLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    number: str
    then: Then

    async def of(self, desk: OfficerDesk) -> Looked:
        """Raises Revoked, ReferralUnknown."""
        return Looked(line=await desk.look(self.number), then=self.then)


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    number: str

    async def of(self, desk: OfficerDesk) -> SaidSo:
        """Raises Revoked, ReferralUnknown, SaidAlready, MoveRefused, Changed."""
        return SaidSo(line=await desk.take(self.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    number: str
    want: Want

    async def of(self, desk: OfficerDesk) -> SaidSo:
        """Raises Revoked, ReferralUnknown, SaidAlready, MoveRefused, Changed."""
        return SaidSo(line=await desk.block(self.number, self.want))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMine:
    number: str

    async def of(self, desk: OfficerDesk) -> SaidSo:
        """Raises Revoked, ReferralUnknown, MoveRefused, Changed."""
        return SaidSo(line=await desk.refuse(self.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    number: str
    proof: str = field(repr=False)

    async def of(self, desk: OfficerDesk) -> SaidSo:
        """Raises Revoked, ReferralUnknown, SaidAlready, MoveRefused, GivesAway, ProofTooLong,
        Changed.
        """
        return SaidSo(line=await desk.done(self.number, self.proof))


@dataclass(frozen=True, slots=True, kw_only=True)
class Digested:
    """`daily`: how often it comes from now on; None where nothing was changed. `table`: what
    was published is asked for.
    """

    facts: Mapping[str, object] = field(repr=False)
    daily: bool | None
    table: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """`pictured`: with its chart and its page, which come below."""

    daily: bool | None
    table: bool = False
    pictured: bool = False

    async def of(self, desk: OfficerDesk) -> Digested:
        """Raises Revoked."""
        facts = await desk.digest()
        if self.daily is not None:
            await desk.daily(wanted=self.daily)
        if self.pictured:
            await desk.pictures(facts)
        return Digested(facts=facts, daily=self.daily, table=self.table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    language: Language

    async def of(self, desk: OfficerDesk) -> Spoken:
        await desk.speak(self.language)
        return Spoken(language=self.language)
