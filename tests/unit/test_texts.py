"""The catalogues: complete, alike, short, escaped, and one file a language."""

import ast
import csv
import importlib
import pkgutil
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from bot.dialogue.citizen import COMMANDS
from bot.dialogue.citizen.lines import NAMED
from bot.dialogue.citizen.menu import PRIVACY_PAGES
from bot.dialogue.named import AREAS, GROUPS
from bot.dialogue.screen import Text, Verbatim
from bot.dialogue.spoken import language_name, phrase, words_of
from bot.texts.catalogue import IN_EVERY_LANGUAGE, TAG, Catalogue
from bot.texts.errors import CatalogueMalformed, ParameterMissing, ParameterUnknown, TextMissing
from domain.errors import DomainError
from domain.ports.chat import Language
from tests.spoken import CATALOGUES, LANGUAGES

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "bot", "storage", "crypto", "scheduler", "media", "app")
ENGLISH, KISWAHILI = CATALOGUES.of(Language.ENGLISH), CATALOGUES.of(Language.KISWAHILI)
TERMS = ROOT / "app" / "reference" / "kiswahili_terms.csv"
KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_-]+)+")

each_language = pytest.mark.parametrize("language", LANGUAGES)


def forms(catalogue: Catalogue, key: str) -> list[str]:
    """Every wording of a key."""
    if key not in catalogue.plural_keys:
        return [catalogue.form(key)]
    return sorted({catalogue.form(key, count) for count in (0, 1, 2, 5, 11, 100)})


def placeholders(words: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(words) if name is not None)


def literals() -> Iterator[tuple[str, bool]]:
    """Strings in the code that could be keys, and whether they certainly are."""
    for path in sorted(each for package in PACKAGES for each in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name("Text"), args=[ast.Constant(str(key)), *_]):
                    yield key, True
                case ast.Constant(str(key)) if KEY.fullmatch(key):
                    yield key, False


