"""The demo's clock: the sandbox's, so that whoever moves it on the page moves the product's."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

OFTEN = 0.5
"""Seconds between two looks at the sandbox's clock."""


@dataclass(slots=True)
class SandboxClock:
    zone: ZoneInfo
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(self.zone) + self.ahead

    async def look(self, http: httpx.AsyncClient) -> None:
        clock = (await http.get("/clock")).raise_for_status().json()
        self.ahead = timedelta(seconds=clock["ahead"])

    async def follow(self, url: str) -> None:
        """Until it is cancelled, or the sandbox is gone."""
        async with httpx.AsyncClient(base_url=url) as http:
            with suppress(httpx.TransportError):
                while True:
                    await self.look(http)
                    await asyncio.sleep(OFTEN)
