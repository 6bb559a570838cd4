"""Argon2id at its real cost: each wrap or unwrap here takes a seventh of a second."""

from collections.abc import Iterator

import pytest

from crypto import member_keys
from crypto.errors import EnvelopeVersionUnknown, KeyMalformed, PassphraseRefused
from crypto.member_keys import MemberKeys, MemberSeed, Share
from tests.quick_passphrases import at_full_cost

SEED = MemberSeed(bytes(range(32)))
SHARE = Share(bytes(range(64, 96)))
MEMBER = b"member-0001-----"
PHRASE = "abacus drop-down zoom yo-yo crayon cabbage"


@pytest.fixture(scope="module", autouse=True)
def _at_full_cost() -> Iterator[None]:
    with at_full_cost():
        yield


@pytest.fixture(scope="module")
def wrapped() -> bytes:
    return member_keys.wrap(SEED, PHRASE, SHARE, MEMBER)


def test_the_passphrase_and_the_share_together_give_the_seed(wrapped: bytes) -> None:
    typed = "  Abacus drop down ZOOM  yo-yo\ncrayon\u2013cabbage. "
    assert member_keys.unwrap(wrapped, typed, SHARE, MEMBER) == SEED


@pytest.mark.parametrize(
    ("phrase", "share", "member"),
    [
        ("abacus drop-down zoom yo-yo crayon cabbages", SHARE, MEMBER),
        (PHRASE, bytes(32), MEMBER),
        (PHRASE, b"", MEMBER),
        (PHRASE, SHARE, b"member-0002-----"),
    ],
)
def test_anything_else_is_refused_without_saying_what_was_wrong(
    wrapped: bytes, phrase: str, share: bytes, member: bytes
) -> None:
    with pytest.raises(PassphraseRefused):
        member_keys.unwrap(wrapped, phrase, share, member)


def test_a_damaged_wrap_is_refused_and_a_newer_one_is_named(wrapped: bytes) -> None:
    for damaged in (b"", wrapped[:10], wrapped[:-1]):
        with pytest.raises(PassphraseRefused):
            member_keys.unwrap(damaged, PHRASE, SHARE, MEMBER)
    with pytest.raises(EnvelopeVersionUnknown):
        member_keys.unwrap(b"\2" + wrapped[1:], PHRASE, SHARE, MEMBER)


@pytest.mark.parametrize(("seed", "share"), [(bytes(31), SHARE), (SEED, bytes(16))])
def test_nothing_short_is_wrapped(seed: bytes, share: bytes) -> None:
    with pytest.raises(KeyMalformed):
        member_keys.wrap(MemberSeed(seed), PHRASE, Share(share), MEMBER)


def test_seeds_and_shares_come_from_chance() -> None:
    assert len({member_keys.new_seed(), member_keys.new_seed()}) == 2
    assert len({member_keys.new_share(), member_keys.new_share()}) == 2


def test_one_seed_gives_two_keys_that_do_not_meet() -> None:
    keys, again = MemberKeys.from_seed(SEED), MemberKeys.from_seed(SEED)
    assert keys.sealing.public == again.sealing.public
    assert keys.signing.public == again.signing.public
    assert bytes(keys.sealing.seed) != SEED
