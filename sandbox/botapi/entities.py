"""What is marked in a text. Offsets and lengths count UTF-16 code units, as the Bot API does."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.botapi.refusals import BadRequestError, Why

PLAIN_KINDS = frozenset(
    {
        "blockquote",
        "bold",
        "bot_command",
        "cashtag",
        "code",
        "email",
        "expandable_blockquote",
        "hashtag",
        "italic",
        "mention",
        "phone_number",
        "pre",
        "spoiler",
        "strikethrough",
        "text_link",
        "underline",
        "url",
    }
)
FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31})"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d_]\w*)"
    r"|(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    kind: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    @property
    def end(self) -> int:
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"type": self.kind, "offset": self.offset, "length": self.length}
        if self.url is not None:
            shown["url"] = self.url
        if self.language is not None:
            shown["language"] = self.language
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """A text and what is marked in it."""

    text: str
    entities: tuple[Entity, ...] = ()

    def trimmed(self) -> "Formatted":
        """Without white space at its ends, which Telegram never keeps."""
        kept = self.text.strip()
        lead = units(self.text[: len(self.text) - len(self.text.lstrip())])
        end = units(kept)
        moved = (
            Entity(
                kind=entity.kind,
                offset=max(0, entity.offset - lead),
                length=min(end, entity.end - lead) - max(0, entity.offset - lead),
                url=entity.url,
                language=entity.language,
            )
            for entity in self.entities
        )
        return Formatted(text=kept, entities=tuple(e for e in moved if e.length > 0))

    def with_found(self) -> "Formatted":
        """With the commands, links, mentions and the like that Telegram finds by itself."""
        found = (
            Entity(
                kind=str(match.lastgroup),
                offset=units(self.text[: match.start()]),
                length=units(match.group()),
            )
            for match in FOUND.finditer(self.text)
        )
        closed = [e for e in self.entities if e.kind in {"code", "pre", "text_link"}]
        free = [f for f in found if not any(f.offset < e.end and e.offset < f.end for e in closed)]
        ordered = sorted({*self.entities, *free}, key=lambda e: (e.offset, -e.length, e.kind))
        return Formatted(text=self.text, entities=tuple(ordered))


def units(text: str) -> int:
    """How many UTF-16 code units a text takes."""
    return len(text.encode("utf-16-le")) // 2


def read_entities(listed: Iterable[Any], text: str) -> tuple[Entity, ...]:
    """The entities a bot gave itself.

    Raises:
        BadRequestError: one is no object, of an unknown type, or outside the text.
    """
    return tuple(_read_entity(one, units(text)) for one in listed)


def _read_entity(one: Any, length: int) -> Entity:
    if not isinstance(one, dict):
        raise BadRequestError(Why.ENTITY_BAD.format(what="expected an Object"))
    kind = one.get("type")
    if kind not in PLAIN_KINDS:
        raise BadRequestError(Why.ENTITY_BAD.format(what="unsupported type specified"))
    offset, span = one.get("offset"), one.get("length")
    if not isinstance(offset, int) or not isinstance(span, int) or offset < 0 or span <= 0:
        raise BadRequestError(Why.ENTITY_BAD.format(what="invalid offset or length"))
    if offset + span > length:
        raise BadRequestError(Why.ENTITY_BAD.format(what="entity ends after the text"))
    return Entity(
        kind=kind, offset=offset, length=span, url=one.get("url"), language=one.get("language")
    )
