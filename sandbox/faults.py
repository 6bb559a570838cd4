from collections import deque
from dataclasses import dataclass
from enum import StrEnum


class Drop(StrEnum):
    """When the connection of a call is cut: before it had its effect, or after."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One call that is to fail. `chat_id` narrows it to one chat."""

    method: str
    drop: Drop | None = None
    error_code: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    chat_id: int | None = None

    def hits(self, method: str, chat_id: int | None) -> bool:
        return self.method.lower() == method.lower() and self.chat_id in {None, chat_id}


class Faults:
    def __init__(self) -> None:
        self._due: deque[Fault] = deque()

    def plan(self, fault: Fault, times: int) -> None:
        self._due.extend([fault] * times)

    def cancel(self, method: str) -> None:
        self._due = deque(fault for fault in self._due if not fault.hits(method, fault.chat_id))

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault this call meets; it is used up."""
        for fault in self._due:
            if fault.hits(method, chat_id):
                self._due.remove(fault)
                return fault
        return None

    def left(self) -> int:
        return len(self._due)
