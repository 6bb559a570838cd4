"""What is in memory stays there: words while they are typed, keys while somebody is unlocked."""

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4
"""prctl(2): without it no core is written, and no process of the same user may look in."""


def keep_memory_private() -> None:
    """No core dump of this process, whatever the system is set to; children have none either."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
