"""The two halves of a member's key as they leave here: words for paper, a share for a button.

What the button holds is the share (32 bytes), then the name of the wrap it belongs to
(6 bytes), so that a button of a passphrase that was replaced is told from a slip.
"""

import asyncio

from crypto import member_keys, passphrase, symmetric
from crypto.member_keys import MemberSeed
from domain.staff.member import MemberId


async def new_halves(seed: MemberSeed, member: MemberId) -> tuple[str, bytes, bytes]:
    """Passphrase, what the button holds, and the seed wrapped under both."""
    words, share = passphrase.make(), member_keys.new_share()
    wrapped = await asyncio.to_thread(member_keys.wrap, seed, words, share, member)
    return words, share + member_keys.name_of(wrapped), wrapped


def share_of(held: bytes) -> bytes:
    return held[: symmetric.KEY_BYTES]


def wrap_named_by(held: bytes) -> bytes:
    """The name of the wrap; empty for a button that says none."""
    return held[symmetric.KEY_BYTES :]
