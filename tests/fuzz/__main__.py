"""`make fuzz`: each target for some time under a coverage-guided fuzzer, and a table of it.

What it learnt lies in `var/fuzz`, so that the next run goes on from there: the inputs that reach
something new, those that were findings, and the totals the table is written from.

atheris reports through libFuzzer, which ends its process: hence a process a target.
"""

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.in_docs import write_table

SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
HANGS = 60
"""Seconds after which one input is a finding."""
KEPT = Path(__file__).parents[2] / "var" / "fuzz"
TOTALS = KEPT / "totals.json"
ENDED = re.compile(r"#(\d+)\s+DONE\s+cov: (\d+)")
LAST = re.compile(r"^#(\d+)\s", re.MULTILINE)
READY = re.compile(r"^ready after (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Over every run since the corpus was begun. `seconds`: of the processor, without what
    it takes to get ready.
    """

    inputs: int = 0
    seconds: float = 0
    edges: int = 0
    corpus: int = 0
    findings: int = 0


def fuzz(name: str) -> None:
    import atheris  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - where it is asked for

    with atheris.instrument_imports(include=["app", "bot", "crypto", "domain", "telegram"]):
        from tests.fuzz.targets import TARGETS, seeds  # noqa: PLC0415 - instrumented
    for number, seed in enumerate(seeds(name)):
        (_corpus(name) / f"seed-{number}").write_bytes(seed)
    limits = (f"-max_total_time={SECONDS}", "-max_len=4096", f"-timeout={HANGS}")
    found = f"-artifact_prefix={KEPT / name}/found/"
    atheris.Setup([sys.argv[0], *limits, found, str(_corpus(name))], TARGETS[name])
    sys.stderr.write(f"ready after {_processor(resource.RUSAGE_SELF)}\n")
    atheris.Fuzz()


def main() -> None:
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - not instrumented here

    totals = dict.fromkeys(TARGETS, Total()) | _totals()
    failed = []
    for name in TARGETS:
        totals[name], said = _turn(name, totals[name])
        TOTALS.write_text(json.dumps({each: asdict(total) for each, total in totals.items()}))
        _write(totals)
        if said:
            failed.append(f"{name}\n{said[-4000:]}")
    if failed:
        sys.exit("\n".join(failed))


def _totals() -> dict[str, Total]:
    if not TOTALS.exists():
        return {}
    return {name: Total(**total) for name, total in json.loads(TOTALS.read_text()).items()}


def _turn(name: str, before: Total) -> tuple[Total, str]:
    """The new total; and what was said, if it was a finding."""
    for folder in (_corpus(name), KEPT / name / "found"):
        folder.mkdir(parents=True, exist_ok=True)
    before_it = _processor(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", name],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    spent = _processor(resource.RUSAGE_CHILDREN) - before_it
    ready, ended = READY.search(done.stderr), ENDED.search(done.stderr)
    last = LAST.findall(done.stderr)
    if not ready or not last:
        sys.exit(f"{name} did not begin\n{done.stderr[-4000:]}")
    after = replace(
        before,
        inputs=before.inputs + int(ended[1] if ended else last[-1]),
        seconds=before.seconds + spent - float(ready[1]),
        edges=int(ended[2]) if ended else before.edges,
        corpus=sum(1 for _ in _corpus(name).iterdir()),
        findings=before.findings + bool(done.returncode),
    )
    return after, done.stderr if done.returncode else ""


def _processor(whose: int) -> float:
    """Seconds."""
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _corpus(name: str) -> Path:
    return KEPT / name / "corpus"


def _write(totals: Mapping[str, Total]) -> None:
    table = [
        "| target | inputs | minutes of processor time | edges covered | corpus | findings |",
        "|---|---|---|---|---|---|",
        *(_row(name, total) for name, total in totals.items()),
    ]
    whole = sum(total.seconds for total in totals.values()) / 60
    inputs, found = (sum(getattr(t, of) for t in totals.values()) for of in ("inputs", "findings"))
    table.append(f"| **all** | {inputs:,} | {whole:.1f} | | | {found} |")
    write_table("threat-model.md", "make fuzz", table)
    sys.stdout.write("\n".join((*table, "")))
    sys.stdout.flush()


def _row(name: str, total: Total) -> str:
    numbers = f"{total.inputs:,} | {total.seconds / 60:.1f} | {total.edges} | {total.corpus}"
    return f"| {name} | {numbers} | {total.findings} |"


if len(sys.argv) > 1:
    fuzz(sys.argv[1])
else:
    main()
