"""Photos and files of a report, once nothing in them tells who made them."""

from dataclasses import dataclass, field
from enum import StrEnum

from domain.errors import DomainError

MEGABYTE = 1_000_000

MOST_FILES = 6
"""In one report."""

MOST_INCOMING = 8 * MEGABYTE
"""Bytes of one file as it is sent."""

MOST_KEPT = 6 * MEGABYTE
"""Bytes of a report's files together, cleaned."""


class FileKind(StrEnum):
    PHOTO = "photo"
    PDF = "pdf"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanFile:
    """A JPEG of pixels alone, a PDF of its pages alone, or UTF-8."""

    kind: FileKind
    content: bytes = field(repr=False)


class FileRefused(DomainError):
    """One file is not taken; whatever else was sent stays."""


class FileUnknown(FileRefused):
    """Neither a photo nor a PDF nor plain text, whatever it is called."""

    key = "error.file_unknown"


class FileSounds(FileRefused):
    """Sound or film: a voice is a name."""

    key = "error.file_sounds"


class FileUncleanable(FileRefused):
    """Broken, or with something inside that cannot be taken out for certain."""

    key = "error.file_uncleanable"


class FileLocked(FileRefused):
    """A PDF under a password."""

    key = "error.file_locked"


class FileTooBig(FileRefused):
    key = "error.file_too_big"


class FilesTooMany(FileRefused):
    key = "error.files_too_many"


class FilesTooBig(FileRefused):
    """All of a report together."""

    key = "error.files_too_big"


class FilesAtRest(FileRefused):
    """The machine has no room for more just now. It may be sent again."""

    key = "error.files_at_rest"


def counted(kinds: tuple[FileKind, ...]) -> tuple[int, int]:
    """How many photos, and how many other files."""
    photos = kinds.count(FileKind.PHOTO)
    return photos, len(kinds) - photos
