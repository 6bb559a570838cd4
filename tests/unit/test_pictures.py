"""Charts and pages: readable, true to their sheet, the same every time."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.pictures.draw import chart, page
from bot.pictures.sheet import Cell, Line, Sheet

SHEET = Sheet(
    language="en",
    title="Nakuru",
    when="Week to 23 November",
    columns=("Open now", "New", "Late", "Stuck", "Said done"),
    lines=(
        Line(
            label="Land",
            cells=(
                Cell(text="about 40", size=40),
                Cell(text="about 15", size=15),
                Cell(text="fewer than 10"),
                Cell(text="about 10", size=10),
                Cell(text="fewer than 10"),
            ),
        ),
        Line(
            label="Theft and robbery",
            cells=(
                Cell(text="about 20", size=20),
                Cell(text="fewer than 5"),
                Cell(text="about 5", size=5),
                Cell(text="fewer than 5"),
                Cell(text="fewer than 5"),
            ),
        ),
    ),
    note="Rounded to fives. Small numbers are not shown, so that nobody is pointed at.",
    empty="Nothing can be shown yet.",
)


def pixels(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def text_of(pdf: bytes) -> bytes:
    """What its streams hold, unpacked; words are glyphs there, the structure is not."""
    parts = pdf.split(b"stream\n")[1::2]
    return b"".join(_unpacked(part) for part in parts)


def _unpacked(part: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(part.strip())
    except zlib.error:
        return part


def test_a_chart_is_a_picture_three_pixels_for_each_of_a_phone() -> None:
    drawn = chart(SHEET)
    assert drawn.startswith(b"\x89PNG")
    width, height = pixels(drawn)
    assert width == 1080
    assert 400 < height < 2000


def test_a_page_is_one_page_with_a_title_and_tags_for_screen_readers() -> None:
    drawn = page(SHEET)
    assert drawn.startswith(b"%PDF")
    inside = drawn + text_of(drawn)
    assert inside.count(b"/Type/Page/") + inside.count(b"/Type /Page\n") <= 1
    assert b"/StructTreeRoot" in inside
    assert b"Nakuru" in inside


@pytest.mark.parametrize("draw", [chart, page])
def test_the_same_sheet_gives_the_same_bytes(draw: Callable[[Sheet], bytes]) -> None:
    assert draw(SHEET) == draw(SHEET)


def test_another_number_gives_another_picture() -> None:
    line = replace(
        SHEET.lines[0], cells=(Cell(text="about 45", size=45), *SHEET.lines[0].cells[1:])
    )
    assert chart(replace(SHEET, lines=(line,))) != chart(replace(SHEET, lines=(SHEET.lines[0],)))


def test_words_are_words_and_never_commands_of_the_drawing() -> None:
    hostile = replace(SHEET, title='#panic("x") $ ] */ "', lines=())
    assert chart(hostile).startswith(b"\x89PNG")


def test_a_county_with_nothing_to_show_says_so() -> None:
    assert pixels(chart(replace(SHEET, lines=())))[1] < pixels(chart(SHEET))[1]
