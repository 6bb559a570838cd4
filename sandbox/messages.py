from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sandbox.botapi.entities import Formatted
from sandbox.botapi.keyboards import Keyboard
from sandbox.files import StoredFile


class Kind(StrEnum):
    """What a message carries beside words; also its field's name in the Bot API."""

    PHOTO = "photo"
    DOCUMENT = "document"
    STICKER = "sticker"
    VOICE = "voice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """`seconds` is the length of a voice note; `width` and `height` are pixels of a picture."""

    kind: Kind
    file: StoredFile
    width: int = 0
    height: int = 0
    seconds: int = 0

    def as_json(self) -> Any:
        """The media's own field of the Bot API's Message."""
        size = {"width": self.width, "height": self.height}
        named = {"file_name": self.file.name, "mime_type": self.file.mime}
        common = {
            "file_id": self.file.file_id,
            "file_unique_id": self.file.unique_id,
            "file_size": len(self.file.content),
        }
        match self.kind:
            case Kind.PHOTO:
                return [common | size]
            case Kind.DOCUMENT:
                return common | named
            case Kind.STICKER:
                flags = {"type": "regular", "is_animated": False, "is_video": False}
                return common | size | flags
            case Kind.VOICE:
                return common | {"duration": self.seconds, "mime_type": self.file.mime}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a chat. `words` are its text, or the caption where there is media.

    Dates are the sandbox clock's seconds since the epoch.
    """

    message_id: int
    date: int
    from_bot: bool
    words: Formatted
    keyboard: Keyboard = ()
    media: Media | None = None
    edit_date: int | None = None
    protected: bool = False
    reply_to: int | None = None

    def as_json(self, *, sender: dict[str, Any], chat: dict[str, Any]) -> dict[str, Any]:
        """The Bot API's Message."""
        shown: dict[str, Any] = {
            "message_id": self.message_id,
            "from": sender,
            "chat": chat,
            "date": self.date,
        }
        if self.edit_date is not None:
            shown["edit_date"] = self.edit_date
        if self.protected:
            shown["has_protected_content"] = True
        if self.media is not None:
            shown[self.media.kind] = self.media.as_json()
        text, entities = (
            ("text", "entities") if self.media is None else ("caption", "caption_entities")
        )
        if self.words.text:
            shown[text] = self.words.text
        if self.words.entities:
            shown[entities] = [entity.as_json() for entity in self.words.entities]
        if self.keyboard:
            shown["reply_markup"] = {
                "inline_keyboard": [[b.as_json() for b in row] for row in self.keyboard]
            }
        return shown

    def as_seen(self) -> dict[str, Any]:
        """What the phone shows."""
        shown: dict[str, Any] = {
            "message_id": self.message_id,
            "from": "bot" if self.from_bot else "me",
            "text": self.words.text,
            "entities": [entity.as_json() for entity in self.words.entities],
            "buttons": [[b.as_json() for b in row] for row in self.keyboard],
            "date": self.date,
            "edited": self.edit_date is not None,
            "protect_content": self.protected,
            "reply_to": self.reply_to,
            "media": None,
        }
        if self.media is not None:
            shown["media"] = {
                "kind": self.media.kind,
                "name": self.media.file.name,
                "size": len(self.media.file.content),
                "file": self.media.file.unique_id,
                "width": self.media.width,
                "height": self.media.height,
                "seconds": self.media.seconds,
            }
        return shown
