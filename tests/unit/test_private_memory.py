"""In a process of its own: what is given up there is not given back."""

import subprocess
import sys

ASKED = """
import ctypes, resource
from app.entry import main
try:
    main()
except SystemExit:
    pass
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def test_no_command_leaves_a_core_or_lets_others_look_into_its_memory() -> None:
    command = [sys.executable, "-c", ASKED, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "(0, 0) 0"
