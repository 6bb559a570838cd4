"""The words of a message, read from a call."""

from sandbox.botapi.entities import Formatted, read_entities
from sandbox.botapi.html import parse_html
from sandbox.botapi.parameters import Parameters
from sandbox.botapi.refusals import BadRequestError, Why

MAX_TEXT = 4096
MAX_CAPTION = 1024


def read_text(asked: Parameters) -> Formatted:
    """1 to 4,096 characters after entities parsing; raises BadRequestError."""
    if not asked.text("text"):
        raise BadRequestError(Why.TEXT_EMPTY)
    words = _read(asked, "text", "entities")
    if not words.text:
        raise BadRequestError(Why.TEXT_ONLY_SPACE)
    if len(words.text) > MAX_TEXT:
        raise BadRequestError(Why.TEXT_LONG)
    return words


def read_caption(asked: Parameters) -> Formatted:
    """Up to 1,024 characters after entities parsing; raises BadRequestError."""
    words = _read(asked, "caption", "caption_entities")
    if len(words.text) > MAX_CAPTION:
        raise BadRequestError(Why.CAPTION_LONG)
    return words


def _read(asked: Parameters, text: str, entities: str) -> Formatted:
    match asked.text("parse_mode").lower():
        case "html":
            words = parse_html(asked.text(text))
        case "":
            words = Formatted(text=asked.text(text))
            listed = asked.json(entities, Why.ENTITIES_JSON)
            if isinstance(listed, list):
                words = Formatted(text=words.text, entities=read_entities(listed, words.text))
        case _:
            raise BadRequestError(Why.PARSE_MODE)
    return words.trimmed().with_found()
