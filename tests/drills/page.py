"""`docs/drills.md`, of drills that held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tests.drills.terminal import Step, Terminal

HEAD = """# The drills, as they ran

**What they do not show**: custodians in a room with their papers, another machine, a real Telegram.
Try these once a year: [key-ceremony.md](key-ceremony.md#once-a-year-the-drill).

Written by `make drills` on {today}, of what was typed, said and seen: made-up people and reports, a
new deployment each, on one machine of two processors that did other work besides. A command is a
process of its own, and most of its seconds are its start. `SAUTI_RECOVERY_PUBLIC_KEY` was
`file:room/recovery.pub`; `SAUTI_DATABASE_URL` was set for PostgreSQL.

What people do in the bot was done by the bot's own desks, without Telegram, and so were the checks.
*Reads* is unlocking with passphrase and share, and opening; *is told* is a code typed. Days past
are a clock set back. Shares were read from files; in earnest each custodian types theirs. Links and
the new member's six words are left out. `make test` goes through the same drills.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    name: str
    what: str
    database: str
    seconds: float

    @property
    def title(self) -> str:
        return f"{self.name.capitalize()}, {self.database}"


def page(drills: Sequence[tuple[Held, Terminal]], today: date) -> str:
    lines = [*_head(drills, today)]
    for held, terminal in drills:
        lines += ["", f"## {held.title}", "", *_said(terminal)]
    return "\n".join(lines) + "\n"


def _head(drills: Sequence[tuple[Held, Terminal]], today: date) -> Iterator[str]:
    yield from HEAD.format(today=today).splitlines()
    yield ""
    yield "| drill | what | commands | checks that held | seconds |"
    yield "|---|---|---|---|---|"
    for held, terminal in drills:
        typed, checked = _of(terminal, "typed"), _of(terminal, "checked")
        what = held.what.rstrip(".")
        yield f"| {held.title} | {what} | {len(typed)} | {len(checked)} | {held.seconds:.0f} |"


def _of(terminal: Terminal, kind: str) -> list[Step]:
    return [step for step in terminal.steps if step.kind == kind]


def _said(terminal: Terminal) -> Iterator[str]:
    for step in terminal.steps:
        match step.kind:
            case "typed":
                yield "```"
                yield f"$ {terminal.told(step.said)}"
                yield from terminal.told(step.output).rstrip().splitlines()
                ended = f", status {step.status}" if step.status else ""
                yield "```"
                yield ""
                yield f"{step.seconds:.1f} s{ended}"
            case "checked":
                yield f"* Checked: {step.said}. Held."
            case _:
                yield step.said
        yield ""
