"""How a report is closed on arrival and opened again, as the domain asks for it.

The intake side (`Sealer`) holds public keys only. Private keys exist in a
`Session`, in memory, while a member is unlocked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.reports.files import CleanFile, FileKind
from domain.reports.report import Locator, Report, ReportId, SealedReport, UnderDesk
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar, KeptOut
from domain.staff.member import DeskCopy, DeskPublic, Holder, Invite, Member, MemberId


class CodeRefused(DomainError):
    """Wrong or unknown: the two look alike, and cost the same work."""

    key = "error.code_refused"


class CodeSlip(DomainError):
    """The check character does not fit: a slip of the finger, not a wrong code."""

    key = "error.code_slip"


class CodeMalformed(DomainError):
    """Not a code at all."""

    key = "error.code_malformed"


class PassphraseRefused(DomainError):
    key = "error.passphrase_refused"


class ButtonOld(PassphraseRefused):
    """An unlock button of a passphrase that was replaced, or never kept."""

    key = "error.button_old"


class Suspect(StrEnum):
    """Which key is not what the root certified. *Copy*: a desk's key as sealed to a member,
    or the standing by which they hold it.
    """

    DESK = "desk"
    MEMBER = "member"
    COPY = "copy"


class KeyRefused(DomainError):
    """A key or certificate does not follow from the pinned root: an alarm. `doctor` says
    whose it is.
    """

    key = "error.key_refused"

    def __init__(self, suspect: Suspect) -> None:
        super().__init__()
        self.suspect = suspect


class InviteRefused(DomainError):
    """Unknown, used, expired or forged."""

    key = "error.invite_refused"


class EnvelopeLost(DomainError):
    """A stored envelope does not open with the key it was sealed for: an alarm."""

    key = "error.envelope_lost"


class FreshCode(Protocol):
    """A code nobody holds yet, with what follows from it worked out ahead."""

    @property
    def text(self) -> str:
        """`7K3F9F-4821-3390-5527-1064`, for the citizen's eyes."""
        ...

    @property
    def locator(self) -> Locator: ...

    @property
    def commitment(self) -> bytes:
        """`Expand(root, "ledger")`, 32 bytes: what the intake leaf commits to."""
        ...


class TypedCode(Protocol):
    """A code somebody typed, well formed, not yet tried."""

    @property
    def locator(self) -> Locator: ...


