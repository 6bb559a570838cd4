"""Drawn by typst, from a sheet: no system font, no network, the same bytes every time, and
nothing in them that says when or with what.
"""

import re
from enum import StrEnum
from importlib.resources import files

PIXELS_PER_INCH = 216.0
"""1,080 pixels across a chart of 360 points: three for each of a phone's."""

MAKERS = re.compile(
    rb"/(?:Creator|Producer|ModDate|CreationDate) ?\([^)]*\)"
    rb"|<xmp:(CreatorTool|ModifyDate|CreateDate)>[^<]*</xmp:\1>"
)
"""Where a PDF says by whom and when (ISO 32000-1, 14.3), in its information and its XMP."""

_here = files("bot.pictures")


class Form(StrEnum):
    """`CHART`: PNG, one phone wide. `PAGE`: PDF, one A4 page; PDF/UA-1 (ISO 14289-1), so that
    it can be read aloud.
    """

    CHART = "chart"
    PAGE = "page"


def drawn(sheet: str, form: Form) -> bytes:
    """`sheet`: as its `as_json` writes it."""
    import typst  # noqa: PLC0415 - slow to load for whoever draws nothing

    is_page = form is Form.PAGE
    made = typst.compile(
        (_here / "digest.typ").read_bytes(),
        format="pdf" if is_page else "png",
        pdf_standards="ua-1" if is_page else None,
        ppi=PIXELS_PER_INCH,
        ignore_system_fonts=True,
        sys_inputs={"sheet": sheet, "form": form.value},
        timestamp=0,
    )
    return MAKERS.sub(_blank, made) if is_page else made


def _blank(found: re.Match[bytes]) -> bytes:
    """As long as before: a PDF finds its parts by their distance from the start."""
    return b" " * len(found[0])
