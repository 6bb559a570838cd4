"""What the child may use. A file that wants more ends its child, and nothing else.

Memory and processor before anything is read; then, once all code is loaded, no file, no
socket and no other process can be opened any more.
"""

import os
import resource
import sys

CPU_SECONDS = 10
ADDRESS_SPACE = 1024 * 1024 * 1024
"""Bytes: Python and its libraries, a large picture, and one copy of it."""


def limit_work() -> None:
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    if sys.platform == "linux":  # elsewhere the system takes no such limit
        _limit(resource.RLIMIT_AS, ADDRESS_SPACE)


def close_doors() -> None:
    """`os.fork` fails with it for everybody but root."""
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, _lowest_free())


def _lowest_free() -> int:
    """Descriptors that are open stay usable; the next one would have this number."""
    probe = os.open(os.devnull, os.O_RDONLY)
    os.close(probe)
    return probe


def _limit(what: int, most: int) -> None:
    """A hard limit that is lower already stays."""
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
