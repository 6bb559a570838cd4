"""Drawn by typst, from a sheet: no system font, no network, the same bytes every time."""

from importlib.resources import files
from typing import Literal

from bot.pictures.sheet import Sheet

PIXELS_PER_INCH = 216.0
"""1,080 pixels across a chart of 360 points: three for each of a phone's."""

_here = files("bot.pictures")


def chart(sheet: Sheet) -> bytes:
    """PNG, one phone wide, for above the message."""
    return _drawn(sheet, "chart")


def page(sheet: Sheet) -> bytes:
    """PDF, one A4 page; PDF/UA-1 (ISO 14289-1), so that it can be read aloud."""
    return _drawn(sheet, "page")


def _drawn(sheet: Sheet, form: Literal["chart", "page"]) -> bytes:
    import typst  # noqa: PLC0415 - slow to load for whoever draws nothing

    is_page = form == "page"
    return typst.compile(
        (_here / "digest.typ").read_bytes(),
        format="pdf" if is_page else "png",
        pdf_standards="ua-1" if is_page else None,
        ppi=PIXELS_PER_INCH,
        ignore_system_fonts=True,
        sys_inputs={"sheet": sheet.as_json(), "form": form},
        timestamp=0,
    )
