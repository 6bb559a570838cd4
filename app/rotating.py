"""The service keyring's newest key takes over: every row that an older one closes is sealed
anew, found by a new keyed hash of the chat in it.

A chat that asked to be forgotten is known by its hash alone. Nobody can make that anew without
the chat, and so the old key stays until the last of these is over: 123 days.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import Table

from app.settings import Settings
from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.errors import EnvelopeRefused, EnvelopeVersionUnknown
from crypto.keyring import Keyring, version_of
from domain.followup.outbox import row_of
from domain.ports.addresses import OutgoingKey
from domain.ports.sealing import EnvelopeLost
from storage.resealing import AT_ONCE, TABLES, Changed, Found, Resealing, resealing

SEALED_ANEW: Mapping[str, Purpose] = {
    "staff_chat": Purpose.STAFF,
    "subscription": Purpose.FOLLOWER,
    "outgoing": Purpose.OUTBOX,
    "chat": Purpose.CITIZEN,
    "trace": Purpose.TRACE,
}
KNOWN_BY_HASH = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a rotation is. `waiting`: rows under an older key, by table, which a further run
    seals anew or cannot open. `forgotten_until`: the day from which no tombstone needs it.
    """

    newest: int
    older: tuple[int, ...]
    waiting: Mapping[str, int]
    forgotten: int
    forgotten_until: date | None


def standing(settings: Settings, keyring: Keyring) -> Standing:
    """Raises StoreUnavailable."""
    newest = keyring.newest.version
    with resealing(settings.database, settings.data_dir) as rows:
        waiting = {name: sum(_older(rows, TABLES[name], newest).values()) for name in SEALED_ANEW}
        forgotten = _older(rows, TABLES[KNOWN_BY_HASH], newest)
        last = [rows.last_expiry(TABLES[KNOWN_BY_HASH], prefix) for prefix in forgotten]
    return Standing(
        newest=newest,
        older=tuple(key.version for key in keyring.keys[:-1]),
        waiting=waiting,
        forgotten=sum(forgotten.values()),
        forgotten_until=max((each.date() for each in last if each), default=None),
    )


def said_of(found: Standing) -> str:
    """One line, for the command and for `doctor`."""
    waiting = sum(found.waiting.values())
    if not found.older and waiting:
        return f"{waiting} rows open under no key: the keyring has v{found.newest} alone"
    if not found.older:
        return f"the service keyring has one key, v{found.newest}"
    older = ", ".join(f"v{version}" for version in found.older)
    if waiting:
        return f"{waiting} rows are still under {older}: `sauti keys rotate` goes on"
    if found.forgotten:
        return (
            f"{older} is kept for {found.forgotten} chats that asked to be forgotten, until"
            f" {found.forgotten_until}; then `sauti keys rotate --finish`"
        )
    return f"nothing is left under {older}: `sauti keys rotate --finish` removes it"


def seal_anew(
    settings: Settings, keyring: Keyring, now: datetime, say: Callable[[str], object]
) -> int:
    """All that can be. How many rows were not opened by any key, and stay as they are.

    Raises StoreUnavailable.
    """
    lost = 0
    with resealing(settings.database, settings.data_dir) as rows:
        for name, purpose in SEALED_ANEW.items():
            table, seal = TABLES[name], KeyringChatSeal(keyring, purpose)
            keys = rows.keys_of(table)
            lost_here: list[Mapping[str, object]] = []
            change = partial(_sealed_anew, seal, lost_here)
            for start in range(0, len(keys), AT_ONCE):
                rows.batch(table, keys[start : start + AT_ONCE], change, now)
                say(f"{name}: {min(start + AT_ONCE, len(keys))} of {len(keys)}")
            lost += len(lost_here)
    return lost


def _sealed_anew(
    seal: KeyringChatSeal, lost: list[Mapping[str, object]], found: Found
) -> Changed | None:
    """None for a row of the newest key, and for one that does not open."""
    row = _bound_to(found.key)
    try:
        if version_of(found.sealed) == seal.keyring.newest.version:
            return None
        plain = seal.open(row, found.sealed)
    except (EnvelopeLost, EnvelopeRefused, EnvelopeVersionUnknown):
        lost.append(found.key)
        return None
    key = {**found.key, **_found_by(seal, found, plain)}
    return Changed(key=key, sealed=seal.seal(_bound_to(key), plain))


def _found_by(seal: KeyringChatSeal, found: Found, plain: bytes) -> Mapping[str, object]:
    """The new keyed hash of the chat, where a row is found by one."""
    if seal.purpose is Purpose.TRACE:
        return {}
    newest, *older = seal.tags(json.loads(plain)[0])
    if "tag" in found.key:
        return {"tag": newest}
    return {"subject": newest} if found.key["subject"] in older and not found.taken else {}


def _bound_to(key: Mapping[str, object]) -> bytes:
    """What the envelope of such a row is bound to."""
    match dict(key):
        case {"tag": bytes(tag)}:
            return tag
        case {"subject": bytes(subject), "kind": str(kind), "anchor": str(anchor)}:
            return row_of(OutgoingKey(subject=subject, kind=kind, anchor=anchor))
        case _:
            raise AssertionError(sorted(key))


def _older(rows: Resealing, table: Table, newest: int) -> dict[bytes, int]:
    """By the beginnings of their envelopes, which name the key."""
    return {
        prefix: count
        for prefix, count in rows.by_prefix(table).items()
        if version_of(prefix) != newest
    }
