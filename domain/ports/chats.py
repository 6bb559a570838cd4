"""How chats are kept at all: found by a keyed hash, sealed under the service keyring."""

from typing import Protocol


class ChatSeal(Protocol):
    """The service keyring, as the domain asks for it."""

    def tags(self, chat: int) -> tuple[bytes, ...]:
        """Keyed hashes of the chat, the newest key's first; 32 bytes each."""
        ...

    def seal(self, tag: bytes, plaintext: bytes) -> bytes:
        """Padded, bound to the row's tag."""
        ...

    def open(self, tag: bytes, sealed: bytes) -> bytes:
        """Raises EnvelopeLost."""
        ...
