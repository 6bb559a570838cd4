"""The library's HPKE against another, written from the documents and checked by the vectors of
RFC 9180, A.1.1; each opens what the other sealed.
"""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.context import Context
from crypto.envelope import body_of, stamp
from crypto.xwing import KeyPair, seal, unseal
from tests import hpke_reference as reference

CONTEXT = Context(kind="report", row=bytes(16), field="dek_for_desk", desk="022", generation=3)
WORDS = b"Wako watatu, kila Ijumaa"


def test_the_reference_gives_the_values_of_rfc_9180_a_1_1() -> None:
    recipient = X25519PrivateKey.from_private_bytes(
        bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
    )
    enc = bytes.fromhex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431")
    shared = reference.dh_shared(recipient, enc)
    assert shared.hex() == "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc"
    key, nonce = reference.RFC_A1.schedule(shared, b"Ode on a Grecian Urn")
    assert key.hex() == "4531685d41d65f03dc48f6b8302c05b0"
    assert nonce.hex() == "56d890e5accaaf011cff4b7d"
    sealed = AESGCM(key).encrypt(nonce, b"Beauty is truth, truth beauty", b"Count-0")
    assert sealed.hex() == (
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
    )


def test_the_reference_opens_what_the_product_sealed() -> None:
    pair = KeyPair.generate()
    body = body_of(seal(pair.public, WORDS, CONTEXT))
    assert reference.unseal(bytes(pair.seed), body, CONTEXT.encode()) == WORDS
    with pytest.raises(InvalidTag):
        reference.unseal(bytes(pair.seed), body, CONTEXT.encode() + b"x")


def test_the_product_opens_what_the_reference_sealed() -> None:
    pair = KeyPair.generate()
    body = reference.seal(pair.public.raw, WORDS, CONTEXT.encode())
    assert unseal(pair, stamp(body), CONTEXT) == WORDS
