"""Public keys, private keys, signatures, the case secret and the shred key."""

import pytest

from crypto import shred, symmetric, xwing
from crypto.case_secret import CaseSecret
from crypto.context import Context
from crypto.errors import EnvelopeRefused, KeyMalformed, PaddingMalformed, SignatureRefused
from crypto.padding import FLOOR, unpad
from crypto.signing import Purpose, SigningKey, verify
from crypto.xwing import KeyPair, PublicKey

HERE = Context(kind="report", row=bytes(16), field="words", desk="022", generation=1)


def test_a_key_pair_comes_back_from_its_seed() -> None:
    pair = KeyPair.generate()
    envelope = xwing.seal(PublicKey.from_bytes(pair.public.raw), b"neno", HERE)
    assert xwing.unseal(KeyPair.from_seed(pair.seed), envelope, HERE) == b"neno"


def test_what_is_sealed_to_one_key_does_not_open_under_another() -> None:
    envelope = xwing.seal(KeyPair.generate().public, b"neno", HERE)
    with pytest.raises(EnvelopeRefused):
        xwing.unseal(KeyPair.generate(), envelope, HERE)


def test_sealing_twice_never_gives_the_same_envelope() -> None:
    public = KeyPair.generate().public
    assert xwing.seal(public, b"neno", HERE) != xwing.seal(public, b"neno", HERE)
    assert symmetric.seal(bytes(32), b"neno", HERE) != symmetric.seal(bytes(32), b"neno", HERE)


@pytest.mark.parametrize("raw", [b"", bytes(1215), bytes(1217), b"\xff" * 1216])
def test_bytes_that_are_no_public_key_are_refused(raw: bytes) -> None:
    with pytest.raises(KeyMalformed):
        PublicKey.from_bytes(raw)


def test_nothing_is_sealed_to_a_point_of_small_order() -> None:
    halved = KeyPair.generate().public.raw[:1184] + bytes(32)
    with pytest.raises(KeyMalformed):
        xwing.seal(PublicKey.from_bytes(halved), b"neno", HERE)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_keys_of_a_wrong_size_are_refused(size: int) -> None:
    key = bytes(size)
    with pytest.raises(KeyMalformed):
        KeyPair.from_seed(key)
    with pytest.raises(KeyMalformed):
        SigningKey.from_seed(key)
    with pytest.raises(KeyMalformed):
        CaseSecret(value=key)
    with pytest.raises(KeyMalformed):
        symmetric.seal(key, b"neno", HERE)


def test_a_short_key_is_not_expanded() -> None:
    with pytest.raises(KeyMalformed):
        symmetric.expand(bytes(31), "dialogue")


def test_no_private_key_shows_itself() -> None:
    secret = bytes(range(65, 97))
    shown = repr(
        (KeyPair.from_seed(secret), SigningKey.from_seed(secret), CaseSecret(value=secret))
    )
    assert "ABCDEF" not in shown
    assert secret.hex() not in shown


def test_a_signature_holds_for_its_key_purpose_and_fields_only() -> None:
    key, other = SigningKey.generate(), SigningKey.generate()
    signature = key.sign(Purpose.EVENT, b"one", b"two")
    verify(key.public, signature, Purpose.EVENT, b"one", b"two")
    for public, signed, purpose, fields in (
        (other.public, signature, Purpose.EVENT, (b"one", b"two")),
        (key.public, signature, Purpose.GRANT, (b"one", b"two")),
        (key.public, signature, Purpose.EVENT, (b"on", b"etwo")),
        (key.public, signature[:-1], Purpose.EVENT, (b"one", b"two")),
        (key.public[:-1], signature, Purpose.EVENT, (b"one", b"two")),
    ):
        with pytest.raises(SignatureRefused):
            verify(public, signed, purpose, *fields)


def test_every_use_of_a_case_secret_is_apart() -> None:
    secret = CaseSecret.generate()
    keys = [
        secret.value,
        secret.dialogue_key(),
        secret.mailbox_slot(),
        secret.mailbox_key(),
        secret.withdrawal_key(),
        secret.notice_id("a"),
        secret.notice_id("b"),
        secret.ledger_nonce(1),
        secret.ledger_nonce(2),
    ]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}


def test_without_its_shred_key_a_wrap_opens_with_nothing_else() -> None:
    pair = KeyPair.generate()
    wrapped = shred.wrap(shred.new_shred_key(), xwing.seal(pair.public, b"neno", HERE), HERE)
    with pytest.raises(EnvelopeRefused):
        shred.unwrap(shred.new_shred_key(), wrapped, HERE)
    with pytest.raises(EnvelopeRefused):
        xwing.unseal(pair, wrapped, HERE)


@pytest.mark.parametrize(
    "padded",
    [b"", b"\0\0\0", b"\0\0\0\5abcd", b"\xff" * FLOOR, b"\0\0\0\1a" + b"\0" * 8 + b"\1"],
)
def test_malformed_padding_is_refused(padded: bytes) -> None:
    with pytest.raises(PaddingMalformed):
        unpad(padded)
