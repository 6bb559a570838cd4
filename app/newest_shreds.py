"""When the newest backup of *shreds* was made, as far as is known here: an older one would bring
keys back that were destroyed since. Beside the data, and in each backup of *cases*.
"""

from datetime import datetime
from pathlib import Path

from app.keys import write_private
from app.settings import SettingRefused, Settings

NAME = "shreds.newest"


def newest_shreds(settings: Settings) -> datetime | None:
    """Raises SettingRefused."""
    place = _place(settings)
    try:
        return read_moment(place.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except ValueError:
        message = f"{place} holds no time: look at it, and take it away"
        raise SettingRefused(message) from None


def read_moment(text: str) -> datetime:
    """Raises ValueError also for one without a zone, which compares with no other."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def note_newest_shreds(settings: Settings, made: datetime, now: datetime) -> None:
    """Whole at every moment; never set back, but from a moment that is not here yet: the clock
    was wrong when that was noted.
    """
    known = newest_shreds(settings)
    if known is not None and made <= known <= now:
        return
    place = _place(settings)
    fresh = place.with_name(f"{NAME}.new")
    fresh.unlink(missing_ok=True)
    write_private(fresh, made.isoformat())
    fresh.replace(place)


def refuse_older_shreds(settings: Settings, made: datetime, now: datetime) -> None:
    """Also one that says it was made later than now, unless it is the newest: how old it is,
    nobody knows. Raises SettingRefused.
    """
    known = newest_shreds(settings)
    if known is not None and (made < known or now < made != known):
        message = (
            f"this backup of shreds says it is of {made:%Y-%m-%d %H:%M}, and the newest was made"
            f" {known:%Y-%m-%d %H:%M}: keys destroyed in between would come back. If the newest"
            " is lost, --older takes this one"
        )
        raise SettingRefused(message)


def _place(settings: Settings) -> Path:
    return settings.data_dir / NAME
