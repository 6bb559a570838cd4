"""How chats are found and closed: the service keyring behind the domain's `ChatSeal`."""

from dataclasses import dataclass
from enum import StrEnum

from crypto.context import Context
from crypto.errors import EnvelopeRefused, EnvelopeVersionUnknown, PaddingMalformed
from crypto.keyring import Keyring
from crypto.padding import pad, unpad
from domain.ports.sealing import EnvelopeLost


class Purpose(StrEnum):
    """Each table has tags of its own: equal ones would tell that two rows are one chat."""

    CITIZEN = "chat"
    TRACE = "trace"
    STAFF = "staff"
    OUTBOX = "outbox"
    FOLLOWER = "follower"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class KeyringChatSeal:
    keyring: Keyring
    purpose: Purpose

    def tags(self, chat: int) -> tuple[bytes, ...]:
        return self.keyring.tags(self.purpose, str(chat).encode())

    def seal(self, tag: bytes, plaintext: bytes) -> bytes:
        return self.keyring.seal(pad(plaintext), self._context(tag))

    def open(self, tag: bytes, sealed: bytes) -> bytes:
        """Raises EnvelopeLost."""
        try:
            return unpad(self.keyring.unseal(sealed, self._context(tag)))
        except (EnvelopeRefused, EnvelopeVersionUnknown, PaddingMalformed):
            raise EnvelopeLost from None

    def _context(self, tag: bytes) -> Context:
        return Context(kind=self.purpose, row=tag, field="memory")
