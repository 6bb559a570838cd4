"""Stores that an earlier release wrote are read by this one, every envelope in them: each a
folder of `tests/vectors/stores`, never written again.
"""

import ast
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import LargeBinary

from app.doctor_custody import look_at_custody
from app.finding import Light
from bot.dialogue.outgoing import LETTERS
from crypto import symmetric, xwing
from crypto.chat_seal import Purpose
from crypto.context import Context
from crypto.session import copy_context
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL
from domain.followup.outgoing import MessageKind
from domain.ports.chat import Language
from domain.reports.check import ReportExpired, ReportWithdrawn
from domain.reports.dialogue import open_questions
from domain.reports.entry import EntryKind
from domain.reports.state import Standing
from domain.reports.tombstone import Ending
from domain.reports.topic import Topic
from domain.staff.unlock import Revoked
from storage.tables.metadata import STORES
from tests.fakes.citizen_talk import written
from tests.golden import HOME, Golden, followers
from tests.golden_life import (
    A_FORUM,
    ADDITION,
    ALL_OF_IT,
    ANSWER,
    CHAT,
    FILE,
    FOLLOWING,
    OFFICER,
    ONE_TOPIC,
    PROOF,
    QUESTION,
    SUMMARY,
    WORDS,
)
from tests.house import COUNTY, House, Moderator, unwrap_once
from tests.spoken import LANGUAGES

pytestmark = pytest.mark.usefixtures("full_cost")  # they were kept at it

RELEASES = sorted(path.name for path in HOME.iterdir())
FIRST, *LATER = RELEASES
CRYPTO = Path(__file__).parents[2] / "crypto"

ELSEWHERE = {"backup", "recovery-wrap"}
"""Kept in files of their own, and read for ever in `tests/unit/test_custodians_formats.py`."""

EMPTY = {
    ("cases", name)
    for name in ("closing", "withdrawn", "county", "forum", "forum_county", "help_line")
} | {("cases", "commitment")}
"""Of a deployment that ended; for a day at most; and what every release loads anew."""

Opened = set[tuple[str, str]]


