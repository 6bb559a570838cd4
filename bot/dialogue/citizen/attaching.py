"""Photos and files on their way into a report. What is refused loses nothing else."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from bot.dialogue.citizen import report
from bot.dialogue.citizen.asks import Begin, Begun
from bot.dialogue.citizen.cards import AnsweringDesk, Writing
from bot.dialogue.citizen.start import welcomed
from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.files import files_said
from bot.dialogue.heard import Attached
from bot.dialogue.screen import Text
from domain.errors import DomainError
from domain.reports.desk import CitizenDesk
from domain.reports.draft import Draft
from domain.reports.files import CleanFile, FileRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTaken:
    file: CleanFile
    caption: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNotTaken:
    why: DomainError
    caption: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFile:
    draft: Draft = field(repr=False)
    attached: Attached

    async def of(self, desk: CitizenDesk) -> FileTaken | FileNotTaken:
        sent = self.attached
        try:
            file = await desk.take_file(self.draft, sent.handle, sent.size)
        except FileRefused as why:
            return FileNotTaken(why=why, caption=sent.caption)
        return FileTaken(file=file, caption=sent.caption)


def attached(state: State, sent: Attached) -> CitizenStep:
    """At any step of a report, and as the start of one."""
    match state.card, state.report:
        case AnsweringDesk(), _:
            return Step(state.leaves(Text("files.with_report")))
        case _, None:
            return Step(state, Begin(attached=sent))
        case _, Unsent(draft=draft):
            return Step(state, TakeFile(draft=draft, attached=sent))
        case _, Delivered():
            return Step(state.home().leaves(Text("sent.write_first")))


def begun(state: State, answer: Begun) -> CitizenStep:
    state = report.begun(state, answer)
    return Step(state) if answer.attached is None else attached(state, answer.attached)


def answered(state: State, unsent: Unsent, answer: FileTaken | FileNotTaken) -> State:
    match answer:
        case FileTaken():
            return _taken(state, unsent, answer)
        case FileNotTaken():
            return _not_taken(state, unsent, answer)
        case _:
            assert_never(answer)


def _taken(state: State, unsent: Unsent, answer: FileTaken) -> State:
    unsent = replace(unsent, draft=unsent.draft.with_file(answer.file))
    state = welcomed(replace(state, report=unsent))
    if answer.caption.strip():
        return report.with_words(state, unsent, answer.caption)
    if not isinstance(state.card, Writing):
        state = state.says(Text("files.added", {"files": files_said(unsent.draft.kinds)}))
    return state


def _not_taken(state: State, unsent: Unsent, answer: FileNotTaken) -> State:
    """The message stays where it is; words beside the file are taken all the same. One line
    says why, and none that they were added: it would not fit on the largest cards.
    """
    refused = welcomed(state).leaves(Text(answer.why.key, answer.why.params))
    if not answer.caption.strip():
        return refused
    return replace(refused, report=report.with_words(refused, unsent, answer.caption).report)
