"""Where the command `sauti` begins: memory and words first, then everything else."""

import gc
import sys

from app.private_memory import keep_memory_private
from app.unforeseen import keep_words_private, tell


def main() -> None:
    """Some commands hold words or keys; none of them leaves its memory on disk, or says in an
    error what it holds.
    """
    keep_memory_private()
    keep_words_private()
    try:
        _sauti()
    except (Exception, KeyboardInterrupt) as unforeseen:  # noqa: BLE001 - told, but not in its words
        tell(unforeseen)
        sys.exit(1)


def _sauti() -> None:
    """A thousand modules are loaded and none is dropped: looking for garbage among them would
    take a fifth of the time.
    """
    gc.disable()
    from app.cli import sauti  # noqa: PLC0415 - memory is private before anything is loaded

    gc.freeze()
    gc.enable()
    sauti()
