"""What `doctor` says of backups: one of *shreds* keeps what ended since readable, for as long as it
is the newest.
"""

from datetime import datetime

from app.finding import Finding, green, red, yellow
from app.newest_shreds import newest_shreds
from app.settings import Settings
from domain.followup.bells import DAY
from storage.fitting import last_ending

AGAIN = "`sauti backup shreds FILE`, in the folder where the older one lies"


def look_at_shreds(settings: Settings, now: datetime) -> Finding:
    """Of a report that ended its month alone is known, so one that ended in the month of the
    backup may have ended since. Raises SettingRefused, StoreUnavailable.
    """
    made = newest_shreds(settings)
    if made is None:
        return yellow(
            f"no backup of shreds is known here: a lost disk would be every report. {AGAIN}"
        )
    made = made.astimezone(now.tzinfo)
    said = f"the newest backup of shreds is of {made:%Y-%m-%d %H:%M}"
    if made > now:
        return red(f"{said}: the machine's clock is wrong or was. Set it, then {AGAIN}")
    if now - made <= DAY:
        return green("the newest backup of shreds is of the last day")
    ending = last_ending(settings.database, settings.data_dir)
    if ending is not None and ending >= made.date().replace(day=1):
        return red(f"{said}, and reports may have ended since, which it keeps readable. {AGAIN}")
    return yellow(f"{said}: reports since then would be lost with the disk. {AGAIN}")
