from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.botapi.parameters import Parameters
from sandbox.botapi.refusals import BadRequestError, Why

MAX_CALLBACK_BYTES = 64
MAX_COPY_TEXT = 256
MAX_BUTTONS = 100
STYLES = frozenset({"danger", "success", "primary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One inline button; exactly one of data, url and copy is set."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"text": self.text}
        if self.data is not None:
            shown["callback_data"] = self.data
        if self.url is not None:
            shown["url"] = self.url
        if self.copy is not None:
            shown["copy_text"] = {"text": self.copy}
        if self.style is not None:
            shown["style"] = self.style
        return shown


Keyboard = tuple[tuple[Button, ...], ...]


def read_keyboard(asked: Parameters) -> Keyboard:
    """The inline keyboard of `reply_markup`; empty where there is none.

    Raises:
        BadRequestError: broken, too long, or another sort of keyboard.
    """
    markup = asked.json("reply_markup", Why.KEYBOARD_JSON)
    if markup is None or markup == {}:
        return ()
    if not isinstance(markup, dict):
        raise BadRequestError(Why.KEYBOARD_JSON)
    if "remove_keyboard" in markup or "force_reply" in markup:
        return ()
    if "inline_keyboard" not in markup:
        raise BadRequestError(Why.KEYBOARD_NOT_INLINE)
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequestError(Why.KEYBOARD_NOT_ROWS)
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise BadRequestError(Why.KEYBOARD_LONG)
    return tuple(tuple(_button(one) for one in row) for row in rows if row)


def _button(one: Any) -> Button:
    if not isinstance(one, dict):
        raise BadRequestError(Why.BUTTON_NOT_OBJECT)
    text = one.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadRequestError(Why.BUTTON_NO_TEXT)
    style = one.get("style")
    if style is not None and style not in STYLES:
        raise BadRequestError(Why.BUTTON_BAD_STYLE)
    return _acting(one, text, style)


def _acting(one: dict[str, Any], text: str, style: str | None) -> Button:
    match one:
        case {"callback_data": str(data)}:
            if not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
                raise BadRequestError(Why.BUTTON_DATA)
            return Button(text=text, data=data, style=style)
        case {"url": str(url)}:
            if urlsplit(url).scheme not in {"http", "https", "tg"} or not urlsplit(url).netloc:
                raise BadRequestError(Why.BUTTON_URL.format(url=url))
            return Button(text=text, url=url, style=style)
        case {"copy_text": {"text": str(copy)}}:
            if not 1 <= len(copy) <= MAX_COPY_TEXT:
                raise BadRequestError(Why.BUTTON_COPY_TEXT)
            return Button(text=text, copy=copy, style=style)
        case {**rest} if rest.keys() <= {"text", "style", "icon_custom_emoji_id"}:
            raise BadRequestError(Why.BUTTON_NO_ACTION)
        case _:
            raise BadRequestError(Why.BUTTON_UNKNOWN_ACTION)
