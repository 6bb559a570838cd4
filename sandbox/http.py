"""What the addresses for phones and control have in common: JSON in, JSON out, clear refusals."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.phones.actions import CannotDoError, NothingThereError
from sandbox.world import UnknownPhoneError, World

Handler = Callable[[World, Request], Awaitable[Any]]


class BadBodyError(CannotDoError):
    """The body is not what this address takes."""


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object that was sent. Its readers raise BadBodyError."""

    values: dict[str, Any]

    @classmethod
    async def of(cls, request: Request) -> "Body":
        try:
            values = json.loads(await request.body() or b"{}")
        except ValueError as broken:
            why = "the body is no JSON"
            raise BadBodyError(why) from broken
        if not isinstance(values, dict):
            why = "the body is no JSON object"
            raise BadBodyError(why)
        return cls(values)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, otherwise: str | None = None) -> str:
        return str(self._read(name, str, otherwise))

    def number(self, name: str, otherwise: int | None = None) -> int:
        return int(self._read(name, int, otherwise))

    def amount(self, name: str, otherwise: float | None = None) -> float:
        return float(self._read(name, (int, float), otherwise))

    def _read(self, name: str, kind: Any, otherwise: Any) -> Any:
        value = self.values.get(name)
        value = otherwise if value is None else value
        if not isinstance(value, kind):
            why = f'"{name}" is missing or of the wrong type'
            raise BadBodyError(why)
        return value


def asked_number(request: Request, name: str, otherwise: float) -> float:
    """A number from the address's query; raises BadBodyError."""
    try:
        return float(request.query_params.get(name, otherwise))
    except ValueError as wrong:
        why = f'"{name}" is no number'
        raise BadBodyError(why) from wrong


def answering(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Turns what a handler returns or raises into an HTTP answer."""

    async def answer(request: Request) -> Response:
        try:
            result = await handler(request.app.state.world, request)
        except UnknownPhoneError:
            return JSONResponse({"error": "there is no such phone"}, status_code=404)
        except NothingThereError as missing:
            return JSONResponse({"error": str(missing)}, status_code=404)
        except CannotDoError as refusal:
            return JSONResponse({"error": str(refusal)}, status_code=400)
        return result if isinstance(result, Response) else JSONResponse(result)

    return answer
