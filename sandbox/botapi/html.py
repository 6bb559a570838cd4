"""Telegram's HTML parse mode (core.telegram.org/bots/api#html-style)."""

import re
from dataclasses import dataclass, field
from typing import Never
from urllib.parse import urlsplit

from sandbox.botapi.entities import Entity, Formatted, units
from sandbox.botapi.refusals import BadRequestError, Why

KINDS = {
    "a": "text_link",
    "b": "bold",
    "blockquote": "blockquote",
    "code": "code",
    "del": "strikethrough",
    "em": "italic",
    "i": "italic",
    "ins": "underline",
    "pre": "pre",
    "s": "strikethrough",
    "span": "spoiler",
    "strike": "strikethrough",
    "strong": "bold",
    "tg-spoiler": "spoiler",
    "u": "underline",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot));?")
TAG_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(
    r"""\s*([^\s=>"']*)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+)))?""", re.DOTALL
)
LINKED = frozenset({"http", "https", "tg"})
LANGUAGE = "language-"
LAST_CODE_POINT = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    tag: str
    start: int
    attributes: dict[str, str]


@dataclass(slots=True, kw_only=True)
class Reading:
    """Where the parser is: `at` counts characters of the markup, `length` UTF-16 units of text."""

    markup: str
    at: int = 0
    length: int = 0
    text: list[str] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def fail(self, why: Why, at: int, **details: str) -> Never:
        offset = len(self.markup[:at].encode())
        raise BadRequestError(why.format(at=offset, **details))

    def add(self, text: str) -> None:
        self.text.append(text)
        self.length += units(text)

    def read(self) -> Formatted:
        while self.at < len(self.markup):
            if self.markup.startswith("</", self.at):
                self._close()
            elif self.markup[self.at] == "<":
                self._open()
            elif reference := REFERENCE.match(self.markup, self.at):
                self.add(_character(reference))
                self.at = reference.end()
            else:
                self.add(self.markup[self.at])
                self.at += 1
        if self.opened:
            self.fail(Why.HTML_NO_END, self.at, tag=self.opened[-1].tag)
        ordered = sorted(self.entities, key=lambda e: (e.offset, -e.length))
        return Formatted(text="".join(self.text), entities=tuple(ordered))

    def _open(self) -> None:
        begin = self.at
        name = TAG_NAME.match(self.markup, begin + 1)
        tag = name.group().lower() if name else ""
        self.at = begin + 1 + len(tag)
        if self.at >= len(self.markup):
            self.fail(Why.HTML_UNCLOSED_START, begin)
        if tag not in KINDS:
            self.fail(Why.HTML_UNSUPPORTED, begin, tag=tag)
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            self.fail(Why.HTML_SPAN, begin)
        self.opened.append(Opened(tag=tag, start=self.length, attributes=attributes))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            while self.at < len(self.markup) and self.markup[self.at].isspace():
                self.at += 1
            if self.at >= len(self.markup):
                self.fail(Why.HTML_UNCLOSED_START, begin)
            if self.markup[self.at] == ">":
                self.at += 1
                return attributes
            found = ATTRIBUTE.match(self.markup, self.at)
            if found is None or not found.group(1):
                self.fail(Why.HTML_EMPTY_ATTRIBUTE, begin, tag=tag)
            value = next((v for v in found.groups()[1:] if v is not None), "")
            attributes[found.group(1).lower()] = REFERENCE.sub(_character, value)
            self.at = found.end()

    def _close(self) -> None:
        begin = self.at
        end = self.markup.find(">", begin)
        found = self.markup[begin + 2 : end if end >= 0 else None].strip().lower()
        if not self.opened:
            self.fail(Why.HTML_UNEXPECTED_END, begin)
        if end < 0:
            self.fail(Why.HTML_UNCLOSED_END, begin)
        last = self.opened.pop()
        if found not in {last.tag, ""}:
            self.fail(Why.HTML_UNMATCHED_END, begin, tag=last.tag, found=found)
        self.at = end + 1
        if self.length > last.start:
            self._mark(last)

    def _mark(self, tag: Opened) -> None:
        kind, url, language = KINDS[tag.tag], None, None
        if tag.tag == "blockquote" and "expandable" in tag.attributes:
            kind = "expandable_blockquote"
        if tag.tag == "a":
            url = web_address(tag.attributes.get("href") or self._text_since(tag.start))
            if url is None:
                return
        if tag.tag == "code" and self.opened and self.opened[-1].tag == "pre":
            self.opened[-1].attributes["class"] = tag.attributes.get("class", "")
            return
        if tag.tag == "pre" and tag.attributes.get("class", "").startswith(LANGUAGE):
            language = tag.attributes["class"].removeprefix(LANGUAGE)
        self.entities.append(
            Entity(
                kind=kind,
                offset=tag.start,
                length=self.length - tag.start,
                url=url,
                language=language,
            )
        )

    def _text_since(self, start: int) -> str:
        return "".join(self.text).encode("utf-16-le")[start * 2 :].decode("utf-16-le")


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if not 0 < number <= LAST_CODE_POINT or number in SURROGATES:
        return reference.group()
    return chr(number)


def web_address(written: str) -> str | None:
    """The address a link leads to; None where Telegram would make no link of it."""
    url = written if "://" in written else f"http://{written}"
    try:
        parts = urlsplit(url)
        valid = parts.scheme in LINKED and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return url if valid and " " not in url else None


def parse_html(markup: str) -> Formatted:
    """Raises BadRequestError, as Telegram words it, where the markup is broken."""
    return Reading(markup=markup).read()
