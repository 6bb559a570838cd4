"""A report before *Send*: in memory only, for thirty minutes."""

from dataclasses import dataclass, field, replace

from domain.errors import DomainError
from domain.places.county import AreaKey, CountyCode
from domain.reports.files import (
    MEGABYTE,
    MOST_FILES,
    MOST_KEPT,
    CleanFile,
    FileKind,
    FilesTooBig,
    FilesTooMany,
)
from domain.reports.report import ForumKey, ReportId
from domain.reports.topic import Topic
from domain.reports.wishes import ForumRelation, HowFar, KeptOut

MAX_WORDS = 20_000
"""Characters in one report, all messages together: about ten printed pages."""


class TooLong(DomainError):
    key = "error.too_long"


class Incomplete(DomainError):
    """A draft without words or files, topic or place cannot be sent."""

    key = "error.incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`nonce` becomes the report's id, so that *Send* twice is one report."""

    nonce: ReportId
    words: tuple[str, ...] = ()
    files: tuple[CleanFile, ...] = field(default=(), repr=False)
    topic: Topic | None = None
    county: CountyCode | None = None
    area: AreaKey | None = None
    danger: bool = False
    forum: ForumKey | None = None
    forum_relation: ForumRelation = ForumRelation.NONE
    kept_out: frozenset[KeptOut] = frozenset()
    how_far: HowFar = HowFar.DESK_ONLY

    @property
    def length(self) -> int:
        return sum(map(len, self.words))

    def with_words(self, text: str) -> "Draft":
        """Raises TooLong, and the draft stays as it was."""
        if self.length + len(text) > MAX_WORDS:
            raise TooLong(limit=MAX_WORDS)
        return replace(self, words=(*self.words, text))

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.files

    @property
    def kinds(self) -> tuple[FileKind, ...]:
        return tuple(file.kind for file in self.files)

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(len(file.content) for file in self.files)

    def check_room(self, size: int = 0) -> None:
        """For one more file of so many bytes. Raises FilesTooMany, FilesTooBig."""
        if len(self.files) >= MOST_FILES:
            raise FilesTooMany(limit=MOST_FILES)
        if self.size + size > MOST_KEPT:
            raise FilesTooBig(limit=MOST_KEPT // MEGABYTE)

    def with_file(self, file: CleanFile) -> "Draft":
        """Raises FilesTooMany, FilesTooBig, and the draft stays as it was."""
        self.check_room(len(file.content))
        return replace(self, files=(*self.files, file))

    def toggled(self, office: KeptOut) -> "Draft":
        return replace(self, kept_out=self.kept_out ^ {office})
