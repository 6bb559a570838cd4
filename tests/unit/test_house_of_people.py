"""Who reads at the desks of a house that tests copy: enrolled at the cost at which others try
their passphrases, whichever test asked for them first.
"""

from pathlib import Path

from crypto.halves import share_of
from crypto.member_keys import unwrap
from tests.disk import Disk
from tests.house import an_empty_house, staffed
from tests.quick_passphrases import at_full_cost


async def test_a_test_that_pays_in_full_does_so_for_itself_alone(tmp_path: Path) -> None:
    with at_full_cost():
        async with an_empty_house(tmp_path) as house:
            *_, neighbour = await staffed(Disk(folder=tmp_path))
            row = await house.member(neighbour)
    assert unwrap(row.wrapped_seed, neighbour.passphrase, share_of(neighbour.share), neighbour.id)
