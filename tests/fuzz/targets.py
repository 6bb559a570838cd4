"""Whatever a stranger can hand in, and what may come of it: the refusals that are written down,
and nothing else. Each target takes bytes; hypothesis and a coverage-guided fuzzer share them.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from telegram import Update

from app.settings import SettingRefused, load_settings
from bot.telegram.intake.fetcher import UNREADABLE
from bot.telegram.translate import Said, translate
from crypto import code, shred, symmetric, xwing
from crypto.certificates import (
    DeskCertificate,
    GrantCertificate,
    InviteCertificate,
    MemberCertificate,
    Standing,
)
from crypto.context import Context
from crypto.custody import RootedCustody
from crypto.errors import (
    CertificateRefused,
    CodeMalformed,
    CodeSlip,
    EnvelopeRefused,
    EnvelopeVersionUnknown,
    PaddingMalformed,
)
from crypto.keyring import Keyring
from crypto.padding import unpad
from crypto.sealer import read_words
from domain.ports.sealing import InviteRefused
from tests.fuzz import pressed
from tests.house import RECOVERY, ROOT

FORMATS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "crypto" / "formats_v1.json").read_text()
)
KEYRING = Keyring.parse(FORMATS["keyring"]["text"])
PAIR = xwing.KeyPair.from_seed(bytes.fromhex(FORMATS["xwing"]["seed"]))
CUSTODY = RootedCustody(root_public=ROOT.public, recovery_public=RECOVERY.public)
KNOWN_PLAIN = {
    bytes.fromhex(FORMATS[part]["plaintext"]) for part in ("symmetric", "xwing", "shred")
}

Target = Callable[[bytes], object]
REFUSALS = (EnvelopeRefused, EnvelopeVersionUnknown)


def _context(part: str) -> Context:
    said = FORMATS[part]["context"]
    return Context(**{**said, "row": bytes.fromhex(said["row"])})


def _stored(part: str, name: str) -> bytes:
    return bytes.fromhex(FORMATS[part][name])


def envelopes(data: bytes) -> None:
    """What opens was sealed by us: nobody forges one."""
    shred_key = shred.ShredKey(_stored("shred", "key"))
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: symmetric.unseal(_stored("symmetric", "key"), data, _context("symmetric")),
        lambda: xwing.unseal(PAIR, data, _context("xwing")),
        lambda: shred.unwrap(shred_key, data, _context("shred")),
        lambda: KEYRING.unseal(data, _context("keyring")),
    )
    for opens in ways:
        with suppress(*REFUSALS):
            assert opens() in KNOWN_PLAIN
    with suppress(PaddingMalformed):
        unpad(data)
    with suppress(ValueError):
        read_words(data)


def codes(data: bytes) -> None:
    """Whatever is read as a code is written the same way again."""
    with suppress(CodeSlip, CodeMalformed):
        known = code.parse(_text(data))
        assert code.parse(known.text) == known


def buttons(data: bytes) -> None:
    """Presses, a line each, to a citizen, a moderator who is unlocked, and an officer."""
    asyncio.run(pressed.press(_text(data).split("\n")))


def updates(data: bytes) -> None:
    """What Telegram's library cannot read is set aside; what it reads is translated."""
    try:
        update = Update.de_json(_update(data), None)
        said = translate(update)
    except UNREADABLE:
        return
    assert said is None or isinstance(said, Said)


def invites(data: bytes) -> None:
    with suppress(InviteRefused):
        CUSTODY.invite_id(CUSTODY.read_invite(_text(data)))
    for certificate in (
        InviteCertificate,
        MemberCertificate,
        GrantCertificate,
        Standing,
        DeskCertificate,
    ):
        with suppress(CertificateRefused):
            assert certificate.from_bytes(data).to_bytes() == data


ODD: tuple[Any, ...] = (None, True, -1, 10**40, 0.5, "", "x" * 5000, [], {}, [[]], {"id": {}})
"""What stands where something else is expected."""


