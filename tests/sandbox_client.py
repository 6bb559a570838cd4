"""A pleasant way for tests to run the sandbox and hold its phones.

async with running_sandbox() as url, SandboxClient(url) as sandbox:
    amina = await sandbox.phone("Amina")
    await amina.send("/start")
    card = await amina.wait_for_text("Welcome")
    await amina.press("Send")
"""

import asyncio
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

READY = "sandbox ready "
ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 60.0
TOKEN = "1:sandbox"
NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Is trusted, as nothing is asked over TLS: to read whom else to trust takes a client 50 ms."""


class SandboxSaysNoError(AssertionError):
    """The sandbox refused; the message is its own clear line."""


class NeverSeenError(AssertionError):
    """What was waited for did not show; the message is the chat as it stood."""


@contextmanager
def sandbox_process(token: str = TOKEN, *more: str) -> Iterator[str]:
    """As `running_sandbox`, for a fixture that many tests share; `SandboxClient.reset` between."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--token", token, *more]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        try:
            assert line.startswith(READY), f"the sandbox said: {line!r}"
            yield line.removeprefix(READY)
        finally:
            process.terminate()


@asynccontextmanager
async def running_sandbox(token: str = TOKEN, *more: str) -> AsyncIterator[str]:
    """Starts a sandbox on a free port; `more` are further arguments, such as "--no-limits"."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", "0", "--token", token, *more),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode().strip()
        assert line.startswith(READY), f"the sandbox said: {line!r}"
        yield line.removeprefix(READY)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A chat as its phone shows it. `raw` is all the sandbox said."""

    raw: dict[str, Any]
    messages: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, raw: dict[str, Any]) -> Self:
        return cls(raw=raw, messages=raw["messages"])

    @property
    def seq(self) -> int:
        return int(self.raw["seq"])

    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    def bot_texts(self) -> list[str]:
        return [message["text"] for message in self.messages if message["from"] == "bot"]

    def last(self) -> dict[str, Any]:
        """The bot's newest message."""
        of_the_bot = [message for message in self.messages if message["from"] == "bot"]
        assert of_the_bot, "the bot has said nothing"
        return of_the_bot[-1]

    def buttons(self) -> list[str]:
        """All buttons there are to press, oldest message first."""
        rows = [row for message in self.messages for row in message["buttons"]]
        return [button["text"] for row in rows for button in row]

    def as_text(self) -> str:
        """For a failing test: one line a message."""
        lines = [f"{self.raw['name']}'s phone:"]
        for message in self.messages:
            buttons = [[b["text"] for b in row] for row in message["buttons"]]
            lines.append(
                f"  {message['message_id']} {message['from']}: {message['text']!r} {buttons or ''}"
            )
        return "\n".join(lines)


class SandboxClient:
    """Everything the sandbox lets a test do, beside what one phone does."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.AsyncClient(base_url=url, timeout=httpx.Timeout(70.0), verify=NOBODY)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def ask(self, method: str, path: str, **given: Any) -> Any:
        """Raises SandboxSaysNoError."""
        answer = await self._http.request(method, path, **given)
        if answer.is_error:
            said = (
                answer.json()["error"] if "json" in answer.headers["content-type"] else answer.text
            )
            refusal = f"{path}: {said}"
            raise SandboxSaysNoError(refusal)
        return answer.json()

    async def load(self, path: str) -> bytes:
        return (await self._http.get(path)).raise_for_status().content

    async def phone(self, name: str, *, language_code: str = "en", **more: str) -> "Phone":
        """A new phone; `more` may be username, last_name, role and note."""
        given = {"name": name, "language_code": language_code, **more}
        made = await self.ask("POST", "/phones", json=given)
        return Phone(self, made["id"], made["name"])

    async def phones(self) -> list["Phone"]:
        return [Phone(self, one["id"], one["name"]) for one in await self.ask("GET", "/phones")]

    async def requests(self, method: str | None = None) -> list[dict[str, Any]]:
        """The calls of the Bot API so far, oldest first: method, chat_id, date."""
        calls: list[dict[str, Any]] = await self.ask("GET", "/requests")
        return [call for call in calls if method in {None, call["method"]}]

    async def wait_for_requests(self, method: str, times: int) -> list[dict[str, Any]]:
        """The calls of a method, as soon as there were so many. Raises NeverSeenError."""
        asked = {"method": method, "times": times}
        calls: list[dict[str, Any]] = await self.ask("GET", "/requests/wait", params=asked)
        if len(calls) < times:
            few = f"{method} was called {len(calls)} times, not {times}"
            raise NeverSeenError(few)
        return calls

    async def advance(self, seconds: float) -> None:
        """Moves the sandbox's clock forward."""
        await self.ask("POST", "/clock", json={"advance_seconds": seconds})

    async def fail(self, method: str, **how: Any) -> None:
        """The next calls of a method fail: error_code, description, retry_after, chat_id, times,
        or drop_before=True / drop_after=True for a broken connection. times=0: no more of them.
        """
        await self.ask("POST", "/faults", json={"method": method, **how})

    async def limits(self, *, on: bool) -> None:
        await self.ask("POST", "/limits", json={"on": int(on)})

    async def reset(self) -> None:
        await self.ask("POST", "/reset")


