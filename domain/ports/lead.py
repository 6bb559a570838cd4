"""One of several: of all processes on one database, one at a time leads in something."""

from typing import Protocol


class Lead(Protocol):
    async def held(self) -> bool:
        """Whether this process leads now; it takes the lead where nobody has it. Raises
        StoreUnavailable where nobody can tell.
        """
        ...

    async def leave(self) -> None:
        """Another may lead. So it is too when this process dies."""
        ...
