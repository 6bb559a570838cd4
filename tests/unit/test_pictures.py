"""Charts and pages: readable, true to the published figures, the same every time."""

import asyncio
import re
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageChops

from bot.dialogue.outgoing.pictured import chart, page
from bot.dialogue.screen import Screen
from bot.pictures.digest_sheet import digest_sheet
from bot.pictures.draw import Form, drawn
from bot.pictures.sheet import Sheet
from bot.pictures.studio import Studio, Undrawn
from bot.telegram.card import words_of
from domain.ports.chat import Language
from domain.referrals.desk import COLUMNS
from domain.reports.topic import Topic
from tests.kept_pictures import FOLDER, facts, pictures
from tests.spoken import CATALOGUES, LANGUAGES

CAPTION = 1024
"""Characters under a photo (core.telegram.org/bots/api#sendphoto)."""

FACTS: dict[str, object] = {
    "county": "Nakuru",
    "day": "2026-11-23",
    "table": [
        ["gangs", [["open", 40, 10], ["new", 15, 10], ["blocked", 10, 10]]],
        ["theft", [["open", 20, 5]]],
        ["land", [["late", 25, 10]]],
    ],
}
FULLEST: dict[str, object] = {
    "county": "Elgeyo Marakwet",
    "day": "2026-11-23",
    "table": [[topic, [[column, 99_995, 10] for column in COLUMNS]] for topic in Topic],
}

each_language = pytest.mark.parametrize("language", LANGUAGES)


def sheet_of(told: dict[str, object], language: Language = Language.ENGLISH) -> Sheet:
    return digest_sheet(told, CATALOGUES.of(language))


@cache
def picture(form: Form) -> bytes:
    return drawn(sheet_of(FACTS).as_json(), form)


def said(screen: Screen, language: Language) -> str:
    return words_of(screen, CATALOGUES.of(language))


def numbers(words: str) -> set[str]:
    return set(re.findall(r"\d+(?:,\d{3})*", words))


def words_in(sheet: Sheet) -> Iterator[str]:
    yield from (sheet.title, sheet.when, sheet.note, *sheet.columns)
    for line in sheet.lines:
        yield line.label
        for cell in line.cells:
            yield from (cell.text, cell.short, str(cell.size or ""))


@each_language
def test_no_number_is_in_a_picture_that_is_not_in_what_was_published(language: Language) -> None:
    published = {"40", "15", "10", "20", "25", "23", "2026"}
    assert numbers(" ".join(words_in(sheet_of(FACTS, language)))) == published


@each_language
def test_whatever_a_chart_draws_stands_in_the_words_below_it(language: Language) -> None:
    below = said(chart(FACTS), language)
    for line in sheet_of(FACTS, language).lines:
        for cell in line.cells[:2]:
            assert cell.size is None or (line.label in below and str(cell.size) in below)
    assert numbers(below) == {"40", "15", "20", "23", "2026"}


@each_language
def test_the_words_below_fit_when_everything_can_be_shown(language: Language) -> None:
    for screen in (chart(FULLEST), page(FULLEST)):
        assert len(said(screen, language)) <= CAPTION


def test_what_everybody_may_read_may_be_passed_on() -> None:
    assert not chart(FACTS).protect
    assert not page(FACTS).protect


def test_too_few_to_show_is_a_word_and_no_bar() -> None:
    gangs, theft, land = sheet_of(FACTS).lines
    assert (theft.cells[1].text, theft.cells[1].size) == ("few", None)
    assert [cell.text for cell in land.cells[:3]] == ["few", "few", "about 25"]
    assert [cell.short for cell in gangs.cells] == ["40", "15", "few", "10", "few", "few"]


def test_a_chart_is_three_pixels_for_each_of_a_phone_and_no_tower() -> None:
    made = Image.open(BytesIO(drawn(sheet_of(FULLEST, Language.KISWAHILI).as_json(), Form.CHART)))
    assert made.width == 1080
    assert made.height < 2 * made.width


