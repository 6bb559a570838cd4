"""`make fuzz`: each target for some time under a coverage-guided fuzzer, and a table of it.

atheris reports through libFuzzer, which ends its process: hence a process a target.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.in_docs import write_table

SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
RUNS = re.compile(r"#(\d+)\s+DONE\s+cov: (\d+) ft: \d+ corp: (\d+)/")


def fuzz(name: str, corpus: str) -> None:
    import atheris  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - where it is asked for

    with atheris.instrument_imports(include=["app", "bot", "crypto", "domain", "telegram"]):
        from tests.fuzz.targets import TARGETS, seeds  # noqa: PLC0415 - instrumented
    for number, seed in enumerate(seeds(name)):
        (Path(corpus) / f"seed-{number}").write_bytes(seed)
    arguments = [sys.argv[0], f"-max_total_time={SECONDS}", "-max_len=4096", corpus]
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()


def main() -> None:
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - not instrumented here

    table = ["| target | runs | seconds | edges covered | corpus |", "|---|---|---|---|---|"]
    for name in TARGETS:
        with tempfile.TemporaryDirectory(prefix="sauti-fuzz-") as corpus:
            done = subprocess.run(
                [sys.executable, "-m", "tests.fuzz", name, corpus],
                stderr=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                text=True,
                check=False,
            )
        found = RUNS.search(done.stderr)
        if done.returncode or found is None:
            sys.exit(f"{name}\n{done.stderr[-4000:]}")
        runs, covered, kept = found.groups()
        table.append(f"| {name} | {int(runs):,} | {SECONDS} | {covered} | {kept} |")
        sys.stdout.write(f"{table[-1]}\n")
        sys.stdout.flush()
    write_table("threat-model.md", "make fuzz", table)


if len(sys.argv) > 1:
    fuzz(*sys.argv[1:])
else:
    main()
