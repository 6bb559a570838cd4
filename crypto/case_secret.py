"""The case secret C, one a report: what comes after *Send* follows from it, each use apart."""

import hmac
from dataclasses import dataclass, field
from typing import Self

from crypto import symmetric
from crypto.context import Context
from crypto.entropy import Entropy, system_entropy
from crypto.errors import (
    EnvelopeRefused,
    EnvelopeVersionUnknown,
    KeyMalformed,
    PaddingMalformed,
)
from crypto.padding import pad, unpad
from crypto.symmetric import KEY_BYTES, expand
from domain.ports.sealing import EnvelopeLost
from domain.reports.report import ReportId

DIALOGUE_LABEL = "dialogue"
MAILBOX_SLOT_LABEL = "mailbox/slot"
MAILBOX_SEAL_LABEL = "mailbox/seal"
NOTICE_LABEL = "notice"
WITHDRAWAL_LABEL = "withdrawal"
LEDGER_LABEL = "ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSecret:
    """`value`: 32 bytes, never shown. Everything below is 32 bytes too."""

    value: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.value) != KEY_BYTES:
            raise KeyMalformed

    @classmethod
    def generate(cls, entropy: Entropy = system_entropy) -> Self:
        return cls(value=entropy(KEY_BYTES))

    def dialogue_key(self) -> bytes:
        """Seals questions and answers."""
        return expand(self.value, DIALOGUE_LABEL)

    def mailbox_slot(self) -> bytes:
        """The row id of the mailbox; leads nowhere without C."""
        return expand(self.value, MAILBOX_SLOT_LABEL)

    def mailbox_key(self) -> bytes:
        """Seals chat and language, with the slot in the context."""
        return expand(self.value, MAILBOX_SEAL_LABEL)

    def notice_id(self, window: str) -> bytes:
        """HMAC(Expand(C, "notice"), window): the key of one notice in the outbox."""
        return hmac.digest(expand(self.value, NOTICE_LABEL), window.encode(), "sha256")

    def withdrawal_key(self) -> bytes:
        return expand(self.value, WITHDRAWAL_LABEL)

    def ledger_nonce(self, number: int) -> bytes:
        """HMAC(Expand(C, "ledger"), number as 8 bytes): hides the leaf of event `number`."""
        return hmac.digest(expand(self.value, LEDGER_LABEL), number.to_bytes(8, "big"), "sha256")

    def seal_entry(self, report: ReportId, number: int, plain: bytes) -> bytes:
        """Padded, so that a question and its answer tell nothing by their size."""
        return symmetric.seal(self.dialogue_key(), pad(plain), _entry(report, number))

    def open_entry(self, report: ReportId, number: int, sealed: bytes) -> bytes:
        """Raises EnvelopeLost."""
        return _opened(self.dialogue_key(), sealed, _entry(report, number))

    def seal_mailbox(self, plain: bytes) -> bytes:
        return symmetric.seal(self.mailbox_key(), pad(plain), self._mailbox())

    def open_mailbox(self, sealed: bytes) -> bytes:
        """Raises EnvelopeLost."""
        return _opened(self.mailbox_key(), sealed, self._mailbox())

    def _mailbox(self) -> Context:
        return Context(kind="mailbox", row=self.mailbox_slot(), field="chat")


def _entry(report: ReportId, number: int) -> Context:
    return Context(kind="entry", row=report, field=f"words/{number}")


def _opened(key: bytes, sealed: bytes, context: Context) -> bytes:
    try:
        return unpad(symmetric.unseal(key, sealed, context))
    except (EnvelopeRefused, EnvelopeVersionUnknown, PaddingMalformed):
        raise EnvelopeLost from None
