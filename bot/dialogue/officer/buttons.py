"""The buttons under a referral, wherever it is told of. Each stands for itself, so that it
works after a restart and in a message that is weeks old.
"""

from bot.dialogue.screen import Button, Rows, Text
from domain.reports.state import Want


def acts(number: str, *, taken: bool = False) -> Rows:
    """What can be said of one referral: its number stands on the first button."""
    done = Button(f"done:{number}", Text("officer.button_done", {"number": number}))
    blocked = Button(f"block:{number}", Text("officer.button_blocked"))
    take = Button(f"ack:{number}", Text("officer.button_taken"))
    not_mine = Button(f"notmine:{number}", Text("officer.button_not_mine"))
    return ((done,), (blocked, not_mine) if taken else (take, blocked, not_mine))


def short_acts(number: str) -> tuple[Button, ...]:
    """One row, where several referrals stand in one message."""
    return (
        Button(f"done:{number}", Text("officer.button_done", {"number": number})),
        Button(f"block:{number}", Text("officer.button_blocked")),
        Button(f"notmine:{number}", Text("officer.button_not_mine")),
    )


def want_press(number: str, want: Want) -> str:
    return f"want:{number}:{want}"
