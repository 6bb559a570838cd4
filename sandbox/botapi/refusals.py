"""What Telegram refuses, in its own words.

The wording follows tdlib/telegram-bot-api `Client.cpp` and tdlib `MessageEntity.cpp`; bots match
on it, so it is kept to the letter.
"""

from enum import StrEnum
from http import HTTPStatus


class Why(StrEnum):
    BLOCKED = "bot was blocked by the user"
    BUTTON_BAD_STYLE = 'field "style" is invalid'
    BUTTON_COPY_TEXT = "BUTTON_COPY_TEXT_INVALID"
    BUTTON_DATA = "BUTTON_DATA_INVALID"
    BUTTON_NO_TEXT = 'can\'t parse inline keyboard button: Field "text" must be of type String'
    BUTTON_NOT_OBJECT = "can't parse inline keyboard button: InlineKeyboardButton must be an Object"
    BUTTON_NO_ACTION = (
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    )
    BUTTON_UNKNOWN_ACTION = "BUTTON_TYPE_INVALID"
    BUTTON_URL = "inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
    CALLBACK_TEXT_LONG = "MESSAGE_TOO_LONG"
    CAPTION_LONG = "message caption is too long"
    CHAT_EMPTY = "chat_id is empty"
    CHAT_NOT_FOUND = "chat not found"
    COMMAND_DESCRIPTION = "BOT_COMMAND_DESCRIPTION_INVALID"
    COMMAND_NAME = "BOT_COMMAND_INVALID"
    COMMANDS_JSON = "can't parse commands JSON object"
    COMMANDS_NOT_ARRAY = "expected an Array of BotCommand"
    COMMANDS_TOO_MANY = "BOT_COMMANDS_TOO_MUCH"
    DELETE_TOO_OLD = "message can't be deleted for everyone"
    DELETE_UNKNOWN = "message to delete not found"
    DESCRIPTION_LONG = "BOT_{kind}_INVALID"
    EDIT_NO_CAPTION = "there is no caption in the message to edit"
    EDIT_NO_TEXT = "there is no text in the message to edit"
    EDIT_NOT_OURS = "message can't be edited"
    EDIT_UNKNOWN = "message to edit not found"
    ENTITIES_JSON = "can't parse entities JSON object"
    ENTITY_BAD = "can't parse MessageEntity: {what}"
    FILE_MISSING = "there is no {kind} in the request"
    FILE_TOO_BIG = "file is too big"
    FILE_UNKNOWN = "wrong file_id or the file is temporarily unavailable"
    FILE_URL = "wrong HTTP URL specified"
    FILE_ID_EMPTY = "file_id not specified"
    HTML_EMPTY_ATTRIBUTE = (
        'can\'t parse entities: Empty attribute name in the tag "{tag}" at byte offset {at}'
    )
    HTML_NO_END = "can't parse entities: Can't find end tag corresponding to start tag \"{tag}\""
    HTML_SPAN = 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset {at}'
    HTML_UNCLOSED_END = "can't parse entities: Unclosed end tag at byte offset {at}"
    HTML_UNCLOSED_START = "can't parse entities: Unclosed start tag at byte offset {at}"
    HTML_UNEXPECTED_END = "can't parse entities: Unexpected end tag at byte offset {at}"
    HTML_UNMATCHED_END = (
        "can't parse entities: Unmatched end tag at byte offset {at}, "
        'expected "</{tag}>", found "</{found}>"'
    )
    HTML_UNSUPPORTED = 'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {at}'
    IMAGE = "IMAGE_PROCESS_FAILED"
    KEYBOARD_JSON = "can't parse reply keyboard markup JSON object"
    KEYBOARD_LONG = "reply markup is too long"
    KEYBOARD_NOT_INLINE = "the sandbox shows inline keyboards only"
    KEYBOARD_NOT_ROWS = 'field "inline_keyboard" must be an Array of Arrays'
    MEDIA_JSON = "can't parse input media JSON object"
    MEDIA_MISSING = "input media is not specified"
    MESSAGE_ID_INVALID = "invalid message identifier specified"
    MESSAGE_ID_MISSING = "message identifier is not specified"
    MESSAGE_ID_NUMBER = "can't parse message identifier as a Number"
    MESSAGE_IDS_JSON = "can't parse message_ids JSON object"
    MESSAGE_IDS_MISSING = "message identifiers are not specified"
    MESSAGE_IDS_NOT_ARRAY = "expected an Array of message identifiers"
    MESSAGE_IDS_TOO_MANY = "too many message identifiers specified"
    NOT_MODIFIED = (
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
    PARSE_MODE = "unsupported parse_mode"
    POLL_TERMINATED = (
        "terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    POLL_TERMINATED_BY_WEBHOOK = "terminated by setWebhook request"
    POLL_WITH_WEBHOOK = (
        "can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    QUERY_OLD = "query is too old and response timeout expired or query ID is invalid"
    REPLY_JSON = "can't parse reply parameters JSON object"
    REPLY_UNKNOWN = "message to be replied not found"
    SCOPE = "can't parse BotCommandScope: {what}"
    TEXT_EMPTY = "message text is empty"
    TEXT_LONG = "message is too long"
    TEXT_ONLY_SPACE = "text must be non-empty"
    WEBHOOK_HOST = "bad webhook: the sandbox calls plain http on the loopback interface only"
    WEBHOOK_KEY_CHARACTERS = "secret token contains unallowed characters"
    WEBHOOK_KEY_LONG = "secret token is too long"
    WEBHOOK_URL = "invalid webhook URL specified"
    WRONG_ACTION = "wrong parameter action in request"


class BotApiError(Exception):
    """An answer with `ok: false`. `retry_after` is in seconds."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, why: str = "", *, retry_after: int | None = None) -> None:
        phrase = self.status.phrase
        super().__init__(f"{phrase}: {why}" if why else phrase)
        self.retry_after = retry_after


class BadRequestError(BotApiError):
    status = HTTPStatus.BAD_REQUEST


class UnauthorizedError(BotApiError):
    status = HTTPStatus.UNAUTHORIZED


class ForbiddenError(BotApiError):
    status = HTTPStatus.FORBIDDEN


class UnknownMethodError(BotApiError):
    status = HTTPStatus.NOT_FOUND


class ConflictError(BotApiError):
    status = HTTPStatus.CONFLICT


class TooLargeError(BotApiError):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class TooManyRequestsError(BotApiError):
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after}", retry_after=retry_after)