def prefixes() -> frozenset[str]:
    """What keys made by the code begin with: f"line.{key}" gives "line."."""
    found = set()
    for path in (each for package in PACKAGES for each in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.JoinedStr(values=[ast.Constant(str(start)), *_]) if KEY.fullmatch(
                    f"{start}x"
                ):
                    found.add(start)
    return frozenset(found)


def made_keys() -> frozenset[str]:
    """Keys the code makes from lists it knows."""
    members = {f"{group}.{member}" for words, group in GROUPS.items() for member in words}
    return frozenset(
        members | {f"line.{key}" for key in NAMED} | {f"area.{area}" for area in AREAS}
    )


def errors_of(cls: type[DomainError]) -> Iterator[type[DomainError]]:
    for each in cls.__subclasses__():
        yield each
        yield from errors_of(each)


def test_every_language_has_the_same_texts() -> None:
    assert ENGLISH.keys == KISWAHILI.keys
    assert ENGLISH.plural_keys == KISWAHILI.plural_keys


@pytest.mark.parametrize("key", sorted(ENGLISH.keys))
def test_every_language_fills_the_same_places_with_the_same_tags(key: str) -> None:
    spoken = [form for catalogue in (ENGLISH, KISWAHILI) for form in forms(catalogue, key)]
    assert len({placeholders(words) for words in spoken}) == 1
    assert len({tuple(sorted(TAG.findall(words))) for words in spoken}) == 1


@pytest.mark.parametrize("catalogue", [ENGLISH, KISWAHILI], ids=["en", "sw"])
def test_tags_are_closed_and_nothing_else_looks_like_one(catalogue: Catalogue) -> None:
    for key in catalogue.keys:
        for words in forms(catalogue, key):
            opened = Counter(re.findall(r"<(b|i|code)>", words))
            assert opened == Counter(re.findall(r"</(b|i|code)>", words)), key
            assert not re.search(r"[<>&]", TAG.sub("", words)), key


@pytest.mark.parametrize("catalogue", [ENGLISH, KISWAHILI], ids=["en", "sw"])
def test_placeholders_are_plain_names(catalogue: Catalogue) -> None:
    for key in catalogue.keys:
        for words in forms(catalogue, key):
            assert all(re.fullmatch(r"[a-z_]+", name) for name in placeholders(words)), key


@pytest.mark.parametrize("catalogue", [ENGLISH, KISWAHILI], ids=["en", "sw"])
def test_texts_are_short_and_clean(catalogue: Catalogue) -> None:
    for key in catalogue.keys:
        for words in forms(catalogue, key):
            lines = [
                wrapped
                for line in TAG.sub("", words).split("\n")
                for wrapped in textwrap.wrap(line, 40) or [""]
            ]
            assert len(lines) <= 12, key
            assert "  " not in words, key
            assert words == words.strip(), key
            assert not any(line.endswith(" ") for line in words.split("\n")), key


@pytest.mark.parametrize("catalogue", [ENGLISH, KISWAHILI], ids=["en", "sw"])
def test_texts_are_understood_without_emoji(catalogue: Catalogue) -> None:
    for key in catalogue.keys - {"button.on"}:
        for words in forms(catalogue, key):
            assert not [sign for sign in words if unicodedata.category(sign) == "So"], key


@pytest.mark.parametrize("catalogue", [ENGLISH, KISWAHILI], ids=["en", "sw"])
def test_buttons_are_short(catalogue: Catalogue) -> None:
    for key in catalogue.keys:
        group = key.partition(".")[0]
        if group in {"button", "language", "area"} or key in made_keys() & {
            f"{group}.{member}"
            for words, group in GROUPS.items()
            if group in {"topic", "kept_out", "how_far", "forum_relation"}
            for member in words
        }:
            assert len(catalogue.form(key)) <= 24, key


@pytest.mark.parametrize("catalogue", [ENGLISH, KISWAHILI], ids=["en", "sw"])
def test_what_telegram_shows_as_it_is_has_no_tags(catalogue: Catalogue) -> None:
    for key in catalogue.keys:
        if key.partition(".")[0] in {"button", "command", "toast", "bot"}:
            assert not TAG.search(catalogue.form(key)), key
    assert len(catalogue.form("bot.description")) <= 512
    for _, key in COMMANDS:
        assert 3 <= len(catalogue.form(key)) <= 256


def test_what_is_asked_before_there_is_a_language_speaks_every_language() -> None:
    assert ENGLISH.say(Text("start.language")) == "Which language?\nLugha gani?"
    for key in IN_EVERY_LANGUAGE:
        assert ENGLISH.form(key) == KISWAHILI.form(key)
        assert len(ENGLISH.form(key).split("\n")) == len(LANGUAGES)


def test_languages_call_themselves_by_their_own_names() -> None:
    for catalogue in (ENGLISH, KISWAHILI):
        names = [catalogue.plain(language_name(language)) for language in LANGUAGES]
        assert names == ["English", "Kiswahili"]


def test_a_phone_speaks_the_language_it_is_set_to() -> None:
    said = [CATALOGUES.nearest(code) for code in ("sw", "sw-KE", "fr", "", "s")]
    assert said == [*[Language.KISWAHILI] * 2, *[Language.ENGLISH] * 3]


def test_what_people_type_means_one_thing_in_all_languages() -> None:
    typed = [key for key in ENGLISH.keys if key.startswith("typed.")]
    for group in ("topic", "state", "want_|no_action"):
        meant: dict[str, set[str]] = {}
        for catalogue in (ENGLISH, KISWAHILI):
            for key in (key for key in typed if re.match(rf"typed\.(?:{group})_", key)):
                for word in catalogue.form(key).split(","):
                    meant.setdefault(phrase(words_of(word)), set()).add(key)
        assert {word: keys for word, keys in meant.items() if len(keys) > 1} == {}


def test_no_text_is_missing() -> None:
    asked = {key for key, certain in literals() if certain} | made_keys()
    asked |= {key for _, key in COMMANDS} | {page.key for page in PRIVACY_PAGES}
    assert asked - ENGLISH.keys == set()


def test_no_text_is_unused() -> None:
    used = {key for key, _ in literals()} | made_keys()
    made = tuple(prefixes())
    assert {key for key in ENGLISH.keys - used if not key.startswith(made)} == set()


def test_every_refusal_can_be_said() -> None:
    for package in PACKAGES:
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            if "migrations" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    said = {error for error in errors_of(DomainError) if error.__module__.startswith(PACKAGES)}
    assert {error.__name__ for error in said if error.key not in ENGLISH.keys} == set()


@each_language
def test_groups_and_keys_stand_in_alphabetical_order(language: Language) -> None:
    with (ROOT / "bot" / "texts" / f"{language}.po").open("rb") as file:
        keys = [
            each.id if isinstance(each.id, str) else each.id[0] for each in read_po(file) if each.id
        ]
    assert keys == sorted(keys, key=lambda key: key.split(".", 1))


def test_a_language_is_one_file(tmp_path: Path) -> None:
    source = (ROOT / "bot" / "texts" / "en.po").read_text()
    (tmp_path / "so.po").write_text(source.replace("Taken:", "La qaatay:"))
    somali = Catalogue.load("so", tmp_path)
    assert somali.keys == ENGLISH.keys
    taken = Text("words.taken", {"length": 20}, count=1)
    assert somali.say(taken) == "La qaatay: 1 message, 20 characters."


def test_whatever_fills_a_place_is_escaped() -> None:
    operator = Text("start.who", {"operator": "<b>Me</b> & you"})
    assert "&lt;b&gt;Me&lt;/b&gt; &amp; you" in ENGLISH.say(operator)
    assert "<b>Me</b> & you" in ENGLISH.plain(operator)
    assert ENGLISH.say(Verbatim("<i>a & b</i>")) == "&lt;i&gt;a &amp; b&lt;/i&gt;"


def test_braces_in_what_fills_a_place_stay_as_they_are() -> None:
    assert "{operator} {0}" in ENGLISH.say(Text("start.who", {"operator": "{operator} {0}"}))


def test_a_text_within_a_text_is_said_in_the_same_language() -> None:
    reader = Text("review.reader", {"reader": Text("reader.national")})
    assert ENGLISH.say(reader) == "Read by: the national desk"
    assert KISWAHILI.say(reader) == "Msomaji: dawati la taifa"


def test_plain_words_have_no_tags() -> None:
    standing = Text("check.standing", {"standing": Text("standing.stuck")})
    assert ENGLISH.say(standing) == "<b>Stuck</b>"
    assert ENGLISH.plain(standing) == "Stuck"


@pytest.mark.parametrize(
    ("catalogue", "day"), [(ENGLISH, "2 November"), (KISWAHILI, "2 Novemba")], ids=["en", "sw"]
)
def test_a_day_is_written_as_people_say_it(catalogue: Catalogue, day: str) -> None:
    since = Text("check.since", {"since": date(2026, 11, 2), "author": Text("author.office")})
    assert day in catalogue.say(since)


@pytest.mark.parametrize("catalogue", [ENGLISH, KISWAHILI], ids=["en", "sw"])
def test_numbers_are_grouped(catalogue: Catalogue) -> None:
    assert "20,000" in catalogue.say(Text("error.too_long", {"limit": 20_000}))


def test_the_count_chooses_the_plural() -> None:
    assert ENGLISH.say(Text("review.kept_out", count=1)) == "Must not read it: 1 office"
    assert ENGLISH.say(Text("review.kept_out", count=2)) == "Must not read it: 2 offices"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(TextMissing):
        ENGLISH.say(Text("menu.no_such_key"))


def test_a_key_left_untranslated_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "so.po").write_text(
        'msgid ""\nmsgstr "Language: so\\n"\n\nmsgid "a.b"\nmsgstr ""\n'
    )
    with pytest.raises(TextMissing):
        Catalogue.load("so", tmp_path).say(Text("a.b"))


