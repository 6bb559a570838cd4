"""A thief of the server at rest: every file, every key the server holds, the root's secret
too, and all the time there is. What opens is tried as a key again, until nothing new opens.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from crypto import case_secret, code, files, keyring, member_keys, sealer, shred, symmetric, xwing
from crypto.chat_seal import Purpose
from crypto.context import Context
from crypto.errors import EnvelopeRefused, EnvelopeVersionUnknown
from crypto.keyring import VERSION_BYTES
from crypto.xwing import SEED_BYTES
from domain.ledger.encoding import framed, text
from tests.house import DEPLOYMENT, RECOVERY, ROOT, House

LABELS = (
    *(
        sealer.WORDS_LABEL,
        files.FILES_LABEL,
        keyring.SEAL_LABEL,
        keyring.TAG_LABEL,
        shred.WRAP_LABEL,
    ),
    *(member_keys.SEALING_LABEL, member_keys.SIGNING_LABEL),
    *(code.CASE_LABEL, code.LEDGER_LABEL, code.VISITS_LABEL, case_secret.DIALOGUE_LABEL),
    *(case_secret.MAILBOX_SLOT_LABEL, case_secret.MAILBOX_SEAL_LABEL, case_secret.NOTICE_LABEL),
)
ENCAPSULATION_BYTES = 1120
"""Of X-Wing: nothing shorter was sealed to a public key."""

Loot = list[tuple[str, bytes]]
"""What opened, by the name of where it was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """An envelope as it was found, and every context it could have been sealed in."""

    name: str
    envelope: bytes
    contexts: tuple[Context, ...]

    def bodies(self) -> Iterator[bytes]:
        """As it is, or as the keyring writes it: behind two bytes that say which key."""
        yield self.envelope
        if self.envelope[1:2] == b"\0":
            yield self.envelope[1 + VERSION_BYTES :]


@dataclass(slots=True, kw_only=True)
class Thief:
    blobs: list[Blob]
    keys: set[bytes]
    loot: Loot = field(default_factory=list)

    def rob(self) -> Loot:
        """Everything that opens, envelopes inside envelopes included."""
        blobs, keys = list(self.blobs), _expanded(self.keys)
        tried, known = list[Blob](), set[bytes]()
        while blobs or keys:
            opened = [
                *(found for blob in blobs for found in _open(blob, known | keys)),
                *(found for blob in tried for found in _open(blob, keys)),
            ]
            tried, known = tried + blobs, known | keys
            blobs = [each for each in opened if (each.name, each.envelope) not in self.loot]
            self.loot += [(each.name, each.envelope) for each in blobs]
            seeds = {each.envelope for each in blobs if len(each.envelope) == SEED_BYTES}
            keys = _expanded(seeds) - known
        return self.loot


async def thief_of(house: House) -> Thief:
    """With the service keyring, deployment id, root secret and recovery *public* key, and
    whatever in the three files has the size of a key.
    """
    service = {each.key for each in house.keyring.keys}
    public = {ROOT.public, RECOVERY.public.raw[:SEED_BYTES], RECOVERY.public.raw[-SEED_BYTES:]}
    ids = {DEPLOYMENT * 2, hashlib.sha256(DEPLOYMENT).digest(), bytes(SEED_BYTES)}
    root = {ROOT.loaded.private_bytes_raw()}
    on_disk = {
        value
        for store, query in (
            ("shreds", "SELECT key FROM shred"),
            ("cases", "SELECT hash FROM pending_leaf UNION SELECT id FROM invite"),
            ("cases", "SELECT signing_public FROM member"),
            ("addresses", "SELECT tag FROM chat UNION SELECT tag FROM staff_chat"),
            ("addresses", "SELECT slot FROM mailbox UNION SELECT subject FROM outgoing"),
            ("addresses", "SELECT tag FROM forgotten"),
        )
        for (value,) in house.rows(store, query)
    }
    blobs = [*_blobs(house), *_of_dialogue(house)]
    return Thief(blobs=blobs, keys=service | public | ids | root | on_disk)


