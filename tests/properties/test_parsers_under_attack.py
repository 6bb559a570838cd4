"""Noise, and what was well formed until somebody changed it: the short form of `make fuzz`."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, seeds


def changed(seed: bytes, dice: Random) -> bytes:
    """Bytes flipped, dropped, doubled, cut off."""
    data = bytearray(seed)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(4):
            case 0:
                data[at : at + 1] = dice.randbytes(1)
            case 1:
                del data[at : at + dice.randint(1, 8)]
            case 2:
                data[at:at] = data[at : at + dice.randint(1, 64)]
            case _:
                del data[at:]
    return bytes(data)


@pytest.mark.parametrize("name", list(TARGETS))
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_handed_in_is_at_worst_refused(name: str, data: st.DataObject) -> None:
    noise = st.binary(max_size=200)
    near = st.builds(changed, st.sampled_from(seeds(name)), st.randoms(use_true_random=False))
    TARGETS[name](data.draw(noise | near))


@pytest.mark.parametrize("name", list(TARGETS))
def test_what_is_well_formed_is_taken(name: str) -> None:
    for seed in seeds(name):
        TARGETS[name](seed)
