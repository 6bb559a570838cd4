"""Telegram's limits for what a bot sends: 30 messages a second in all, and about one a second in
one chat, where short bursts pass (core.telegram.org/bots/faq, "hitting limits").
"""

import math
from dataclasses import dataclass

OVERALL_PER_SECOND = 30.0
OVERALL_BURST = 30.0
CHAT_PER_SECOND = 1.0
CHAT_BURST = 20.0


@dataclass(slots=True, kw_only=True)
class Bucket:
    """A token bucket: `burst` at once, `rate` a second after that. Times are steady seconds."""

    rate: float
    burst: float
    level: float
    at: float

    def wait_for_one(self, now: float) -> float:
        """Seconds until one more fits; 0 if it does now."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1.0 - self.level) / self.rate)

    def spend(self) -> None:
        self.level -= 1.0


class Limits:
    def __init__(self, *, on: bool) -> None:
        self.reset(on=on)

    def reset(self, *, on: bool) -> None:
        self.on = on
        self._overall: Bucket | None = None
        self._chats: dict[int, Bucket] = {}

    def seconds_to_wait(self, chat_id: int, now: float) -> int:
        """0 and one message counted, or the whole seconds to wait and nothing counted."""
        if not self.on:
            return 0
        if self._overall is None:
            self._overall = Bucket(
                rate=OVERALL_PER_SECOND, burst=OVERALL_BURST, level=OVERALL_BURST, at=now
            )
        chat = self._chats.setdefault(
            chat_id, Bucket(rate=CHAT_PER_SECOND, burst=CHAT_BURST, level=CHAT_BURST, at=now)
        )
        wait = max(self._overall.wait_for_one(now), chat.wait_for_one(now))
        if wait > 0:
            return max(1, math.ceil(wait))
        self._overall.spend()
        chat.spend()
        return 0
