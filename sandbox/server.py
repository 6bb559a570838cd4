from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox import control, telling
from sandbox.botapi.endpoint import call_method, download
from sandbox.phones import events
from sandbox.phones import http as phones
from sandbox.world import World

PAGE = Path(__file__).parent / "page"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


class OnlyThisMachine:
    """Answers nobody who came by another name than loopback's, nor a page of another origin.

    A web site could otherwise reach the sandbox through the visitor's own browser (DNS rebinding,
    cross-site requests).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get("host", ""), headers.get("origin")
        if not _is_loopback(host) or origin not in {None, f"http://{host}"}:
            refusal = PlainTextResponse("The sandbox serves this machine only.\n", status_code=403)
            await refusal(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = dict(message["headers"])
                extra = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                message["headers"] = [*given.items(), *(h for h in extra if h[0] not in given)]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _is_loopback(host: str) -> bool:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host) in LOOPBACK_NAMES


async def page(_: Request) -> FileResponse:
    return FileResponse(PAGE / "index.html")


def make_app(world: World) -> Starlette:
    app = Starlette(
        routes=[
            Route("/bot{token}/{method}", call_method, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", download, methods=["GET"]),
            *phones.ROUTES,
            *events.ROUTES,
            *control.ROUTES,
            *telling.ROUTES,
            Route("/", page, methods=["GET"]),
            Mount("/page", StaticFiles(directory=PAGE)),
        ],
        middleware=[Middleware(OnlyThisMachine)],
    )
    app.state.world = world
    return app