def _update(data: bytes) -> dict[str, Any]:
    """JSON as it is; else one of ours in which two bytes at a time put something odd somewhere."""
    with suppress(ValueError, RecursionError):
        if isinstance(raw := json.loads(data), dict):
            return raw
    update = json.loads(json.dumps(_updates()[data[0] % len(_updates())])) if data else {}
    for where, what in zip(data[1::2], data[2::2], strict=False):
        spots = list(_spots(update))
        holder, name = spots[where % len(spots)]
        holder[name] = deepcopy(ODD[what % len(ODD)])
    return update


def _spots(inside: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for name, value in inside.items():
        yield inside, name
        if isinstance(value, dict):
            yield from _spots(value)


SECRET = "hunter2-is-a-secret"
PRIVATE = ("SAUTI_BOT_TOKEN", "SAUTI_DATABASE_URL", "SAUTI_SERVICE_KEYS", "SAUTI_WEBHOOK_SECRET")


def settings(data: bytes) -> None:
    """Lines of NAME=value: understood, or refused without a secret in the refusal."""
    kept = dict(os.environ)
    for line in _text(data).replace("\0", "").splitlines():
        name, sign, value = line.partition("=")
        if sign and name.upper().startswith("SAUTI_"):
            os.environ[name] = value + (SECRET if name in PRIVATE else "")
    try:
        load_settings()
    except SettingRefused as refused:
        said = str(refused)
    else:
        said = ""
    finally:
        os.environ.clear()
        os.environ.update(kept)
    assert SECRET not in said


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


TARGETS: dict[str, Target] = {
    target.__name__: target for target in (envelopes, codes, buttons, updates, invites, settings)
}


def seeds(name: str) -> list[bytes]:
    """What is well formed: mutations of it go further than noise."""
    match name:
        case "envelopes":
            parts = ("symmetric", "xwing", "shred")
            rest = [_stored("keyring", "envelope_v1"), _stored("padding", "padded")]
            words = b'[["They come at night"], "theft", [], "desk_only"]'
            return [*(_stored(part, "envelope") for part in parts), *rest, words]
        case "codes":
            return [FORMATS["code"]["text"].encode(), "7k3f9q ٤٨٢١ 3390 5527 1064".encode()]
        case "buttons":
            return pressed.seeds()
        case "updates":
            return [json.dumps(each).encode() for each in _updates()]
        case "invites":
            names = ("invite", "member", "grant", "standing", "first_desk", "next_desk")
            return [b"m-" + b"A" * 43, *(_stored("certificates", each) for each in names)]
        case "settings":
            return [
                b"SAUTI_MODE=webhook\nSAUTI_LISTEN=127.0.0.1:8443",
                b"SAUTI_BLACKOUTS=2026-10-26/2026-11-20\nSAUTI_MIN_COUNT=7",
                b"SAUTI_BOT_TOKEN=1:abc\nSAUTI_QUIET_HOURS=21:00-07:00",
                b"SAUTI_DATABASE_URL=postgresql://u:p@h:5432/x",
            ]
        case _:
            raise KeyError(name)


def _updates() -> list[dict[str, Any]]:
    person = {"id": 7, "is_bot": False, "first_name": "A", "language_code": "sw"}
    chat = {"id": 7, "type": "private", "first_name": "A"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person}
    return [
        {"update_id": 1, "message": {**message, "text": "/check 7K3F9Q"}},
        {"update_id": 2, "edited_message": {**message, "text": "x"}},
        {"update_id": 5, "message": {**message, "date": 5 * 10**40, "text": "x"}},
        {"update_id": 3, "message": {**message, "photo": [], "caption": "x"}},
        {
            "update_id": 4,
            "callback_query": {
                "id": "1",
                "from": person,
                "chat_instance": "1",
                "data": "menu",
                "message": {**message, "text": "x"},
            },
        },
    ]
