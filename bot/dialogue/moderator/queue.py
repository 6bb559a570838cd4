"""What waits, a page at a time, without a word of any report."""

from dataclasses import replace

from bot.dialogue.converse import Step
from bot.dialogue.moderator.asks import FindWaiting
from bot.dialogue.moderator.buttons import (
    TO_LOCK,
    TO_NEXT,
    TO_QUEUE,
    open_button,
    queue_press,
    read_filter,
)
from bot.dialogue.moderator.cards import ShowingCounts, ShowingQueue
from bot.dialogue.moderator.names import listed, stacked
from bot.dialogue.moderator.state import ModeratorStep, State
from bot.dialogue.moderator.typed import read_queue
from bot.dialogue.named import named
from bot.dialogue.screen import Button, Rows, Screen, Text
from domain.moderation.queue import Filter, Line, Queue


def asked(state: State, argument: str) -> ModeratorStep:
    """`/queue [topic] [late] [mine]`."""
    shown_by = read_queue(argument, state.spoken)
    if shown_by is None:
        return Step(state.says(Text("moderator.queue_words")))
    return Step(state, FindWaiting(shown_by=shown_by))


def hear(state: State, button: str) -> ModeratorStep | None:
    match button.split(":"):
        case ["queue", topic, late, mine, page]:
            shown_by = read_filter(topic, late, mine, page)
            return None if shown_by is None else Step(state, FindWaiting(shown_by=shown_by))
        case _:
            return None


def queue_screen(state: State, card: ShowingQueue) -> Screen:
    queue = card.queue
    turned = {"page": queue.shown_by.page + 1, "pages": queue.pages}
    return Screen(
        paragraphs=(
            stacked(_title(queue), *_only(queue.shown_by)),
            *((Text("moderator.queue_hint"),) if queue.lines else ()),
            *((Text("moderator.page", turned),) if queue.pages > 1 else ()),
        ),
        rows=(
            *((open_button(line.report.ref, _line(state, queue, line)),) for line in queue.lines),
            *_pages(queue),
            _filters(queue.shown_by),
            (TO_NEXT, TO_LOCK),
        ),
    )


def counts_screen(card: ShowingCounts) -> Screen:
    return Screen(
        paragraphs=(
            Text("moderator.stats_title"),
            stacked(
                Text("moderator.stats_total", {"count": card.total}),
                Text("moderator.stats_late", {"count": card.late}),
                Text("moderator.stats_mine", {"count": card.mine}),
            ),
        ),
        rows=((TO_NEXT, TO_QUEUE), (TO_LOCK,)),
    )


def _title(queue: Queue) -> Text:
    if not queue.total:
        return Text("moderator.queue_empty")
    return Text("moderator.queue_title", count=queue.total)


def _only(shown_by: Filter) -> tuple[Text, ...]:
    words = [
        *([named(shown_by.topic)] if shown_by.topic else []),
        *([Text("moderator.flag_late")] if shown_by.late else []),
        *([Text("moderator.flag_mine")] if shown_by.mine else []),
    ]
    return (Text("moderator.queue_only", {"words": listed(*words)}),) if words else ()


def _line(state: State, queue: Queue, line: Line) -> Text:
    """What matters most comes first: a narrow phone cuts the end of a button off."""
    report = line.report
    mine = report.claimed_by == queue.member
    held = report.claimed_by is not None and not mine
    flags = (
        *((Text("moderator.flag_danger"),) if report.danger else ()),
        *((Text("moderator.flag_late"),) if line.late else ()),
        *((Text("moderator.flag_withdrawal"),) if report.withdrawal else ()),
        *((Text("moderator.flag_news"),) if report.unread and not report.withdrawal else ()),
        *((Text("moderator.flag_mine"),) if mine else ()),
        *((Text("moderator.flag_held"),) if held else ()),
    )
    known = {
        "ref": report.ref,
        "topic": named(report.topic),
        "place": state.place_of(report),
        "received": report.received,
    }
    if not flags:
        return Text("moderator.queue_line", known)
    return Text("moderator.queue_line_flagged", {**known, "flags": listed(*flags)})


def _pages(queue: Queue) -> Rows:
    at = queue.shown_by.page
    turns = ((at - 1, Text("button.previous")), (at + 1, Text("moderator.button_following")))
    row = tuple(
        Button(queue_press(replace(queue.shown_by, page=page)), label)
        for page, label in turns
        if 0 <= page < queue.pages
    )
    return (row,) if row else ()


def _filters(shown_by: Filter) -> tuple[Button, ...]:
    """*All* takes every filter away, a topic that was typed too."""
    late = replace(shown_by, late=not shown_by.late, page=0)
    mine = replace(shown_by, mine=not shown_by.mine, page=0)
    return (
        _filter(Filter(), Text("moderator.button_all"), on=replace(shown_by, page=0) == Filter()),
        _filter(late, Text("moderator.button_late"), on=shown_by.late),
        _filter(mine, Text("moderator.button_mine"), on=shown_by.mine),
    )


def _filter(shown_by: Filter, label: Text, *, on: bool) -> Button:
    return Button(queue_press(shown_by), Text("button.on", {"label": label}) if on else label)
