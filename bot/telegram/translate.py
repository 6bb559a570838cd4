"""From Telegram's update to what a dialogue hears."""

from dataclasses import dataclass

from telegram import Message, Update

from bot.dialogue.heard import Attached, Commanded, Heard, Pressed, Typed, Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One update of a private chat. `message`: what the person wrote, to be deleted once
    taken. `pressed_on`: the message whose button was pressed; `query` wants an answer.
    """

    update: int
    chat: int
    language_code: str
    heard: Heard
    message: int | None = None
    pressed_on: int | None = None
    query: str | None = None


def translate(update: Update) -> Said | None:
    """None for what is no private conversation: groups, channels, blocks."""
    chat = update.effective_chat
    user = update.effective_user
    if chat is None or user is None or chat.type != chat.PRIVATE:
        return None
    language_code = user.language_code or ""
    if update.callback_query is not None:
        query = update.callback_query
        return Said(
            update=update.update_id,
            chat=chat.id,
            language_code=language_code,
            heard=Pressed(query.data or ""),
            pressed_on=query.message.message_id if query.message else None,
            query=query.id,
        )
    message = update.message or update.edited_message
    if message is None:
        return None
    heard = Unreadable("edited") if update.message is None else _heard(message)
    return Said(
        update=update.update_id,
        chat=chat.id,
        language_code=language_code,
        heard=heard,
        message=message.message_id,
    )


def _heard(message: Message) -> Heard:
    if message.text is None:
        return _attached(message) or Unreadable(_kind(message))
    if message.text.startswith("/") and message.text[1:].strip():
        name, *argument = message.text[1:].split(maxsplit=1)
        return Commanded(name.partition("@")[0].lower(), "".join(argument).strip())
    return Typed(message.text)


def _attached(message: Message) -> Attached | None:
    """A photo in its largest size. What moves is a document to Telegram too, and none here."""
    if message.animation is not None:
        return None
    file = message.photo[-1] if message.photo else message.document
    if file is None:
        return None
    return Attached(
        kind="photo" if message.photo else "document",
        handle=file.file_id,
        size=file.file_size,
        caption=message.caption or "",
    )


def unread(heard: Heard) -> Heard:
    """For chats that take no files."""
    return Unreadable(heard.kind) if isinstance(heard, Attached) else heard


def _kind(message: Message) -> str:
    kinds = (
        "sticker",
        "voice",
        "audio",
        "video",
        "video_note",
        "location",
        "contact",
        "animation",
        "poll",
    )
    return next((kind for kind in kinds if getattr(message, kind)), "other")
