"""Cleaning what a stranger sends, as the domain asks for it."""

from typing import Protocol

from domain.reports.files import CleanFile


class Media(Protocol):
    async def clean(self, content: bytes) -> CleanFile:
        """What it is follows from the bytes, never from a name. Raises FileRefused."""
        ...