async def test_what_the_first_release_kept_is_read_for_ever(tmp_path: Path) -> None:
    golden = Golden(name=FIRST)
    async with golden.opened(tmp_path) as house:
        checked = await house.check(golden.held("code").decode())
        assert checked.standing is Standing.BEING_READ
        assert checked.visits.count == 3
        assert open_questions(checked.dialogue) == ()
        assert checked.followed

        await house.unlock(house.first)
        desk = house.desk(house.first)
        ref = (await house.report(checked.held.report)).ref
        opened, files = await desk.files(ref)
        assert opened.words.messages == WORDS
        assert files == (FILE,)
        assert ANSWER in [said.words for said in checked.dialogue]

        (memory,) = await house.memories.all()
        assert (memory.chat, memory.language) == (CHAT, Language.KISWAHILI)
        assert memory.messages == {41, 42}
        assert [follower.chat for follower in await followers(house).all()] == [CHAT]
        assert [staff.member for staff in await house.book.all()] == [house.first.id]
        (claimed,) = await house.outbox.claim(10)
        assert claimed.message.to.chat == CHAT
        assert claimed.message.facts == {"slot": "A" * 43}
        (told,) = await house.mailboxes.addressees([checked.held.secret])
        assert told is not None
        assert told.chat == CHAT


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The kind and field of every envelope that opens, numbers left out."""
    found: Opened = set()
    unwrap_once.cache_clear()  # another test may have opened the same member's keys
    for module in (symmetric, xwing):
        monkeypatch.setattr(module, "unseal", _noting(module.unseal, found))
    return found


def _noting(unseal: Any, found: Opened) -> Any:
    def noted(key: Any, envelope: bytes, context: Context) -> bytes:
        plain: bytes = unseal(key, envelope, context)
        found.add((str(context.kind), context.field.partition("/")[0]))
        return plain

    return noted


@pytest.mark.parametrize("name", LATER)
async def test_what_a_release_kept_is_read_for_ever(
    name: str, tmp_path: Path, opened: Opened
) -> None:
    golden = Golden(name=name)
    async with golden.opened(tmp_path) as house:
        second = golden.person("second", 102)
        await _codes_open(golden, house)
        await _members_read(golden, house, house.first, second)
        await _custodians_open(golden, house)
        await _chats_are_known(house)
        await _messages_leave(house)
        kept = SimpleNamespace(stores=house.stores, custody=house.custody)
        found = await look_at_custody(cast("Any", kept))
        assert [each.what for each in found if each.light is Light.RED] == []
    if name == RELEASES[-1]:
        assert {kind for kind, _ in opened} == {*kinds_of(CRYPTO), *Purpose} - ELSEWHERE
        fields = {field for kind, field in opened if kind == "report"}
        assert fields >= {"words", "files", "dek_for_desk", "case_for_desk", "case_for_code"}
        assert fields >= {"visits", "proof"}


async def _codes_open(golden: Golden, house: House) -> None:
    """Each hears of its report what is so, or how it ended."""
    checked = await house.check(golden.code("asked"))
    assert [said.words for said in checked.dialogue] == [QUESTION, ANSWER]
    assert (checked.standing, checked.visits.count) == (Standing.BEING_READ, 3)
    (told,) = await house.mailboxes.addressees([checked.held.secret])
    assert told is not None
    assert told.chat == CHAT
    checked = await house.check(golden.code("done"))
    assert [said.words for said in checked.dialogue if said.words] == [SUMMARY, ADDITION]
    assert checked.followed
    assert await house.mailboxes.addressees([checked.held.secret]) == (None,), "was forgotten"
    assert (await house.check(golden.code("withdrawing"))).destroyed_on is not None
    with pytest.raises(ReportWithdrawn):
        await house.check(golden.code("withdrawn"))
    with pytest.raises(ReportExpired):
        await house.check(golden.code("expired"))


async def _members_read(golden: Golden, house: House, *readers: Moderator) -> None:
    """Founder, and whoever was let in: both generations. Whoever left reads nothing."""
    asked, done = [(await house.check(golden.code(name))).held for name in ("asked", "done")]
    for reader in readers:
        await house.unlock(reader)
        desk = house.desk(reader)
        old, young = await house.report(asked.report), await house.report(done.report)
        assert (old.generation, young.generation) == (1, 2)
        words, files = await desk.files(old.ref)
        assert (words.words.messages, files) == (WORDS, (FILE,))
        read = await desk.open(young.ref)
        assert read.words.messages == WORDS
        assert PROOF in [proof.words for proof in read.proofs]
    with pytest.raises(Revoked):
        await house.unlock(golden.person("third", 103))


async def _custodians_open(golden: Golden, house: House) -> None:
    pair = KeyPair.from_seed(golden.held("recovery_seed"))
    async with house.stores.cases() as cases:
        copies = await cases.staff.copies(None)
        publics = {key.generation: key.public for key in await cases.staff.desk_keys(NATIONAL)}
    assert [copy.generation for copy in copies] == [1, 2]
    for copy in copies:
        context = copy_context(None, copy.desk, copy.generation)
        desk = KeyPair.from_seed(xwing.unseal(pair, copy.sealed, context))
        assert desk.public.raw == publics[copy.generation]


async def _chats_are_known(house: House) -> None:
    (memory,) = await house.memories.all()
    assert (memory.chat, memory.language) == (CHAT, Language.KISWAHILI)
    assert memory.messages | (await house.traces.of(CHAT)).noted == {41, 42}
    (follower,) = await followers(house).all()
    assert follower.chat == FOLLOWING
    assert follower.subjects == (ALL_OF_IT, ONE_TOPIC, A_FORUM)
    staff = {entry.chat: entry for entry in await house.book.all()}
    assert set(staff) == {101, 102, 103, OFFICER}
    assert staff[OFFICER].daily
    (officer,) = await house.officers.enrolled()
    assert officer.chat == staff[OFFICER]
    async with house.stores.cases() as cases:
        table = await cases.publications.newest(COUNTY)
    assert table is not None
    assert [cell.shown.about for cell in table.news(Topic.THEFT, date.min)]


async def _messages_leave(house: House) -> None:
    """Every kind there is, in the words of today."""
    house.clock.passes(days=1)
    messages = [claimed.message for claimed in await house.outbox.claim(50)]
    assert {message.kind for message in messages} == set(MessageKind)
    async with house.stores.addresses() as addresses:
        assert (await addresses.outgoing.count())["aside"] == 0
    for message in messages:
        screen = LETTERS[message.kind](message.facts)
        assert all(written(screen, language) for language in LANGUAGES)
    summaries = [each.facts["summary"] for each in messages if each.kind is MessageKind.REFERRAL]
    assert summaries == [SUMMARY, SUMMARY]


async def test_the_newest_set_holds_whatever_is_kept_as_bytes(tmp_path: Path) -> None:
    """A column of bytes that is new here needs a new set: `python -m tests.golden NAME`."""
    async with Golden(name=RELEASES[-1]).opened(tmp_path) as house:
        assert [column for column in bytes_columns() if not holds(house, column)] == []
        assert {table for table in tables() if not holds(house, (*table, "*"))} == EMPTY
        entries = {kind for (kind,) in house.rows("cases", "SELECT kind FROM entry")}
        assert entries == set(EntryKind)
        endings = {ending for (ending,) in house.rows("cases", "SELECT ending FROM tombstone")}
        assert endings == set(Ending)
        keys = house.rows("cases", "SELECT certificate FROM desk_key")
        standings = house.rows("cases", "SELECT standing FROM desk_copy")
        certificates = b"".join(each for (each,) in (*keys, *standings))
        assert [kind for kind in certificate_kinds() if kind not in certificates] == []


async def test_a_column_that_no_row_fills_is_found(tmp_path: Path) -> None:
    async with Golden(name=RELEASES[-1]).opened(tmp_path) as house:
        house.tamper("cases", "UPDATE referral SET proof = x''")
        lacking = [column for column in bytes_columns() if not holds(house, column)]
    assert lacking == [("cases", "referral", "proof")]


def test_a_kind_that_is_sealed_is_found_in_the_code(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text(
        'KIND = "by name"\n'
        'def a(): return Context(kind="at once", row=b"", field="x")\n'
        "def b(): return Context(kind=KIND, row=b'', field='x')\n"
        "def c(self): return Context(kind=self.purpose, row=b'', field='x')\n"
    )
    assert set(kinds_of(tmp_path)) == {"at once", "by name"}
    (tmp_path / "odd.py").write_text("def a(what): return Context(kind=what, row=b'', field='')")
    with pytest.raises(KeyError):
        list(kinds_of(tmp_path))


def tables() -> Iterator[tuple[str, str]]:
    for store, declared in STORES.items():
        for table in declared.sorted_tables:
            yield store, table.name


def bytes_columns() -> Iterator[tuple[str, str, str]]:
    for store, declared in STORES.items():
        for table in declared.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, LargeBinary):
                    yield store, table.name, column.name


def holds(house: House, column: tuple[str, str, str]) -> bool:
    """Any row at all, for `*`."""
    store, table, name = column
    where = "" if name == "*" else f" WHERE length({name}) > 0"
    query = f"SELECT 1 FROM {table}{where} LIMIT 1"  # noqa: S608 - our own names
    return house.rows(store, query) != []


def kinds_of(folder: Path) -> Iterable[str]:
    """Of every `Context(kind=…)` in the code; those of chats are `Purpose`s. Raises KeyError for
    one that is spelt in another way.
    """
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = dict(_constants(tree))
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="Context"), keywords=keywords):
                    kind = next(each.value for each in keywords if each.arg == "kind")
                    if not (isinstance(kind, ast.Attribute) and kind.attr == "purpose"):
                        yield _text(kind, constants)
                case _:
                    pass


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                yield name, text
            case _:
                pass


def _text(node: ast.expr, constants: dict[str, str]) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return constants[name]
        case _:
            raise KeyError(ast.dump(node))


def certificate_kinds() -> list[bytes]:
    """What `crypto/certificates.py` packs."""
    tree = ast.parse((CRYPTO / "certificates.py").read_text(encoding="utf-8"))
    kinds = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes)
        if len(node.value) > 1
    ]
    assert len(set(kinds)) == len({b"invite", b"member", b"grant", b"standing", b"first", b"next"})
    return kinds
