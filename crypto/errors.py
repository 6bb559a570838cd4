"""What can be refused here. One class a meaning, a text key each, never prose or a secret."""

from enum import StrEnum
from typing import ClassVar


class CryptoError(Exception):
    """The root of this package's refusals; `key` names the text in the catalogues."""

    key: ClassVar[str] = "error.crypto"

    def __init__(self, *details: object) -> None:
        super().__init__(self.key, *details)


class EnvelopeRefused(CryptoError):
    """Wrong key, wrong place or damage: deliberately indistinguishable, so no oracle."""

    key = "error.envelope_refused"


class EnvelopeVersionUnknown(CryptoError):
    """Sealed by a newer release than this one."""

    key = "error.envelope_version_unknown"


class KeyMalformed(CryptoError):
    """A key of the wrong size, or bytes that are no point or module of its kind."""

    key = "error.key_malformed"


class FieldsMalformed(CryptoError):
    """Bytes that are not a whole sequence of length-prefixed fields."""

    key = "error.fields_malformed"


class PaddingMalformed(CryptoError):
    key = "error.padding_malformed"


class CodeSlip(CryptoError):
    """The check character does not fit: the person mistyped."""

    key = "error.code_slip"


class CodeMalformed(CryptoError):
    """Too short or too long to be a code at all."""

    key = "error.code_malformed"


class PassphraseRefused(CryptoError):
    """Passphrase, share or wrapped seed: which of them, nobody is told."""

    key = "error.passphrase_refused"


class WordListMalformed(CryptoError):
    key = "error.word_list_malformed"


class SignatureRefused(CryptoError):
    key = "error.signature_refused"


class KeyringMalformed(CryptoError):
    """`part`: which entry of the text, from 1; never what it says, which may be a key."""

    key = "error.keyring_malformed"

    def __init__(self, part: int) -> None:
        super().__init__(part)
        self.part = part


class Flaw(StrEnum):
    """What is wrong with a certificate."""

    MALFORMED = "malformed"
    VERSION = "version"
    SIGNATURE = "signature"
    KEY = "key"
    MEMBER = "member"
    EXPIRED = "expired"
    ROLE = "role"
    DESK = "desk"
    NOT_FOUNDING = "not_founding"
    GENERATION = "generation"
    NEWCOMER = "newcomer"
    GRANTER = "granter"


class CertificateRefused(CryptoError):
    key = "error.certificate_refused"

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


class WrapsMalformed(CryptoError):
    """No file of wraps, or a damaged one."""

    key = "error.wraps_malformed"


class TooFewShares(CryptoError):
    key = "error.too_few_shares"


class SharesRefused(CryptoError):
    """Well formed each, and together they open nothing: of another set, or a forged one."""

    key = "error.shares_refused"


class ShareMalformed(CryptoError):
    """`row`: where a share stops being one, from 1; 0 where it does not begin."""

    key = "error.share_malformed"

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


class WordUnknown(CryptoError):
    """Word `position` of `row`, both from 1, is in no list; `near` may be what was meant."""

    key = "error.word_unknown"

    def __init__(self, row: int, position: int, near: str) -> None:
        super().__init__(row, position)
        self.row, self.position, self.near = row, position, near


class RowSlipped(CryptoError):
    """Every word of the row is one, and its check word does not fit."""

    key = "error.row_slipped"

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


class BackupDamaged(CryptoError):
    """No backup of this store, or not the whole of one."""

    key = "error.backup_damaged"


class RecoveryKeyRefused(CryptoError):
    """The backup was sealed to another recovery key, or its beginning was changed."""

    key = "error.recovery_key_refused"
