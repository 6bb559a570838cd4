"""What the bot says about itself: names, descriptions and commands, by language."""

from dataclasses import dataclass, field
from enum import StrEnum


class About(StrEnum):
    """A text a bot sets for itself; the value is its field's name in the Bot API."""

    NAME = "name"
    DESCRIPTION = "description"
    SHORT_DESCRIPTION = "short_description"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    command: str
    description: str

    def as_json(self) -> dict[str, str]:
        return {"command": self.command, "description": self.description}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """To whom commands show. `chat_id` only where the kind is about one chat."""

    kind: str = "default"
    chat_id: int | None = None


@dataclass(slots=True, kw_only=True)
class Profile:
    """The language "" stands for everybody without words of their own."""

    texts: dict[tuple[About, str], str] = field(default_factory=dict)
    commands: dict[tuple[Scope, str], tuple[Command, ...]] = field(default_factory=dict)

    def text(self, about: About, language: str) -> str:
        return self.texts.get((about, language)) or self.texts.get((about, ""), "")

    def set_text(self, about: About, language: str, text: str) -> None:
        self.texts[about, language] = text

    def commands_for(self, chat_id: int, language: str) -> tuple[Command, ...]:
        """The narrowest that were set (core.telegram.org/bots/api#botcommandscope)."""
        scopes = (
            Scope(kind="chat", chat_id=chat_id),
            Scope(kind="all_private_chats"),
            Scope(),
        )
        for scope in scopes:
            for spoken in (language, ""):
                if listed := self.commands.get((scope, spoken)):
                    return listed
        return ()
