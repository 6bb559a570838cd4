"""An unlocked member: what they open, what they do not, and what is left after the lock."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from crypto import shred, symmetric, xwing
from crypto.errors import SignatureRefused
from crypto.member_keys import MemberKeys
from crypto.padding import pad
from crypto.sealer import WORDS_LABEL, code_context, desk_context
from crypto.session import MemberSession
from crypto.shred import ShredKey
from crypto.signing import Purpose, verify
from domain.desks.desk import NATIONAL
from domain.ports.sealing import EnvelopeLost, KeyRefused
from domain.reports.report import Report
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar, KeptOut
from domain.staff.member import DeskPublic
from tests.house import COUNTY_DESK, WORDS, House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


@pytest.fixture
async def session(house: House) -> MemberSession:
    """The county's only moderator."""
    return await house.unlock(house.neighbour)


def own_keys(session: MemberSession) -> MemberKeys:
    assert session.keys is not None
    return session.keys


async def national_key(house: House) -> DeskPublic:
    async with house.stores.cases() as cases:
        key = await cases.staff.newest_key(NATIONAL)
    assert key is not None
    return key


async def test_a_member_opens_the_reports_of_their_desk(
    house: House, session: MemberSession
) -> None:
    _, report = await house.sent()
    assert session.words(report, await house.shred_key(report.id)).messages == WORDS


async def test_no_other_desks_report_opens_even_if_the_row_says_it_is_theirs(
    house: House, session: MemberSession
) -> None:
    _, report = await house.sent(kept_out=frozenset({KeptOut.CHIEF}))
    key = await house.shred_key(report.id)
    for claimed in (report, replace(report, desk=COUNTY_DESK)):
        with pytest.raises(EnvelopeLost):
            session.words(claimed, key)
        with pytest.raises(EnvelopeLost):
            session.case(claimed, key)


async def test_a_report_without_its_shred_key_is_lost_to_everybody(
    house: House, session: MemberSession
) -> None:
    _, report = await house.sent()
    for key in (bytes(32), report.id * 2):
        with pytest.raises(EnvelopeLost):
            session.words(report, key)


@pytest.mark.parametrize("name", ["words", "dek_for_desk"])
async def test_a_damaged_report_is_an_alarm(
    house: House, session: MemberSession, name: str
) -> None:
    _, report = await house.sent()
    whole: bytes = getattr(report.sealed, name)
    key = await house.shred_key(report.id)
    for damaged in (b"", whole[:-1], b"\2" + whole[1:], whole[:40] + b"?" + whole[41:]):
        with pytest.raises(EnvelopeLost):
            session.words(replace(report, sealed=replace(report.sealed, **{name: damaged})), key)


async def sealed_by_hand(
    house: House, session: MemberSession, report: Report, **parts: bytes
) -> Report:
    """As anybody can who writes to the files: desks' keys are public, shred keys lie there."""
    key = ShredKey(await house.shred_key(report.id))
    (pair,) = session.pairs.values()

    def sealed(name: str, plain: bytes) -> bytes:
        context = desk_context(report.id, name, report.desk, report.generation)
        return shred.wrap(key, xwing.seal(pair.public, plain, context), context)

    forged = {name: sealed(name, plain) for name, plain in parts.items()}
    return replace(report, sealed=replace(report.sealed, **forged))


@pytest.mark.parametrize("size", [0, 1, 31, 33, 64])
async def test_a_key_of_an_odd_size_inside_an_envelope_is_an_alarm(
    house: House, session: MemberSession, size: int
) -> None:
    _, report = await house.sent()
    odd = bytes(size)
    forged = await sealed_by_hand(house, session, report, dek_for_desk=odd, case_for_desk=odd)
    key = await house.shred_key(report.id)
    with pytest.raises(EnvelopeLost):
        session.words(forged, key)
    with pytest.raises(EnvelopeLost):
        session.case(forged, key)


@pytest.mark.parametrize("size", [0, 16, 31])
async def test_a_shred_key_of_an_odd_size_is_an_alarm(
    house: House, session: MemberSession, size: int
) -> None:
    _, report = await house.sent()
    for opened in (session.words, session.case):
        with pytest.raises(EnvelopeLost):
            opened(report, bytes(size))


