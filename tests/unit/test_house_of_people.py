"""Who reads at the desks of a house that tests copy: enrolled at the cost that every test tries
their passphrases at, whichever test asked for them first.
"""

from pathlib import Path

import pytest

from crypto.halves import share_of
from crypto.member_keys import unwrap
from tests.disk import Disk
from tests.house import an_empty_house, staffed
from tests.quick_passphrases import quick_passphrases


async def test_a_test_that_makes_passphrases_cheap_makes_them_so_for_itself_alone(
    tmp_path: Path,
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        quick_passphrases(patched)
        async with an_empty_house(tmp_path) as house:
            *_, neighbour = await staffed(Disk(folder=tmp_path))
            row = await house.member(neighbour)
    assert unwrap(row.wrapped_seed, neighbour.passphrase, share_of(neighbour.share), neighbour.id)
