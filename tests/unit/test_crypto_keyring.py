import pytest

from crypto.context import Context
from crypto.errors import EnvelopeRefused, KeyringMalformed
from crypto.keyring import Keyring, VersionedKey, version_of

HERE = Context(kind="staff", row=bytes(32), field="chat")
ONE = "v1:" + "A" * 43
TWO = "v2:" + "E" * 43


def test_a_keyring_is_read_as_it_is_written() -> None:
    ring = Keyring.generate().rotated()
    assert Keyring.parse(ring.format()) == ring


@pytest.mark.parametrize("text", [f"{ONE},{TWO}", f" {ONE} , {TWO}\n", f"{ONE}=,{TWO}="])
def test_spaces_and_base64_padding_are_forgiven(text: str) -> None:
    assert Keyring.parse(text).format() == f"{ONE},{TWO}"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", 1),
        ("A" * 43, 1),
        (f"{ONE},", 2),
        (f"{ONE},v2:" + "E" * 42, 2),
        (f"{ONE},v2:" + "E" * 42 + "+", 2),
        (f"{ONE},v0:" + "E" * 43, 2),
        (f"{TWO},{ONE}", 2),
        (f"{ONE},{ONE}", 2),
        (f"{ONE},{TWO},v99999:" + "E" * 43, 3),
    ],
)
def test_a_malformed_keyring_says_which_part_and_never_the_key(text: str, part: int) -> None:
    with pytest.raises(KeyringMalformed) as refused:
        Keyring.parse(text)
    assert refused.value.part == part
    assert "AAAA" not in repr(refused.value)
    assert "EEEE" not in repr(refused.value)


def test_an_empty_keyring_cannot_be() -> None:
    with pytest.raises(KeyringMalformed):
        Keyring(keys=())


def test_a_key_of_a_wrong_size_cannot_be_in_a_keyring() -> None:
    with pytest.raises(KeyringMalformed):
        Keyring(keys=(VersionedKey(version=1, key=bytes(31)),))


def test_after_rotation_the_newest_key_seals_and_the_old_ones_still_open() -> None:
    old = Keyring.generate()
    new = old.rotated()
    before, after = old.seal(b"12345", HERE), new.seal(b"12345", HERE)
    assert (version_of(before), version_of(after)) == (1, 2)
    assert new.unseal(before, HERE) == new.unseal(after, HERE) == b"12345"
    with pytest.raises(EnvelopeRefused):
        old.unseal(after, HERE)


def test_an_envelope_told_to_use_another_key_is_refused() -> None:
    ring = Keyring.generate().rotated()
    envelope = ring.seal(b"12345", HERE)
    with pytest.raises(EnvelopeRefused):
        ring.unseal(envelope[:1] + b"\0\1" + envelope[3:], HERE)


def test_a_tag_made_before_rotation_is_found_after_it() -> None:
    old = Keyring.generate()
    new = old.rotated()
    assert new.tags("chat", b"12345") == (new.tag("chat", b"12345"), old.tag("chat", b"12345"))


def test_tags_of_one_value_for_two_purposes_do_not_meet() -> None:
    ring = Keyring.generate()
    assert ring.tag("chat", b"x") != ring.tag("tombstone", b"x")
    assert ring.tag("a", b"bc") != ring.tag("ab", b"c")


def test_a_keyring_never_shows_a_key() -> None:
    ring = Keyring.parse(ONE.replace("A", "Q"))
    assert "QQQ" not in repr(ring)
    assert str(ring.newest.key) not in repr(ring)
