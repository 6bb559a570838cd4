"""What is sealed as words comes back as it was, and nothing else is taken for words."""

import json

from hypothesis import given
from hypothesis import strategies as st

from crypto.sealer import read_words, write_words
from domain.ports.sealing import Words
from domain.reports.topic import Topic
from domain.reports.wishes import KeptOut

TEXTS = st.text()
WORDS = st.builds(
    Words,
    messages=st.lists(TEXTS).map(tuple),
    topic=st.sampled_from(Topic),
    kept_out=st.frozensets(st.sampled_from(KeptOut)),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from([*Topic, *KeptOut]),
    TEXTS,
)
JSON = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner), st.dictionaries(TEXTS, inner)), max_leaves=8
)
ALMOST = st.tuples(
    st.one_of(st.lists(SCALARS), TEXTS, JSON),
    st.one_of(st.sampled_from(Topic), JSON),
    st.one_of(st.lists(st.sampled_from(KeptOut)), JSON),
)


@given(WORDS)
def test_words_come_back_as_they_were(words: Words) -> None:
    assert read_words(write_words(words)) == words


@given(junk=st.one_of(JSON, ALMOST), ascii_only=st.booleans())
def test_what_is_read_is_what_would_be_written(junk: object, *, ascii_only: bool) -> None:
    plain = json.dumps(junk, ensure_ascii=ascii_only).encode()
    try:
        words = read_words(plain)
    except ValueError:
        return
    assert write_words(words) == plain
    assert all(isinstance(message, str) for message in words.messages)


@given(st.binary(max_size=200))
def test_noise_is_no_words(noise: bytes) -> None:
    try:
        words = read_words(noise)
    except ValueError:
        return
    assert write_words(words) == noise
