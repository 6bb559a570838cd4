"""An envelope opens where it was sealed for, and nowhere else."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crypto import shred, symmetric, xwing
from crypto.context import Context
from crypto.errors import EnvelopeRefused, EnvelopeVersionUnknown, FieldsMalformed
from crypto.fields import join, split
from crypto.keyring import Keyring
from crypto.signing import Purpose, message

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
CONTEXTS = st.builds(
    Context,
    kind=TEXT,
    row=st.binary(max_size=8),
    field=TEXT,
    desk=TEXT,
    generation=st.integers(0, 2**64 - 1),
)
FIELDS = st.lists(st.binary(max_size=6), max_size=5).map(tuple)
PAIR = xwing.KeyPair.generate()
RING = Keyring.generate()
KEY = bytes(32)
SHRED_KEY = shred.ShredKey(KEY)


@given(CONTEXTS, CONTEXTS)
def test_two_different_places_never_encode_the_same(one: Context, other: Context) -> None:
    assert (one.encode() == other.encode()) == (one == other)


@given(st.text("ab", max_size=4), st.text("ab", max_size=4), st.text("ab", max_size=4))
def test_text_slid_from_one_field_to_the_next_is_another_place(a: str, b: str, c: str) -> None:
    assume(b)
    one = Context(kind=a + b, row=b"", field=c)
    other = Context(kind=a, row=b"", field=b + c)
    assert one.encode() != other.encode()


@given(FIELDS)
def test_fields_come_back_as_they_went_in(fields: tuple[bytes, ...]) -> None:
    assert split(join(*fields)) == fields


@given(FIELDS.filter(bool), st.data())
def test_fields_cut_short_are_refused_or_fewer(
    fields: tuple[bytes, ...], data: st.DataObject
) -> None:
    whole = join(*fields)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    try:
        assert split(cut) == fields[: len(split(cut))]
        assert len(split(cut)) < len(fields)
    except FieldsMalformed:
        assert cut


@given(st.sampled_from(Purpose), FIELDS, st.sampled_from(Purpose), FIELDS)
def test_a_signature_for_one_purpose_never_covers_another(
    purpose: Purpose, fields: tuple[bytes, ...], other: Purpose, others: tuple[bytes, ...]
) -> None:
    same = (purpose, fields) == (other, others)
    assert (message(purpose, *fields) == message(other, *others)) == same


@settings(deadline=None, max_examples=30)
@given(CONTEXTS, CONTEXTS, st.binary(max_size=64))
def test_an_envelope_moved_elsewhere_does_not_open(
    here: Context, elsewhere: Context, plaintext: bytes
) -> None:
    assume(here != elsewhere)
    to_public = xwing.seal(PAIR.public, plaintext, here)
    to_key = symmetric.seal(KEY, plaintext, here)
    to_ring = RING.seal(plaintext, here)
    to_shred = shred.wrap(SHRED_KEY, plaintext, here)
    assert xwing.unseal(PAIR, to_public, here) == plaintext
    assert symmetric.unseal(KEY, to_key, here) == plaintext
    assert RING.unseal(to_ring, here) == plaintext
    assert shred.unwrap(SHRED_KEY, to_shred, here) == plaintext
    with pytest.raises(EnvelopeRefused):
        xwing.unseal(PAIR, to_public, elsewhere)
    with pytest.raises(EnvelopeRefused):
        symmetric.unseal(KEY, to_key, elsewhere)
    with pytest.raises(EnvelopeRefused):
        RING.unseal(to_ring, elsewhere)
    with pytest.raises(EnvelopeRefused):
        shred.unwrap(SHRED_KEY, to_shred, elsewhere)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "note"},
        {"row": bytes(15) + b"\1"},
        {"field": "files"},
        {"desk": "047"},
        {"generation": 2},
    ],
)
def test_every_part_of_the_place_counts(change: dict[str, str]) -> None:
    here = Context(kind="report", row=bytes(16), field="words", desk="022", generation=1)
    moved = replace(here, **change)  # type: ignore[arg-type]  # one of five, by name
    with pytest.raises(EnvelopeRefused):
        xwing.unseal(PAIR, xwing.seal(PAIR.public, b"neno", here), moved)


@settings(deadline=None)
@given(st.data())
def test_an_envelope_with_one_changed_byte_does_not_open(data: st.DataObject) -> None:
    here = Context(kind="report", row=bytes(16), field="words")
    envelope = bytearray(symmetric.seal(KEY, b"maneno", here))
    envelope[data.draw(st.integers(0, len(envelope) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises((EnvelopeRefused, EnvelopeVersionUnknown)):
        symmetric.unseal(KEY, bytes(envelope), here)