class CaseSecret(Protocol):
    """C: what dialogue, mailbox and withdrawal follow from (protection.md, "Keys")."""

    def ledger_nonce(self, number: int) -> bytes:
        """32 bytes for the leaf of event `number`."""
        ...

    def seal_entry(self, report: ReportId, number: int, plain: bytes) -> bytes:
        """Words of the dialogue: padded, bound to the entry."""
        ...

    def open_entry(self, report: ReportId, number: int, sealed: bytes) -> bytes:
        """Raises EnvelopeLost."""
        ...

    def mailbox_slot(self) -> bytes:
        """32 bytes that find the report's mailbox, and lead nowhere without C."""
        ...

    def seal_mailbox(self, plain: bytes) -> bytes:
        """A chat: padded, bound to the slot."""
        ...

    def open_mailbox(self, sealed: bytes) -> bytes:
        """Raises EnvelopeLost."""
        ...

    def notice_id(self, window: str) -> bytes:
        """32 bytes: the subject of this report's notice of one window."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is sealed under the DEK: the citizen's messages, in order, and what they said of
    them. The plain columns beside it are for sorting, and nothing vouches for those. `files`:
    what was sent with them, in order, so that one that is taken away is missed.
    """

    messages: tuple[str, ...]
    topic: Topic
    kept_out: frozenset[KeptOut] = frozenset()
    how_far: HowFar = HowFar.DESK_ONLY
    files: tuple[FileKind, ...] = ()

    @property
    def is_sensitive(self) -> bool:
        return self.topic.is_sensitive or bool(self.kept_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """`visits`: a count of none, sealed; of the same size ever after. `files`: all of them
    in one envelope, if there are any.
    """

    report: SealedReport
    visits: bytes
    files: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """How often the code was used, and the last day before this one."""

    count: int
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What the right code gives. `visits` counts this one; `visits_sealed` is to be kept."""

    case: CaseSecret
    visits: Visits
    visits_sealed: bytes


class Tried(Protocol):
    """A typed code after its one Argon2id."""

    @property
    def commitment(self) -> bytes: ...

    def open(self, report: Report | None, shred_key: bytes | None, today: date) -> Opened:
        """Exactly one AES-GCM open whatever is given: a dummy for None.

        Raises CodeRefused.
        """
        ...


class Sealer(Protocol):
    async def mint(self) -> FreshCode: ...

    def read_code(self, typed: str) -> TypedCode:
        """Raises CodeSlip, CodeMalformed."""
        ...

    async def try_code(self, code: TypedCode) -> Tried:
        """One Argon2id, 19 MiB."""
        ...

    def signer(self, desk: DeskPublic) -> MemberId | None:
        """Which member certified it; None for a desk's first. Raises KeyRefused."""
        ...

    async def seal(
        self,
        report: ReportId,
        words: Words,
        *,
        desk: DeskPublic,
        code: FreshCode,
        shred_key: bytes,
        files: tuple[CleanFile, ...] = (),
    ) -> Sealed:
        """Raises KeyRefused if the desk's key does not follow from the root."""
        ...

    def seal_proof(
        self, report: Report, number: str, words: str, *, desk: DeskPublic, shred_key: bytes
    ) -> bytes:
        """What an office says was done, for the desk's eyes; bound to the referral's number.

        Raises KeyRefused.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """The next generation of a desk's key, sealed to who reads there and to the recovery key."""

    key: DeskPublic
    copies: tuple[DeskCopy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissued:
    """New halves of a member's key, of no use until `wrapped` takes the place of `before`."""

    before: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    passphrase: str = field(repr=False)
    share: bytes = field(repr=False)


class Session(Protocol):
    """One unlocked member: private keys, in memory only."""

    @property
    def member(self) -> MemberId: ...

    @property
    def desks(self) -> frozenset[DeskKey]: ...

    @property
    def generations(self) -> frozenset[tuple[DeskKey, int]]:
        """The desk keys this session holds."""
        ...

    def words(self, report: Report, shred_key: bytes) -> Words:
        """Raises EnvelopeLost."""
        ...

    def files(self, report: Report, sealed: bytes, shred_key: bytes) -> tuple[CleanFile, ...]:
        """Raises EnvelopeLost."""
        ...

    def case(self, report: Report, shred_key: bytes) -> CaseSecret:
        """Raises EnvelopeLost."""
        ...

    def proof(self, report: Report, number: str, sealed: bytes, shred_key: bytes) -> str:
        """Raises EnvelopeLost."""
        ...

    def reroute(self, report: Report, kept: UnderDesk, to: DeskPublic, key: bytes) -> UnderDesk:
        """All of it anew, under this shred key still. Raises EnvelopeLost, KeyRefused."""
        ...

    def sign(self, body: bytes) -> bytes:
        """Ed25519, 64 bytes."""
        ...

    def grant(self, newcomer: Member, key: DeskPublic) -> DeskCopy:
        """Seals this member's copy of the desk's private key to the newcomer.

        Raises KeyRefused if the newcomer's certificate or the desk's does not hold, or the
        copy is of another key.
        """
        ...

    def take_up(self, keys: Sequence[DeskPublic], copies: Sequence[DeskCopy]) -> None:
        """Opens what was made or granted since. Raises KeyRefused."""
        ...

    def renew(self, newest: DeskPublic, holders: Sequence[Holder]) -> Renewed:
        """The next generation, certified by this member, for these holders, if only of an older.

        Raises KeyRefused if any of them, or the newest key, is not what the root certified.
        """
        ...

    async def reissue(self, member: Member) -> Reissued:
        """A new passphrase and share for the same keys. One Argon2id, 64 MiB."""
        ...

    def wipe(self) -> None:
        """Overwrites what can be reached; the session opens nothing afterwards."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """`passphrase` and `share` (32 bytes, then 6 that name the wrap they open) are shown once
    and kept nowhere here; both are empty for an officer, who opens nothing. `founded` is set
    when this member is the first of the desk.
    """

    member: Member
    passphrase: str = field(repr=False)
    share: bytes = field(repr=False)
    founded: DeskPublic | None
    copies: tuple[DeskCopy, ...]


class Custody(Protocol):
    """Who may open what. Every call checks certificates up to the pinned root."""

    def read_invite(self, payload: str) -> bytes:
        """The seed in a link's payload. Raises InviteRefused."""
        ...

    def invite_id(self, seed: bytes) -> bytes:
        """The Ed25519 public key that answers this seed, 32 bytes."""
        ...

    async def enrol(
        self, invite: Invite, seed: bytes, member: MemberId, today: date, *, found: bool
    ) -> Enrolled:
        """`found`: the desk has no key yet, and a founding invite makes its first.

        Raises InviteRefused.
        """
        ...

    async def unlock(
        self,
        member: Member,
        passphrase: str,
        share: bytes,
        keys: tuple[DeskPublic, ...],
        copies: tuple[DeskCopy, ...],
    ) -> Session:
        """Raises PassphraseRefused, KeyRefused."""
        ...

    def check_act(
        self, member: Member, held: Sequence[DeskCopy], body: bytes, signature: bytes
    ) -> DeskKey:
        """At which desk this moderator was let in, as what they `held` says; they signed these
        bytes. Raises KeyRefused.
        """
        ...

    def check_standing(self, member: Member) -> None:
        """That role, desk and keys of this row are the root's. Raises KeyRefused."""
        ...

    def check_desk(self, key: DeskPublic) -> None:
        """That this is the desk's key of that generation. Raises KeyRefused."""
        ...

    def signer(self, key: DeskPublic) -> MemberId | None:
        """Which member certified it; None for a desk's first. Raises KeyRefused."""
        ...

    def check_holder(self, holder: Holder) -> None:
        """That the member was let in to the desk of the copy. Raises KeyRefused."""
        ...

    def check_button(self, member: Member, share: bytes) -> None:
        """That this share goes with the passphrase that holds now. Raises ButtonOld."""
        ...

    def comparison_words(self, member: Member) -> tuple[str, ...]:
        """Six words both sides read to each other before a grant."""
        ...
