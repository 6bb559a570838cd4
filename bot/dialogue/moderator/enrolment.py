"""Becoming a moderator: a link, a passphrase to be written down, a button to be kept.

The state holds the passphrase until the person says that it is written down; what
`prepare` made is lost with the memory, and the link is still good then.
"""

from dataclasses import dataclass, field, replace

from bot.dialogue.converse import Step
from bot.dialogue.heard import Commanded, Heard, Pressed, Refused, Typed
from bot.dialogue.moderator.buttons import read_share, unlock_press
from bot.dialogue.screen import Button, Screen, Text
from bot.dialogue.spoken import language_buttons, read_language
from domain.errors import DomainError
from domain.ports.chat import Language
from domain.ports.sealing import InviteRefused
from domain.staff.enrol import ChatTaken, Confirmed, EnrolmentDesk, Prepared

INVITE = "m-"
"""How the payload of an invite's link begins; a forum's begins otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A link was opened, and `payload` is being looked at."""

    language: Language
    payload: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """The passphrase is on the card."""

    language: Language
    payload: str = field(repr=False)
    prepared: Prepared = field(repr=False)
    line: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepting:
    """An officer's link: they read no report, so there is nothing to write down."""

    language: Language
    payload: str = field(repr=False)
    prepared: Prepared = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The chat is an officer's from now on."""

    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """`share` is for the button alone. `words` are to be read to a member who lets in."""

    language: Language
    share: bytes = field(repr=False)
    let_in: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedMeanwhile:
    """The link was used between the two steps: most likely here, by this very press, whose
    answer never came. So the button is left to be tried.
    """

    language: Language
    share: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnrolled:
    language: Language
    why: Text