@pytest.mark.parametrize(
    "plain",
    [
        *(b"", b"not json", b"null", b"7", b"[]", b"\xff", b"[" * 100_000),
        *(b'["a"]', b'[["a"], "theft"]', b'[["a"], "theft", []]'),
        *(b'[["a"], "theft", [], "desk_only", 1]', b'{"a": 1, "b": 2, "c": 3, "d": 4}'),
        *(b'[["a"], "sky", [], "desk_only"]', b'[["a"], [], [], "desk_only"]'),
        *(b'[["a"], "theft", ["nobody"], "desk_only"]', b'[["a"], "theft", [], "anywhere"]'),
        *(b'[[1], "theft", [], "desk_only"]', b'["ab", "theft", [], "desk_only"]'),
        *(b'[{"a": 1}, "theft", [], "desk_only"]', b'[["a"], "theft", null, "desk_only"]'),
        *(b'[["a"], "theft", ["chief", "chief"], "desk_only"]', b'[["a"], "theft", [], null]'),
        b'[["\\ud800"], "theft", [], "desk_only"]',
    ],
)
async def test_words_that_nobody_would_have_sealed_are_an_alarm(
    house: House, session: MemberSession, plain: bytes
) -> None:
    _, report = await house.sent()
    dek, key = bytes(range(32)), await house.shred_key(report.id)
    report = await sealed_by_hand(house, session, report, dek_for_desk=dek)

    def holding(content: bytes) -> Report:
        words_key, context = symmetric.expand(dek, WORDS_LABEL), code_context(report.id, "words")
        words = symmetric.seal(words_key, content, context)
        return replace(report, sealed=replace(report.sealed, words=words))

    whole = b'[["a"], "theft", ["chief"], "desk_only"]'
    assert session.words(holding(pad(whole)), key).topic is Topic.THEFT
    for content in (pad(plain), plain):
        with pytest.raises(EnvelopeLost):
            session.words(holding(content), key)


async def test_topic_and_what_the_citizen_wished_are_sealed_with_the_words(house: House) -> None:
    _, report = await house.sent(topic=Topic.LAND, kept_out=frozenset({KeptOut.CHIEF}))
    session = await house.unlock(house.first)
    house.tamper("cases", "UPDATE report SET topic = 'roads', kept_out = '', how_far = 'summary'")
    words = session.words(await house.report(report.id), await house.shred_key(report.id))
    assert (words.topic, words.kept_out) == (Topic.LAND, frozenset({KeptOut.CHIEF}))
    assert words.how_far is HowFar.DESK_ONLY
    assert words.is_sensitive


async def test_what_a_member_signs_is_theirs_and_nobody_elses(
    house: House, session: MemberSession
) -> None:
    mine = (await house.member(house.neighbour)).signing_public
    theirs = (await house.member(house.first)).signing_public
    signature = session.sign(b"body")
    verify(mine, signature, Purpose.EVENT, b"body")
    for public, purpose, body in (
        (theirs, Purpose.EVENT, b"body"),
        (mine, Purpose.GRANT, b"body"),
        (mine, Purpose.EVENT, b"bodies"),
    ):
        with pytest.raises(SignatureRefused):
            verify(public, signature, purpose, body)


async def test_a_wiped_session_opens_and_grants_nothing(
    house: House, session: MemberSession
) -> None:
    _, report = await house.sent()
    key = await house.shred_key(report.id)
    newcomer = await house.member(house.second)
    session.wipe()
    assert session.desks == frozenset()
    assert (session.keys, session.pairs, session.standings) == (None, {}, {})
    with pytest.raises(KeyRefused):
        session.sign(b"body")
    with pytest.raises(EnvelopeLost):
        session.words(report, key)
    with pytest.raises(EnvelopeLost):
        session.case(report, key)
    with pytest.raises(KeyRefused):
        session.grant(newcomer, await national_key(house))


async def test_nobody_grants_the_key_of_a_desk_they_do_not_read(
    house: House, session: MemberSession
) -> None:
    with pytest.raises(KeyRefused):
        session.grant(await house.member(house.second), await national_key(house))


async def test_a_key_goes_only_to_the_newcomers_certified_keys(house: House) -> None:
    session = await house.unlock(house.first)
    key, second = await national_key(house), await house.member(house.second)
    neighbour = await house.member(house.neighbour)
    for forged in (
        replace(second, certificate=neighbour.certificate),
        replace(second, id=neighbour.id),
        replace(second, certificate=second.certificate[:-1]),
        neighbour,
    ):
        with pytest.raises(KeyRefused):
            session.grant(forged, key)
    with pytest.raises(KeyRefused):
        session.grant(second, replace(key, certificate=b""))


async def test_a_swapped_public_key_in_the_newcomers_row_gets_nothing(house: House) -> None:
    """The copy is sealed to the certificate's key: the row's own is not even looked at."""
    session = await house.unlock(house.first)
    second = await house.member(house.second)
    swapped = replace(second, sealing_public=own_keys(session).sealing.public.raw)
    copy = session.grant(swapped, await national_key(house))
    async with house.stores.cases() as cases:
        await cases.staff.add_copy(copy)
        await cases.commit()
    assert (await house.unlock(house.second)).desks == {NATIONAL}


async def test_no_secret_shows_when_a_session_is_printed(session: MemberSession) -> None:
    printed = repr(session)
    for secret in (own_keys(session).sealing.seed, *(pair.seed for pair in session.pairs.values())):
        assert str(secret) not in printed
    assert "Private" not in printed
