"""`python -m sandbox --port 8081 --token 1:sandbox`."""

import argparse
import re
import socket
import sys
from datetime import time
from typing import NoReturn
from zoneinfo import ZoneInfo

import uvicorn

from sandbox.clock import Clock
from sandbox.server import make_app
from sandbox.webhook import LOOPBACK
from sandbox.world import Bot, World

REAL_TOKEN = re.compile(r"\d{8,10}:[\w-]{35}")
SANDBOX_TOKEN = re.compile(r"\d+:sandbox[\w-]*")


class AnnouncingServer(uvicorn.Server):
    """Says where it listens, once it does."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"sandbox ready {self._address}\n")
        sys.stdout.flush()


def main() -> None:
    asked = _arguments()
    if asked.host not in LOOPBACK:
        _refuse(f"the sandbox listens on loopback only, not on {asked.host}")
    if REAL_TOKEN.fullmatch(asked.token):
        _refuse("this token looks real; the sandbox takes only made-up ones such as 1:sandbox")
    if not SANDBOX_TOKEN.fullmatch(asked.token):
        _refuse("a sandbox token is a number, a colon, and a word that starts with sandbox")
    family = socket.AF_INET6 if asked.host == "::1" else socket.AF_INET
    # Naming the protocol has asyncio send answers at once (TCP_NODELAY): 40 ms a call saved.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((asked.host, asked.port))
    except OSError as taken:
        _refuse(f"cannot listen on port {asked.port}: {taken.strerror}")
    host = f"[{asked.host}]" if family == socket.AF_INET6 else asked.host
    bot = Bot(token=asked.token, name=asked.bot_name, username=asked.bot_username)
    config = uvicorn.Config(
        make_app(World(bot, limits_on=not asked.no_limits, clock=Clock(asked.zone, asked.window))),
        access_log=False,  # addresses hold the token
        log_level="critical",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    address = f"http://{host}:{listener.getsockname()[1]}"
    AnnouncingServer(config, address).run(sockets=[listener])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A Telegram of your own, on this machine only."
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free one")
    parser.add_argument("--token", required=True, help="a made-up one, such as 1:sandbox")
    parser.add_argument("--bot-name", default="Sandbox")
    parser.add_argument("--bot-username", default="sandbox_bot")
    parser.add_argument("--no-limits", action="store_true", help="never answer 429")
    parser.add_argument("--zone", type=ZoneInfo, default="UTC", help="where the page's clock is")
    parser.add_argument(
        "--window", type=time.fromisoformat, default="18:00", help="the hour the page can skip to"
    )
    return parser.parse_args()


def _refuse(why: str) -> NoReturn:
    sys.stderr.write(f"{why}\n")
    raise SystemExit(2)


if __name__ == "__main__":
    main()
