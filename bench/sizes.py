"""How much is measured: as the table is made, and as a test can wait for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """`runs`: the median is of so many. `presses`, `conversations`, `sends`, `seals`, `checks`
    and `opens` are of one run. `crowds`: conversations at once; each once more to grow warm.
    `reports`: how many the digest counts. `open_reports`: few and many that wait.
    `settle`: seconds until a process that has answered is idle. `libraries`: what it stands beside;
    none: all it imports.
    """

    runs: int
    presses: int
    conversations: int
    crowds: tuple[int, ...]
    sends: int
    seals: int
    checks: int
    messages: int
    reports: tuple[int, ...]
    open_reports: tuple[int, int]
    opens: int
    starts: int
    settle: float
    libraries: tuple[str, ...] = ()


FULL = Sizes(
    runs=5,
    presses=40,
    conversations=8,
    crowds=(8, 64),
    sends=40,
    seals=200,
    checks=10,
    messages=300,
    reports=(10_000, 100_000, 1_000_000),
    open_reports=(1_000, 100_000),
    opens=10,
    starts=5,
    settle=1.0,
)
TINY = Sizes(
    runs=1,
    presses=2,
    conversations=1,
    crowds=(2,),
    sends=2,
    seals=2,
    checks=1,
    messages=4,
    reports=(500, 1_000),
    open_reports=(10, 20),
    opens=1,
    starts=1,
    settle=0.0,
    libraries=("httpx",),
)
