"""What was opened or made on the way is overwritten at its end, also where it is refused: a bot
lives for months, and what lies in its memory with it.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from crypto import member_keys, xwing
from crypto.custodians import CustodianShare, make
from crypto.errors import SharesRefused
from crypto.halves import share_of
from crypto.member_keys import MemberSeed, Share
from crypto.recovering import OpenedRecovery
from crypto.session import copy_context
from crypto.spelling import new_recovery
from crypto.xwing import PublicKey
from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.sealing import KeyRefused
from domain.staff.member import DeskCopy, DeskPublic
from tests.house import COUNTY_DESK, RECOVERY, ROOT, House, a_house
from tests.pairs_made import PairsMade

UNREAD = DeskKey("001")
RECOVERED = OpenedRecovery(root_public=ROOT.public, pair=RECOVERY)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


@pytest.fixture
def pairs(house: House, monkeypatch: pytest.MonkeyPatch) -> PairsMade:  # noqa: ARG001 - made before
    return PairsMade.noted(monkeypatch)


async def test_whoever_enrols_leaves_no_key_behind(house: House, pairs: PairsMade) -> None:
    _, founding = await house.invite(founding=True, desk=UNREAD)
    await house.enrolled(104, founding)
    assert len(pairs.made) == 2, "the member's own, and the desk's"
    _, joining = await house.invite()
    await house.enrolled(105, joining)
    await house.officer(106, "021/county_police")
    assert len(pairs.made) == 4
    assert pairs.left == []


async def test_a_desk_that_cannot_be_founded_leaves_no_key_behind(
    house: House, pairs: PairsMade, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, founding = await house.invite(founding=True, desk=UNREAD)
    monkeypatch.setattr(xwing, "seal", _fails)
    with pytest.raises(MemoryError):
        await house.enrolled(104, founding)
    assert len(pairs.made) == 2
    assert pairs.left == []


def _fails(*_: object) -> bytes:
    raise MemoryError


async def test_an_unlock_that_is_refused_leaves_no_key_behind(
    house: House, pairs: PairsMade
) -> None:
    """1. A wrap of other keys than the root's. 2. No standing. 3. A copy of another pair."""
    words, share = house.first.passphrase, Share(share_of(house.first.share))
    member, keys, (copy,) = (
        await house.member(house.first),
        await _keys(house),
        await _copies(house),
    )
    other = member_keys.wrap(MemberSeed(bytes(32)), words, share, member.id)
    foreign = replace(copy, sealed=await _sealed_to_first(house, generation=1))
    for swapped, held in (
        (replace(member, wrapped_seed=other), copy),
        (member, replace(copy, standing=b"?")),
        (member, foreign),
    ):
        many = len(pairs.made)
        with pytest.raises(KeyRefused):
            await house.custody.unlock(swapped, words, share, tuple(keys), (held,))
        assert len(pairs.made) > many, "something was opened before it was refused"
        assert pairs.left == []
    await house.custody.unlock(member, words, share, tuple(keys), (copy,))
    assert len(pairs.left) == 2, "held while unlocked"


async def _sealed_to_first(house: House, generation: int) -> bytes:
    """A copy that opens, of a pair that is not the desk's."""
    member = await house.member(house.first)
    own = PublicKey.from_bytes(member.sealing_public)
    return xwing.seal(own, bytes(range(32)), copy_context(member.id, NATIONAL, generation))


async def test_a_generation_that_is_refused_later_is_wiped_and_others_stay(
    house: House, pairs: PairsMade
) -> None:
    session = await house.unlock(house.first)
    (own,), (key,) = await _copies(house), await _keys(house)
    forged = replace(own, generation=2, sealed=await _sealed_to_first(house, generation=2))
    with pytest.raises(KeyRefused):
        session.take_up([key, replace(key, generation=2)], [forged])
    assert {generation for _, generation in session.generations} == {1}
    session.wipe()
    assert pairs.left == []


async def _copies(house: House) -> list[DeskCopy]:
    async with house.stores.cases() as cases:
        return list(await cases.staff.copies(house.first.id))


async def _keys(house: House) -> list[DeskPublic]:
    async with house.stores.cases() as cases:
        return list(await cases.staff.desk_keys(NATIONAL))


async def test_a_new_generation_leaves_no_key_behind(
    house: House, pairs: PairsMade, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await house.unlock(house.first)
    held = len(pairs.left)
    (key,) = await _keys(house)
    session.renew(key, [])
    assert len(pairs.left) == held
    monkeypatch.setattr(xwing, "seal", _fails)
    with pytest.raises(MemoryError):
        session.renew(key, [])
    assert len(pairs.left) == held


async def test_the_custodians_key_opens_desks_and_leaves_none_of_theirs_behind(
    house: House, pairs: PairsMade
) -> None:
    async with house.stores.cases() as cases:
        copies = {copy.desk: copy for copy in await cases.staff.copies(None)}
    (key,), founder = await _keys(house), await house.member(house.first)
    RECOVERED.admit(founder, key, copies[NATIONAL])
    assert len(pairs.made) == 1
    context = copy_context(None, NATIONAL, 1)
    forged = replace(
        copies[NATIONAL], sealed=xwing.seal(RECOVERY.public, bytes(range(32)), context)
    )
    for copy in (forged, copies[COUNTY_DESK]):
        with pytest.raises(KeyRefused):
            RECOVERED.admit(founder, key, copy)
    assert len(pairs.made) == 2
    assert pairs.left == []


def test_the_recovery_key_is_made_and_tried_and_left_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = PairsMade.noted(monkeypatch)
    made, _ = make(), new_recovery()
    assert len(pairs.made) == 12, "it, ten trials, and the demo's"
    assert pairs.left == []
    with pytest.raises(SharesRefused):
        made.wraps.open({**made.shares, 2: CustodianShare(bytes(32))})
    swapped = replace(made.wraps, public=RECOVERY.public)
    with pytest.raises(SharesRefused):
        swapped.open(made.shares)
    assert pairs.left == []
    with made.wraps.open(made.shares):
        assert len(pairs.left) == 1
    assert pairs.left == []
