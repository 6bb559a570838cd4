"""What was stored once is read for ever: fixed bytes of every stored format, version 1."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crypto import code, member_keys, passphrase, shred, symmetric, xwing
from crypto.case_secret import CaseSecret
from crypto.certificates import (
    DeskCertificate,
    GrantCertificate,
    InviteCertificate,
    MemberCertificate,
    Standing,
)
from crypto.chain import verify_desk, verify_invite, verify_member, verify_standing
from crypto.context import Context
from crypto.errors import EnvelopeRefused, EnvelopeVersionUnknown
from crypto.keyring import Keyring, version_of
from crypto.member_keys import MemberKeys, MemberSeed
from crypto.padding import unpad
from crypto.signing import Purpose, verify

STORED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "crypto" / "formats_v1.json").read_text()
)


def stored(part: str, name: str) -> bytes:
    return bytes.fromhex(STORED[part][name])


def context_of(part: str) -> Context:
    said = STORED[part]["context"]
    return Context(
        kind=said["kind"],
        row=bytes.fromhex(said["row"]),
        field=said["field"],
        desk=said["desk"],
        generation=said["generation"],
    )


def test_a_context_of_version_1_encodes_as_it_did() -> None:
    assert context_of("context").encode() == stored("context", "encoded")


def test_a_symmetric_envelope_of_version_1_opens() -> None:
    opened = symmetric.unseal(
        stored("symmetric", "key"), stored("symmetric", "envelope"), context_of("symmetric")
    )
    assert opened == stored("symmetric", "plaintext")


def test_an_envelope_to_a_public_key_of_version_1_opens() -> None:
    pair = xwing.KeyPair.from_seed(stored("xwing", "seed"))
    opened = xwing.unseal(pair, stored("xwing", "envelope"), context_of("xwing"))
    assert opened == stored("xwing", "plaintext")


def test_a_shred_wrap_of_version_1_opens() -> None:
    key = shred.ShredKey(stored("shred", "key"))
    opened = shred.unwrap(key, stored("shred", "envelope"), context_of("shred"))
    assert opened == stored("shred", "plaintext")


def test_padding_of_version_1_comes_off() -> None:
    assert unpad(stored("padding", "padded")) == stored("padding", "plaintext")


@pytest.mark.parametrize("version", [1, 2])
def test_a_keyring_envelope_of_version_1_opens_under_the_key_it_names(version: int) -> None:
    ring = Keyring.parse(STORED["keyring"]["text"])
    envelope = stored("keyring", f"envelope_v{version}")
    assert version_of(envelope) == version
    assert ring.unseal(envelope, context_of("keyring")) == stored("keyring", "plaintext")


def test_rows_found_by_tag_are_found_still() -> None:
    said = STORED["keyring"]
    tags = Keyring.parse(said["text"]).tags(said["tag_purpose"], bytes.fromhex(said["tag_value"]))
    assert [tag.hex() for tag in tags] == said["tags"]


@pytest.mark.usefixtures("full_cost")
def test_a_code_given_out_once_leads_to_the_same_keys() -> None:
    said = STORED["code"]
    known = code.parse(said["text"])
    root = code.derive_root(known, bytes.fromhex(said["deployment_id"]))
    assert root.hex() == said["root"]
    assert code.case_key(root).hex() == said["case"]
    assert code.ledger_commitment(root).hex() == said["ledger"]
    assert code.visits_key(root).hex() == said["visits"]


def test_a_case_secret_leads_to_the_same_keys() -> None:
    said = STORED["case_secret"]
    secret = CaseSecret(value=stored("case_secret", "value"))
    assert {
        "dialogue": secret.dialogue_key().hex(),
        "mailbox_slot": secret.mailbox_slot().hex(),
        "mailbox_seal": secret.mailbox_key().hex(),
        "withdrawal": secret.withdrawal_key().hex(),
        "notice": secret.notice_id(said["notice_window"]).hex(),
        "ledger_7": secret.ledger_nonce(7).hex(),
    }.items() <= said.items()


@pytest.mark.usefixtures("full_cost")
def test_a_wrapped_member_seed_of_version_1_opens_and_gives_the_same_keys() -> None:
    said = STORED["member"]
    seed = member_keys.unwrap(
        stored("member", "wrapped"),
        said["passphrase"],
        stored("member", "share"),
        stored("member", "member_id"),
    )
    keys = MemberKeys.from_seed(seed)
    assert seed == MemberSeed(stored("member", "seed"))
    assert keys.sealing.public.raw == stored("member", "sealing_public")
    assert keys.signing.public == stored("member", "signing_public")


def test_six_words_of_a_digest_stay_the_same() -> None:
    assert list(passphrase.six_words(stored("words", "digest"))) == STORED["words"]["six"]


def test_a_signature_of_version_1_holds() -> None:
    said = STORED["signature"]
    fields = (bytes.fromhex(field) for field in said["fields"])
    verify(
        stored("signature", "public"),
        stored("signature", "signature"),
        Purpose(said["purpose"]),
        *fields,
    )


def test_certificates_of_version_1_hold_and_encode_as_they_did() -> None:
    root = stored("certificates", "root_public")
    raw = {name: bytes.fromhex(text) for name, text in STORED["certificates"].items()}
    invite = InviteCertificate.from_bytes(raw["invite"])
    member = MemberCertificate.from_bytes(raw["member"])
    standing = Standing.from_bytes(raw["standing"])
    first, following = (DeskCertificate.from_bytes(raw[n]) for n in ("first_desk", "next_desk"))

    verify_invite(
        raw["invite"],
        invite_public=invite.invite_public,
        root_public=root,
        today=date(2026, 12, 31),
    )
    verify_member(raw["member"], member_id=b"member-0001-----", root_public=root)
    verify_standing(standing, desk="022", root_public=root)
    for generation, desk in enumerate((first, following), start=1):
        verify_desk(
            desk.to_bytes(),
            desk="022",
            generation=generation,
            public=desk.public,
            root_public=root,
        )
    assert standing.founder == member
    assert standing.steps[0][0] == GrantCertificate.from_bytes(raw["grant"])
    written = [part.to_bytes() for part in (invite, member, standing, first, following)]
    assert written == [
        raw[name] for name in ("invite", "member", "standing", "first_desk", "next_desk")
    ]


@pytest.mark.parametrize("envelope", [b"\x02" + bytes(64), b"\x00" + bytes(64)])
def test_an_envelope_of_a_version_to_come_is_told_from_a_damaged_one(envelope: bytes) -> None:
    context = context_of("symmetric")
    pair = xwing.KeyPair.generate()
    with pytest.raises(EnvelopeVersionUnknown):
        symmetric.unseal(bytes(32), envelope, context)
    with pytest.raises(EnvelopeVersionUnknown):
        xwing.unseal(pair, envelope, context)
    with pytest.raises(EnvelopeVersionUnknown):
        Keyring.generate().unseal(envelope, context)


@pytest.mark.parametrize("envelope", [b"", b"\x01", b"\x01" + bytes(11), b"\x01" + bytes(40)])
def test_an_envelope_cut_short_is_refused_like_any_other(envelope: bytes) -> None:
    context = context_of("symmetric")
    with pytest.raises(EnvelopeRefused):
        symmetric.unseal(bytes(32), envelope, context)
    with pytest.raises(EnvelopeRefused):
        xwing.unseal(xwing.KeyPair.generate(), envelope, context)
    with pytest.raises(EnvelopeRefused):
        Keyring.generate().unseal(envelope, context)
