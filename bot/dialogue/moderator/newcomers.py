"""Letting a new member in, after six words were compared by voice."""

from bot.dialogue.converse import Step
from bot.dialogue.moderator.asks import (
    FindNewcomer,
    FindNewcomers,
    Grant,
    LetIn,
)
from bot.dialogue.moderator.buttons import (
    TO_LOCK,
    TO_NEWCOMERS,
    TO_QUEUE,
    member_press,
    read_member,
    read_page,
)
from bot.dialogue.moderator.cards import ConfirmingGrant, ShowingNewcomers
from bot.dialogue.moderator.names import stacked
from bot.dialogue.moderator.state import ModeratorStep, State
from bot.dialogue.screen import Button, Rows, Screen, Text
from domain.staff.grant import Newcomer
from domain.staff.member import MemberId

PAGE = 2
"""Newcomers a page: each takes two or three lines of a small screen."""


def hear(state: State, button: str) -> ModeratorStep | None:
    match button.split(":"):
        case ["pending", number] if (page := read_page(number)) is not None:
            return Step(state, FindNewcomers(page=page))
        case ["letin", text] if (member := read_member(text)) is not None:
            return Step(state, FindNewcomer(member=member))
        case ["grant", text] if (member := read_member(text)) is not None:
            return Step(state, _grant(state, member))
        case _:
            return None


def _grant(state: State, member: MemberId) -> Grant | FindNewcomer:
    """Only what was just compared is granted; after a restart the words are shown again."""
    match state.card:
        case ConfirmingGrant(newcomer=compared) if compared.member == member:
            return Grant(compared=compared)
        case _:
            return FindNewcomer(member=member)


def let_in(state: State, answer: LetIn) -> State:
    card = ShowingNewcomers(newcomers=answer.left)
    said = "moderator.let_in_partly" if answer.partly else "moderator.let_in"
    return state.shows(card).says(Text(said))


def newcomers_screen(state: State, card: ShowingNewcomers) -> Screen:
    pages = max(1, -(-len(card.newcomers) // PAGE))
    page = min(card.page, pages - 1)
    here = card.newcomers[page * PAGE : (page + 1) * PAGE]
    turned = {"page": page + 1, "pages": pages}
    return Screen(
        paragraphs=(
            _title(card.newcomers),
            *(_words(state, newcomer) for newcomer in here),
            *((Text("moderator.page", turned),) if pages > 1 else ()),
        ),
        rows=(*((_button(one),) for one in here), *_turns(page, pages), (TO_QUEUE, TO_LOCK)),
    )


def confirming_screen(state: State, card: ConfirmingGrant) -> Screen:
    grant = Button(member_press("grant", card.newcomer.member), Text("moderator.button_same"))
    not_now = Button(TO_NEWCOMERS.press, Text("moderator.button_not_same"))
    return Screen(
        paragraphs=(
            Text("moderator.compare"),
            _words(state, card.newcomer),
            Text("moderator.compare_why"),
        ),
        rows=((grant,), (not_now,)),
    )


def _title(newcomers: tuple[Newcomer, ...]) -> Text:
    if not newcomers:
        return Text("moderator.nobody_pending")
    return Text("moderator.pending", count=len(newcomers))


def _words(state: State, newcomer: Newcomer) -> Text:
    return stacked(
        Text("moderator.newcomer_desk", {"desk": state.desk_name(newcomer.desk)}),
        Text("moderator.six_words", {"words": " ".join(newcomer.words)}),
    )


def _button(newcomer: Newcomer) -> Button:
    """Named by the first of the six words: there is no other name."""
    label = Text("moderator.button_let_in", {"word": newcomer.words[0]})
    return Button(member_press("letin", newcomer.member), label)


def _turns(page: int, pages: int) -> Rows:
    turns = ((page - 1, Text("button.previous")), (page + 1, Text("moderator.button_following")))
    row = tuple(Button(f"pending:{at}", label) for at, label in turns if 0 <= at < pages)
    return (row,) if row else ()