def test_a_plural_without_a_count_is_an_error() -> None:
    with pytest.raises(TextMissing):
        ENGLISH.say(Text("words.added"))
    with pytest.raises(TextMissing):
        ENGLISH.say(Text("menu.ask", count=2))


def test_an_unfilled_place_is_an_error() -> None:
    with pytest.raises(ParameterMissing):
        ENGLISH.say(Text("error.too_long"))


@pytest.mark.parametrize("value", [True, 1.5, None, b"x"])
def test_a_parameter_nobody_can_read_is_an_error(value: object) -> None:
    with pytest.raises(ParameterUnknown):
        ENGLISH.say(Text("error.too_long", {"limit": value}))


def test_a_broken_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "so.po").write_text('mgsid "a.b"\nmsgstr "c"\n')
    with pytest.raises(CatalogueMalformed):
        Catalogue.load("so", tmp_path)


def test_somebody_without_a_language_gets_the_card_that_speaks_both() -> None:
    assert CATALOGUES.of(None) is ENGLISH


def test_what_a_native_speaker_has_to_review_is_listed_and_nothing_else() -> None:
    """By a flag in the catalogue, and a column of the list of terms."""
    with (ROOT / "bot" / "texts" / "sw.po").open("rb") as file:
        flagged = [each for each in read_po(file) if "native-review" in each.flags]
    terms = csv.DictReader(TERMS.read_text(encoding="utf-8").splitlines())
    waiting = [
        (term["english"], term["kiswahili"])
        for term in terms
        if term["provenance"] == "needs native review"
    ]
    page = (ROOT / "docs" / "translating.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| (.+) \| (.+) \|$", page, re.MULTILINE)
    assert rows == [(each.id, ENGLISH.form(str(each.id)), each.string) for each in flagged]
    assert len(rows) > 50
    listed = re.findall(r"^\| ([^`|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    assert [row for row in listed if row != ("English", "Kiswahili")] == waiting


@pytest.mark.parametrize("catalogue", [ENGLISH, KISWAHILI], ids=["en", "sw"])
def test_every_form_of_a_plural_is_filled_and_told_apart(catalogue: Catalogue) -> None:
    """As many as the head of the file promises; a form may leave the number to another."""
    with (ROOT / "bot" / "texts" / f"{catalogue.locale.language}.po").open("rb") as file:
        read = read_po(file)
    assert read.plural_expr == "(n != 1)"
    for each in read:
        if each.pluralizable:
            assert len(each.string or ()) == read.num_plurals == 2, each.id
            assert all(each.string or ()), each.id