class Phone:
    """One person's phone. Every wait looks at the chat as it stands first."""

    def __init__(self, sandbox: SandboxClient, phone_id: int, name: str) -> None:
        self._sandbox = sandbox
        self.id = phone_id
        self.name = name

    async def see(self) -> Seen:
        return Seen.of(await self._sandbox.ask("GET", f"/phones/{self.id}"))

    async def texts(self) -> list[str]:
        return (await self.see()).texts()

    async def last(self) -> dict[str, Any]:
        """The bot's newest message."""
        return (await self.see()).last()

    async def send(self, text: str) -> dict[str, Any]:
        return await self._do("send", text=text)

    async def press(self, text: str) -> dict[str, Any]:
        """Presses the newest button with this text (an emoji beside it is no matter) as soon as
        there is one, and waits until the bot has answered.
        """
        pressed = await self.tap(text)
        await self.wait_for(lambda seen: not seen.raw["pressed"])
        return pressed

    async def tap(self, text: str) -> dict[str, Any]:
        """As `press`, without waiting for the bot's answer."""
        await self.wait_for(lambda seen: any(_says(one, text) for one in seen.buttons()))
        return await self._do("press", text=text)

    async def press_data(self, message_id: int, data: str) -> dict[str, Any]:
        """Presses by callback data, without waiting."""
        return await self._do("press", message_id=message_id, data=data)

    async def edit(self, message_id: int, text: str) -> dict[str, Any]:
        return await self._do("edit", message_id=message_id, text=text)

    async def delete(self, message_id: int) -> None:
        await self._do("delete", message_id=message_id)

    async def open_link(self, url: str) -> dict[str, Any]:
        return await self._do("open", url=url)

    async def block(self) -> None:
        await self._do("block")

    async def unblock(self) -> None:
        await self._do("unblock")

    async def sticker(self) -> dict[str, Any]:
        return await self._do("sticker")

    async def voice(self) -> dict[str, Any]:
        return await self._do("voice")

    async def photo(self, content: bytes | None = None, *, caption: str = "") -> dict[str, Any]:
        return await self._attach("photo", "photo.jpg", "image/jpeg", content, caption)

    async def document(
        self,
        content: bytes | None = None,
        *,
        name: str = "document.txt",
        mime: str = "text/plain",
        caption: str = "",
    ) -> dict[str, Any]:
        return await self._attach("document", name, mime, content, caption)

    async def file(self, message: dict[str, Any]) -> bytes:
        """What a message of this chat carries."""
        return await self._sandbox.load(f"/phones/{self.id}/files/{message['media']['file']}")

    async def files(self) -> list[dict[str, Any]]:
        """The messages of the chat that carry something."""
        return [message for message in (await self.see()).messages if message["media"]]

    async def wait_for(
        self,
        wanted: Callable[[Seen], bool],
        timeout: float = PATIENCE_SECONDS,  # noqa: ASYNC109 - the server waits, not this loop
    ) -> Seen:
        """The chat as soon as it is as wanted. Raises NeverSeenError with the chat in it."""
        seen = await self.see()
        until = asyncio.get_running_loop().time() + timeout
        while not wanted(seen):
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                raise NeverSeenError(seen.as_text())
            seen = Seen.of(
                await self._sandbox.ask(
                    "GET", f"/phones/{self.id}/wait", params={"after": seen.seq, "timeout": left}
                )
            )
        return seen

    async def wait_for_text(self, part: str) -> dict[str, Any]:
        """The bot's newest message that has this part in it."""

        def has_it(seen: Seen) -> bool:
            return any(part in text for text in seen.bot_texts())

        seen = await self.wait_for(has_it)
        return [m for m in seen.messages if m["from"] == "bot" and part in m["text"]][-1]

    async def wait_gone(self, message_id: int) -> Seen:
        """Until the message is deleted from the chat."""
        return await self.wait_for(
            lambda seen: all(m["message_id"] != message_id for m in seen.messages)
        )

    async def _do(self, what: str, **given: Any) -> dict[str, Any]:
        done: dict[str, Any] = await self._sandbox.ask(
            "POST", f"/phones/{self.id}/{what}", json=given
        )
        return done

    async def _attach(
        self, kind: str, name: str, mime: str, content: bytes | None, caption: str
    ) -> dict[str, Any]:
        if content is None:
            return await self._do(kind, caption=caption)
        done: dict[str, Any] = await self._sandbox.ask(
            "POST",
            f"/phones/{self.id}/{kind}",
            files={"file": (name, content, mime)},
            data={"caption": caption},
        )
        return done


def _says(button: str, text: str) -> bool:
    words = button.split()
    return text.split() in (words, words[1:], words[:-1])
