from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.padding import FLOOR, LENGTH_BYTES, bucket, pad, unpad

SIZES = st.integers(0, 2**40)


@given(st.binary(max_size=5000), st.sampled_from([1, 64, FLOOR]))
def test_what_is_padded_comes_back(content: bytes, floor: int) -> None:
    padded = pad(content, floor=floor)
    assert unpad(padded) == content
    assert len(padded) == bucket(LENGTH_BYTES + len(content), floor)


@given(SIZES)
def test_a_bucket_holds_its_size_and_costs_little(size: int) -> None:
    """Padmé's law: the overhead is below size / log2(size), at most 12 % beyond the floor."""
    padded = bucket(size)
    assert padded >= max(size, FLOOR)
    assert bucket(padded) == padded
    if size > FLOOR:
        assert (padded - size) * (size.bit_length() - 1) < size
        assert (padded - size) * 100 <= size * 12


@given(SIZES, SIZES)
def test_a_longer_text_never_gets_a_smaller_bucket(one: int, other: int) -> None:
    assert bucket(min(one, other)) <= bucket(max(one, other))


@settings(max_examples=20)
@given(st.integers(10, 36))
def test_few_sizes_are_left_between_one_power_of_two_and_the_next(exponent: int) -> None:
    step = 2**exponent // 256
    sizes = {bucket(2**exponent + n * step) for n in range(1, 257)}
    assert len(sizes) <= 2 ** exponent.bit_length()


@given(st.binary(max_size=FLOOR - LENGTH_BYTES), st.binary(max_size=FLOOR - LENGTH_BYTES))
def test_all_short_texts_look_alike(one: bytes, other: bytes) -> None:
    assert len(pad(one)) == len(pad(other)) == FLOOR
