"""Where the command `sauti` begins: memory first, then everything else."""

import gc

from app.private_memory import keep_memory_private


def main() -> None:
    """Some commands hold words or keys; none of them leaves its memory on disk.

    A thousand modules are loaded and none is dropped: looking for garbage among them would
    take a fifth of the time.
    """
    keep_memory_private()
    gc.disable()
    from app.cli import sauti  # noqa: PLC0415 - memory is private before anything is loaded

    gc.freeze()
    gc.enable()
    sauti()