def _blobs(house: House) -> Iterator[Blob]:
    columns = ("words", "dek_for_desk", "case_for_desk", "case_for_code", "visits")
    query = (
        "SELECT id, desk, generation, words, dek_for_desk, case_for_desk, case_for_code, visits"
        " FROM report"
    )
    for row, desk, generation, *sealed in house.rows("cases", query):
        for name, envelope in zip(columns, sealed, strict=True):
            here = (
                sealer.code_context(row, name),
                sealer.desk_context(row, name, desk, generation),
            )
            yield Blob(name=name, envelope=envelope, contexts=here)
    for row, envelope in house.rows("cases", "SELECT report, sealed FROM attachment"):
        context = sealer.code_context(row, "files")
        yield Blob(name="files", envelope=envelope, contexts=(context,))
    for row, envelope in house.rows("cases", "SELECT id, wrapped_seed FROM member"):
        context = Context(kind="member", row=row, field="seed")
        salted = envelope[:1] + envelope[1 + member_keys.SALT_BYTES :]
        yield Blob(name="wrapped_seed", envelope=salted, contexts=(context,))
    query = "SELECT desk, generation, holder, sealed FROM desk_copy"
    for desk, generation, holder, envelope in house.rows("cases", query):
        context = Context(
            kind="desk-copy",
            row=holder or b"recovery",
            field="seed",
            desk=desk,
            generation=generation,
        )
        yield Blob(name="desk_copy", envelope=envelope, contexts=(context,))
    for table, purpose, query in (
        ("chat", Purpose.CITIZEN, "SELECT tag, sealed FROM chat"),
        ("trace", Purpose.TRACE, "SELECT tag, sealed FROM trace"),
        ("staff_chat", Purpose.STAFF, "SELECT tag, sealed FROM staff_chat"),
        ("forgotten", Purpose.FORGOTTEN, "SELECT tag, sealed FROM forgotten"),
    ):
        for tag, envelope in house.rows("addresses", query):
            context = Context(kind=purpose, row=tag, field="memory")
            yield Blob(name=table, envelope=envelope, contexts=(context,))


def _of_dialogue(house: House) -> Iterator[Blob]:
    """What hangs on the case secret, and the outbox, which hangs on the keyring."""
    for report, number, envelope in house.rows("cases", "SELECT report, number, sealed FROM entry"):
        context = Context(kind="entry", row=report, field=f"words/{number}")
        yield Blob(name="entry", envelope=envelope, contexts=(context,))
    for slot, envelope in house.rows("addresses", "SELECT slot, sealed FROM mailbox"):
        context = Context(kind="mailbox", row=slot, field="chat")
        yield Blob(name="mailbox", envelope=envelope, contexts=(context,))
    query = "SELECT subject, kind, anchor, sealed FROM outgoing"
    for subject, kind, anchor, envelope in house.rows("addresses", query):
        row = framed(subject, text(kind), text(anchor))
        context = Context(kind=Purpose.OUTBOX, row=row, field="memory")
        yield Blob(name="outgoing", envelope=envelope, contexts=(context,))


def _expanded(keys: Iterable[bytes]) -> set[bytes]:
    """Each as it is and under every label there is."""
    whole = {key for key in keys if len(key) == SEED_BYTES}
    return whole | {symmetric.expand(key, label) for key in whole for label in LABELS}


def _open(blob: Blob, keys: set[bytes]) -> Iterator[Blob]:
    for key in keys:
        for context in blob.contexts:
            for body in blob.bodies():
                for plain in _tried(key, body, context):
                    yield Blob(name=blob.name, envelope=plain, contexts=blob.contexts)


def _tried(key: bytes, envelope: bytes, context: Context) -> Iterator[bytes]:
    with suppress(EnvelopeRefused, EnvelopeVersionUnknown):
        yield symmetric.unseal(key, envelope, context)
    if len(envelope) <= ENCAPSULATION_BYTES:
        return
    with suppress(EnvelopeRefused, EnvelopeVersionUnknown):
        yield xwing.unseal(_pair(key), envelope, context)


@cache
def _pair(seed: bytes) -> xwing.KeyPair:
    return xwing.KeyPair.from_seed(seed)
