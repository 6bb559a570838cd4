import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.botapi.multipart import Upload, read_form
from sandbox.botapi.refusals import BadRequestError, TooLargeError, Why

MAX_BODY_BYTES = 50 * 1024 * 1024
MAX_MESSAGE_IDS = 100


class NotAnObjectError(ValueError):
    """A JSON body that is no object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a call was given. Values are JSON values, or strings that may hold JSON in a form."""

    values: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Empty where it is absent, as Telegram reads it."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, otherwise: int = 0) -> int:
        try:
            return int(self.text(name))
        except ValueError:
            return otherwise

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes", "t", "y"}

    def json(self, name: str, refusal: Why) -> Any:
        """None where it is absent or empty.

        Raises:
            BadRequestError: with `refusal`, where it is no JSON.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as broken:
            raise BadRequestError(refusal) from broken

    def chat_id(self) -> int | None:
        try:
            return int(self.text("chat_id"))
        except ValueError:
            return None

    def message_id(self) -> int:
        """Raises BadRequestError where it is missing."""
        identifier = self.number("message_id")
        if identifier <= 0:
            raise BadRequestError(Why.MESSAGE_ID_MISSING)
        return identifier

    def message_ids(self) -> list[int]:
        """1 to 100 of them; raises BadRequestError otherwise."""
        listed = self.json("message_ids", Why.MESSAGE_IDS_JSON)
        if listed is None or listed == []:
            raise BadRequestError(Why.MESSAGE_IDS_MISSING)
        if not isinstance(listed, list):
            raise BadRequestError(Why.MESSAGE_IDS_NOT_ARRAY)
        if len(listed) > MAX_MESSAGE_IDS:
            raise BadRequestError(Why.MESSAGE_IDS_TOO_MANY)
        try:
            identifiers = [int(identifier) for identifier in listed]
        except (TypeError, ValueError) as broken:
            raise BadRequestError(Why.MESSAGE_ID_NUMBER) from broken
        if min(identifiers) <= 0:
            raise BadRequestError(Why.MESSAGE_ID_INVALID)
        return identifiers


async def read_parameters(request: Request) -> Parameters:
    """From the query and the body, whichever of the four ways they came.

    Raises:
        TooLargeError: a body over 50 MB.
        ValueError: a body that is not what its content type says.
    """
    values: dict[str, Any] = dict(request.query_params)
    files: dict[str, Upload] = {}
    if request.method == "POST":
        if int(request.headers.get("content-length", "0")) > MAX_BODY_BYTES:
            raise TooLargeError
        body = await request.body()
        content_type = request.headers.get("content-type", "")
        match content_type.partition(";")[0].strip().lower():
            case "application/json":
                values |= _object(body)
            case "multipart/form-data":
                fields, files = read_form(body, content_type)
                values |= fields
            case _:
                values |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return Parameters(values=values, files=files)


def _object(body: bytes) -> dict[str, Any]:
    value = json.loads(body or b"{}")
    if not isinstance(value, dict):
        raise NotAnObjectError
    return value
