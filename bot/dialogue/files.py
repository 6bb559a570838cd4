"""How many photos and files, said the same way to citizens and to moderators."""

from bot.dialogue.screen import Text
from domain.reports.files import FileKind, counted


def files_said(kinds: tuple[FileKind, ...]) -> Text:
    """At least one: “2 photos, 1 file”."""
    photos, others = counted(kinds)
    if not others:
        return Text("files.photos", count=photos)
    if not photos:
        return Text("files.others", count=others)
    both = {
        "photos": Text("files.photos", count=photos),
        "others": Text("files.others", count=others),
    }
    return Text("files.both", both)
