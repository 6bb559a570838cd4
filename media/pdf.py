"""A PDF becomes a new one of the same pages, each made of what draws it and of nothing else.

1. What is written into forms and beside the text is drawn onto the pages.
2. The pages move into an empty document: its catalogue knows nothing but pages, so
   information, XMP, attachments, scripts, outlines, signatures and layers stay behind.
3. Every part of a page is cut down to a list of what draws (`media/pdf_parts.py`).
4. It is written anew, with the same id as every other.
"""

from io import BytesIO

from pikepdf import ObjectStreamMode, PasswordError, Pdf, StreamDecodeLevel

from media.pdf_parts import PAGE, Parts, keep_only
from media.wire import Refused, Word

MOST_PAGES = 100


def clean_pdf(content: bytes) -> bytes:
    """Raises Refused, and more of the library's own, which the child answers for."""
    try:
        with Pdf.open(BytesIO(content)) as given, Pdf.new() as fresh:
            _move(given, fresh)
            parts = Parts(pdf=fresh)
            for page in fresh.pages:
                parts.page(page.obj)
            return _written(fresh)
    except PasswordError:
        raise Refused(Word.LOCKED) from None


def _move(given: Pdf, fresh: Pdf) -> None:
    if not 1 <= len(given.pages) <= MOST_PAGES:
        raise Refused(Word.UNCLEANABLE)
    given.generate_appearance_streams()
    given.flatten_annotations("screen")
    for page in given.pages:
        keep_only(page.obj, PAGE | {"/Parent"})
        fresh.pages.append(page)


def _written(fresh: Pdf) -> bytes:
    out = BytesIO()
    fresh.save(
        out,
        fix_metadata_version=False,
        object_stream_mode=ObjectStreamMode.generate,
        stream_decode_level=StreamDecodeLevel.generalized,
        recompress_flate=True,
        static_id=True,
    )
    return out.getvalue()