def test_a_chart_needs_no_colour() -> None:
    made = Image.open(BytesIO(picture(Form.CHART))).convert("RGB")
    red, green, blue = made.split()
    assert ImageChops.difference(red, green).getbbox() is None
    assert ImageChops.difference(green, blue).getbbox() is None


def test_the_two_bars_differ_as_far_in_grey_as_black_does_from_half_white() -> None:
    """Measured on a copy as small as the phone: the stripes must not run together to black."""
    whole = Image.open(BytesIO(picture(Form.CHART))).convert("L")
    small = whole.resize((360, whole.height // 3), Image.Resampling.LANCZOS)
    rows = [list(small.crop((20, y, 28, y + 1)).tobytes()) for y in range(small.height)]
    grey = [sum(row) / len(row) for row in rows]
    assert any(all(each < 10 for each in grey[at : at + 6]) for at in range(len(grey)))
    assert any(all(90 < each < 215 for each in grey[at : at + 6]) for at in range(len(grey)))


def test_a_page_is_one_page_that_can_be_read_aloud() -> None:
    for told, language in ((FACTS, Language.ENGLISH), (FULLEST, Language.KISWAHILI)):
        made = drawn(sheet_of(told, language).as_json(), Form.PAGE)
        with pikepdf.open(BytesIO(made)) as pdf:
            assert len(pdf.pages) == 1
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == language
            assert str(pdf.docinfo["/Title"]) == sheet_of(told, language).title
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            assert "<pdfuaid:part>1<" in pdf.Root.Metadata.read_bytes().decode()
            (spoken,) = [str(each.Alt) for each in pdf.objects if has_alt(each)]
        assert sheet_of(told, language).lines[0].cells[0].text in spoken


def has_alt(each: pikepdf.Object) -> bool:
    return isinstance(each, pikepdf.Dictionary) and "/Alt" in each


def test_a_page_says_neither_when_nor_with_what_it_was_made() -> None:
    made = picture(Form.PAGE)
    with pikepdf.open(BytesIO(made)) as pdf:
        assert set(pdf.docinfo.keys()) == {"/Title", "/Subject"}
        assert not re.search(rb"(?i)date>|tool>|typst", pdf.Root.Metadata.read_bytes())
    assert b"Typst" not in made


def test_a_chart_holds_pixels_and_nothing_else() -> None:
    made, at, kinds = picture(Form.CHART), 8, set()
    while at < len(made):
        length = int.from_bytes(made[at : at + 4], "big")
        kinds.add(made[at + 4 : at + 8])
        at += 12 + length
    assert kinds <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}


def test_words_are_words_and_never_commands_of_the_drawing() -> None:
    hostile = sheet_of({**FACTS, "county": '#panic("x") $ ] */ "', "table": []})
    assert drawn(hostile.as_json(), Form.CHART).startswith(b"\x89PNG")


async def test_the_kept_pictures_are_what_is_drawn_now() -> None:
    for name, made in pictures(await facts()):
        assert (FOLDER / name).read_bytes() == made, f"{name}: make pictures"


async def test_a_child_draws_what_would_be_drawn_here() -> None:
    assert await Studio().drawn(sheet_of(FACTS), Form.CHART) == picture(Form.CHART)


@pytest.mark.parametrize(
    "program", ["import time; time.sleep(60)", "import os; os.abort()", "print('half'); 1 / 0"]
)
async def test_a_drawing_that_hangs_or_crashes_is_none(program: str) -> None:
    studio = Studio(command=(sys.executable, "-c", program), patience=0.5)
    with pytest.raises(Undrawn):
        await studio.drawn(sheet_of(FACTS), Form.CHART)


async def test_a_drawing_holds_up_nobody() -> None:
    """The loop goes on while a child is at work."""
    drawing = asyncio.create_task(Studio().drawn(sheet_of(FACTS), Form.CHART))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10
