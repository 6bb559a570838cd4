"""A backup of *shreds* killed at every line of where files take each other's place; each time
what lies there is looked at, and a backup is made again. Run by test_backup_files.py, as a
process without threads that may fork.

    python -m tests.integration.backup_dying DATA FOLDER NAME
"""

import json
import os
import sys
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from app import backing_up, backup_files
from app.backing_up import Store, back_up
from app.restoring import verify
from app.settings import SettingRefused, Settings
from storage.fitting import misfits
from tests.house import RECOVERY

BEFORE, AFTER = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)
OF = backup_files.__file__


def made(settings: Settings, file: Path, now: datetime) -> None:
    back_up(settings, Store.SHREDS, file, RECOVERY.public, now, say=_silent)


def dies_at(line: int, settings: Settings, file: Path) -> bool:
    """Whether it came so far: nothing that Python does on its way out is done."""
    child = os.fork()
    if not child:
        left = line

        def traced(frame: FrameType, event: str, _: object) -> Any:
            nonlocal left
            if frame.f_code.co_filename != OF:
                return None
            left -= event == "line"
            if left == 0:
                os._exit(9)
            return traced

        sys.settrace(traced)
        made(settings, file, AFTER)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def whole(folder: Path) -> dict[str, str]:
    """Backups that can be restored: of when, by the name of the file."""
    found = {}
    for path in sorted(folder.iterdir()):
        try:
            found[path.name] = verify(Store.SHREDS, path, RECOVERY).head.made.isoformat()
        except SettingRefused:
            continue
    return found


def _silent(_: str) -> None:
    """Nobody listens."""


def main(data: Path, folder: Path, name: str) -> None:
    """A line a kill: what could be restored then, and all that lay there after the next run."""
    vars(backing_up)["misfits"] = cache(misfits)  # no store changes here, and to look takes long
    settings = Settings(_env_file=None, data_dir=data)
    former, file = folder / "shreds", folder / name
    made(settings, former, BEFORE)
    before = former.read_bytes()
    for line in count(1):
        for path in folder.iterdir():
            path.unlink()
        former.write_bytes(before)
        if not dies_at(line, settings, file):
            return
        restorable = whole(folder)
        made(settings, file, AFTER)
        there = sorted(path.name for path in folder.iterdir())
        sys.stdout.write(json.dumps([line, restorable, there]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
