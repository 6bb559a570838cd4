"""A photo becomes a JPEG made of its pixels and of nothing else.

Pixels are copied onto an empty picture, so whatever stood beside them (EXIF, XMP, IPTC, GPS,
colour profile, thumbnail, comments, text, frames, trailing bytes) has no way across.
"""

import warnings
from io import BytesIO

from PIL import (
    Image,
    ImageOps,
    ImagePalette,
    MpoImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from media.wire import Refused, Word

LONGEST_SIDE = 2048
"""Pixels after cleaning: a number plate stays readable, the camera's resolution does not."""

MOST_PIXELS = 25_000_000
MOST_IN_JPEG = 64_000_000
"""A JPEG is decoded at a fraction of its size where it is larger than needed."""

LONGEST_IN = 20_000
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")

WHITE = (255, 255, 255)

Image.preinit()
LOADED = (ImagePalette, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""What Pillow would load only when it meets it; by then nothing can be opened any more."""


def clean_photo(content: bytes) -> bytes:
    """Raises Refused; MemoryError and more of Pillow's own, which the child answers for."""
    warnings.simplefilter("error")
    with Image.open(BytesIO(content), formats=FORMATS) as image:
        _check_size(image)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        return _encoded(_pixels(image))


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    most = MOST_IN_JPEG if image.format == "JPEG" else MOST_PIXELS
    if width * height > most or max(width, height) > LONGEST_IN or not min(width, height):
        raise Refused(Word.UNCLEANABLE)


def _pixels(image: Image.Image) -> Image.Image:
    """The right way up, on white where it was transparent."""
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", turned.size, WHITE)
    if turned.has_transparency_data:
        coloured = turned.convert("RGBA")
        fresh.paste(coloured, mask=coloured.getchannel("A"))
    else:
        fresh.paste(turned.convert("RGB"))
    return fresh


def _encoded(fresh: Image.Image) -> bytes:
    out = BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
