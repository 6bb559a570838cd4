import hashlib
from importlib.resources import files

import pytest

from crypto import passphrase
from crypto.errors import KeyMalformed, WordListMalformed
from crypto.passphrase import WordList, eff_large, make, normalise, six_words

GENUINE = "6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522"


def test_the_word_list_is_the_one_whose_origin_is_recorded() -> None:
    raw = files("crypto").joinpath("words_eff_large.txt").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == GENUINE
    assert GENUINE in files("crypto").joinpath("PROVENANCE.md").read_text("utf-8")
    assert len(eff_large().words) == 7776


@pytest.mark.parametrize(
    "words",
    [
        (),
        eff_large().words[:-1],
        (*eff_large().words[:-1], eff_large().words[0]),
        (*eff_large().words, eff_large().words[0]),
        (*eff_large().words[:-1], "two words"),
        (*eff_large().words[:-1], "Capital"),
    ],
)
def test_a_list_that_is_not_7776_different_plain_words_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(WordListMalformed):
        WordList(words)


def test_a_passphrase_is_six_words_of_the_list_and_never_the_same() -> None:
    made = {make() for _ in range(50)}
    assert len(made) == 50
    for phrase in made:
        words = phrase.split(" ")
        assert len(words) == 6
        assert set(words) <= set(eff_large().words)


def test_every_word_can_come_in_every_place() -> None:
    last = make(lambda size: (7776**6 - 1).to_bytes(size, "big"))
    first = make(bytes)
    assert last.split(" ") == [eff_large().words[-1]] * 6
    assert first.split(" ") == [eff_large().words[0]] * 6


@pytest.mark.parametrize(
    "typed",
    ["Yo-Yo  abacus\u2014ZOOM", "yo yo abacus zoom", " yo-yo-abacus-zoom. ", "yo_yo abacus\nzoom"],
)
def test_case_spaces_and_dashes_are_forgiven(typed: str) -> None:
    assert normalise(typed) == "yo yo abacus zoom"


def test_forgiving_never_makes_two_words_of_the_list_one() -> None:
    assert len({normalise(word) for word in eff_large().words}) == 7776


def test_a_broken_character_does_not_break_the_reading() -> None:
    assert normalise("abacus \ud800 zoom").encode() == b"abacus zoom"


def test_six_words_tell_two_digests_apart() -> None:
    digests = [hashlib.sha256(bytes([n])).digest() for n in range(100)]
    assert len({six_words(digest) for digest in digests}) == 100


def test_six_words_are_not_made_of_less_than_a_whole_hash() -> None:
    with pytest.raises(KeyMalformed):
        six_words(bytes(8))


def test_the_list_is_read_once() -> None:
    assert passphrase.eff_large() is eff_large()
