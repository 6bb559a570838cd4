"""Each primitive we rely on, against the vectors of the document that defines it."""

import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from crypto.context import Context
from crypto.errors import EnvelopeRefused
from crypto.signing import SigningKey
from crypto.symmetric import expand
from crypto.xwing import KeyPair, seal, unseal

VECTORS = Path(__file__).parents[1] / "vectors" / "crypto"
XWING = json.loads((VECTORS / "xwing_draft.json").read_text())["vectors"]
HPKE = json.loads((VECTORS / "hpke_xwing.json").read_text())


def test_expand_gives_the_output_of_rfc_5869_case_3() -> None:
    pseudorandom_key = bytes.fromhex(
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"
    )
    assert expand(pseudorandom_key, "", 42).hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )


def test_hkdf_gives_the_output_of_rfc_5869_case_1() -> None:
    salt, info = bytes.fromhex("000102030405060708090a0b0c"), bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")
    wanted = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert HKDF(SHA256(), 42, salt, info).derive(b"\x0b" * 22).hex() == wanted
    pseudorandom_key = bytes.fromhex(
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
    )
    assert HKDFExpand(SHA256(), 42, info).derive(pseudorandom_key).hex() == wanted


def test_hmac_gives_the_output_of_rfc_4231_case_2() -> None:
    assert hmac.digest(b"Jefe", b"what do ya want for nothing?", "sha256").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_argon2id_gives_the_tag_of_rfc_9106_section_5_3() -> None:
    argon = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=b"\x04" * 12,
        secret=b"\x03" * 8,
    )
    assert argon.derive(b"\x01" * 32).hex() == (
        "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    )


def test_aes_256_gcm_gives_the_output_of_the_specification_case_16() -> None:
    """McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B."""
    cipher = AESGCM(bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2))
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plaintext = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    sealed = cipher.encrypt(nonce, plaintext, aad)
    assert sealed.hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    with pytest.raises(InvalidTag):
        cipher.decrypt(nonce, sealed, aad[:-1])


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            (
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            (
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ),
    ],
)
def test_ed25519_signs_as_rfc_8032_section_7_1(
    seed: str, public: str, message: str, signature: str
) -> None:
    key = SigningKey.from_seed(bytes.fromhex(seed))
    assert key.public.hex() == public
    assert key.loaded.sign(bytes.fromhex(message)).hex() == signature


@pytest.mark.parametrize("vector", XWING)
def test_an_x_wing_seed_gives_the_public_key_of_the_draft(vector: dict[str, str]) -> None:
    assert KeyPair.from_seed(bytes.fromhex(vector["seed"])).public.raw.hex() == vector["public"]


@pytest.mark.parametrize("vector", HPKE["sealed_by_hpke_js"] + HPKE["sealed_here"])
def test_envelopes_of_two_implementations_open_in_their_place_only(vector: dict[str, Any]) -> None:
    said = vector["context"]
    context = Context(
        kind=said["kind"],
        row=bytes.fromhex(said["row"]),
        field=said["field"],
        desk=said["desk"],
        generation=said["generation"],
    )
    pair = KeyPair.from_seed(bytes.fromhex(vector["seed"]))
    envelope = bytes.fromhex(vector["envelope"])
    assert pair.public.raw.hex() == vector["public"]
    assert context.encode().hex() == vector["info"]
    assert unseal(pair, envelope, context).hex() == vector["plaintext"]
    elsewhere = Context(kind="elsewhere", row=context.row, field=context.field)
    with pytest.raises(EnvelopeRefused):
        unseal(pair, envelope, elsewhere)


def test_an_envelope_has_the_shape_the_other_implementation_reads() -> None:
    pair = KeyPair.generate()
    context = Context(kind="report", row=bytes(16), field="words")
    envelope = seal(pair.public, b"neno", context)
    assert len(envelope) == 1 + 1120 + len(b"neno") + 16
