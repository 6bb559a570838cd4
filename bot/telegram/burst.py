"""What is left unsaid while more of the same chat waits, until the last of them tells it all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.dialogue.citizen import State
from bot.dialogue.screen import Text

MOST_LINES = 5
"""Different lines of a burst that its last card still says; the newest."""

MOST_QUERIES = 5
"""Presses of a burst that are answered; an older one stops waiting by itself."""


@dataclass(slots=True, kw_only=True)
class Burst:
    """`behind`: the person has not seen where the state stands. `lines`: what answered the
    turns before. `untaken`: a message among them stays in the chat, so the card comes below
    it. `queries` still to be answered. `uncleared`: what `/clear` could not delete, once it
    was asked for; `whole`: whether it knew of all.
    """

    behind: bool = False
    lines: tuple[Text, ...] = ()
    untaken: bool = False
    queries: tuple[str, ...] = ()
    uncleared: frozenset[int] | None = None
    whole: bool = True

    def gather(self, state: State, query: str | None) -> None:
        """A turn whose outcome is shown with a later one."""
        self.behind = True
        self.lines = _different((*self.lines, *state.lines))[-MOST_LINES:]
        self.untaken = self.untaken or state.untaken
        if query is not None:
            self.queries = (*self.queries, query)[-MOST_QUERIES:]

    def told_by(self, state: State) -> State:
        """The state with all that was left unsaid."""
        if not self.behind:
            return state
        lines = _different((*self.lines, *state.lines))
        return replace(state, lines=lines, untaken=self.untaken or state.untaken)

    def shown(self) -> None:
        """Presses may still wait for their answer."""
        self.behind, self.lines, self.untaken, self.uncleared = False, (), False, None


def _different(lines: Iterable[Text]) -> tuple[Text, ...]:
    found: list[Text] = []
    for line in lines:
        if line not in found:
            found.append(line)
    return tuple(found)