State = Opening | Writing | Accepting | Accepted | Enrolled | UsedMeanwhile | NotEnrolled
EnrolmentStep = Step[State, EnrolmentDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepare:
    payload: str = field(repr=False)

    async def of(self, desk: EnrolmentDesk) -> Prepared:
        """Raises InviteRefused, ChatTaken."""
        return await desk.prepare(self.payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    prepared: Prepared = field(repr=False)

    async def of(self, desk: EnrolmentDesk) -> Confirmed:
        """Raises InviteRefused, ChatTaken."""
        return await desk.confirm(self.prepared)


def is_invite(payload: str) -> bool:
    """Whether `/start PAYLOAD` means to enrol, with a good link or a broken one."""
    return payload.startswith(INVITE)


def begin(language: Language) -> State:
    return Opening(language=language)


def is_over(state: State) -> bool:
    """Nothing more will come of this: enrolled, or not."""
    return not isinstance(state, Opening | Writing | Accepting)


def is_enrolled(state: State) -> bool:
    """The chat is a member's from now on."""
    return isinstance(state, Enrolled | UsedMeanwhile)


def is_officer(state: State) -> bool:
    return isinstance(state, Accepted)


def language_of(state: State) -> Language:
    return state.language


def advance(state: State, heard: Heard) -> EnrolmentStep:
    match state, heard:
        case Writing(payload=same) | Accepting(payload=same), Commanded("start", payload) if (
            payload == same
        ):
            return Step(state)
        case _, Commanded("start", payload) if is_invite(payload):
            opening = Opening(language=state.language, payload=payload)
            return Step(opening, Prepare(payload=payload))
        case Opening(language=language, payload=payload), Prepared() if heard.is_officer:
            return Step(Accepting(language=language, payload=payload, prepared=heard))
        case Opening(language=language, payload=payload), Prepared():
            return Step(Writing(language=language, payload=payload, prepared=heard))
        case Opening(language=language), Refused(error):
            return Step(NotEnrolled(language=language, why=_said(error)))
        case Opening(language=language), _:
            return Step(NotEnrolled(language=language, why=Text("moderator.enrol_open_link")))
        case Writing(), _:
            return _while_writing(state, heard)
        case Accepting(), _:
            return _while_accepting(state, heard)
        case _:
            return Step(state)


def _while_writing(state: Writing, heard: Heard) -> EnrolmentStep:
    language, share = state.language, state.prepared.enrolled.share
    match heard:
        case Pressed(button) if read_share(button) == share:
            return Step(state, Confirm(prepared=state.prepared))
        case Confirmed(share=kept, let_in=let_in):
            words = state.prepared.words
            return Step(Enrolled(language=language, share=kept, let_in=let_in, words=words))
        case Refused(InviteRefused()):
            return Step(UsedMeanwhile(language=language, share=share))
        case Refused(ChatTaken() as taken):
            return Step(NotEnrolled(language=language, why=_said(taken)))
        case Refused(error):
            return Step(replace(state, line=_said(error)))
        case Commanded("cancel"):
            why = Text("moderator.enrol_cancelled")
            return Step(NotEnrolled(language=language, why=why))
        case Typed():
            return Step(replace(state, line=Text("moderator.enrol_never_type")))
        case _:
            return Step(replace(state, line=Text("moderator.enrol_write_first")))


def _while_accepting(state: Accepting, heard: Heard) -> EnrolmentStep:
    match heard:
        case Pressed("accept"):
            return Step(state, Confirm(prepared=state.prepared))
        case Pressed(button) if button.startswith("language:"):
            chosen = read_language(button) or state.language
            return Step(replace(state, language=chosen))
        case Confirmed() | Refused(InviteRefused()):
            return Step(_accepted(state, heard))
        case Refused(error):
            return Step(NotEnrolled(language=state.language, why=_said(error)))
        case Commanded("cancel"):
            why = Text("moderator.enrol_cancelled")
            return Step(NotEnrolled(language=state.language, why=why))
        case _:
            return Step(state)


def _accepted(state: Accepting, heard: Heard) -> State:
    """A link that was used between the two steps was another's, or this very press's own: a
    member's chat hears its menu, anybody else's is a citizen's again.
    """
    if isinstance(heard, Confirmed):
        return Accepted(language=state.language)
    return NotEnrolled(language=state.language, why=Text("officer.link_used"))


def _said(error: DomainError) -> Text:
    return Text(error.key, error.params)


def view(state: State, languages: tuple[Language, ...] = ()) -> Screen:
    match state:
        case Opening():
            return Screen(paragraphs=(Text("moderator.enrol_open_link"),))
        case Writing():
            return _writing_screen(state)
        case Accepting():
            return _accepting_screen(languages)
        case Accepted():
            return Screen(paragraphs=(Text("officer.enrolled"), Text("officer.help")), keep=True)
        case Enrolled(share=share, let_in=let_in, words=words):
            compare = Text("moderator.enrol_compare", {"words": " ".join(words)})
            return Screen(
                paragraphs=(
                    Text("moderator.enrol_done"),
                    *(() if let_in else (compare,)),
                    Text("moderator.enrol_keep"),
                ),
                rows=((_unlock(share),),),
                keep=True,
            )
        case UsedMeanwhile(share=share):
            return Screen(
                paragraphs=(Text("moderator.enrol_used"), Text("moderator.enrol_keep")),
                rows=((_unlock(share),),),
                keep=True,
            )
        case NotEnrolled(why=why):
            return Screen(paragraphs=(why,))


def _writing_screen(state: Writing) -> Screen:
    enrolled = state.prepared.enrolled
    line = () if state.line is None else (state.line,)
    written = Button(unlock_press(enrolled.share), Text("button.written"))
    return Screen(
        paragraphs=(
            *line,
            Text("moderator.enrol_title"),
            Text("moderator.enrol_passphrase", {"passphrase": enrolled.passphrase}),
            Text("moderator.enrol_words", {"words": " ".join(state.prepared.words)}),
        ),
        rows=((written,),),
    )


def _accepting_screen(languages: tuple[Language, ...]) -> Screen:
    return Screen(
        paragraphs=(Text("officer.invited"),),
        rows=((Button("accept", Text("button.accept")),), *language_buttons(languages)),
    )


def _unlock(share: bytes) -> Button:
    return Button(unlock_press(share), Text("moderator.button_unlock"))
