"""What `doctor` says of the pin, the root's public half: everything is checked up to it, so that
whoever replaces it and all that hangs on it is found by paper alone.
"""

from pathlib import Path

from app.finding import Finding, green, yellow
from app.keys import root_public
from app.settings import Settings
from crypto.spelling import read_root_public, root_words


def look_at_pin(settings: Settings) -> Finding:
    """Raises SettingRefused, KeyMalformed."""
    words = f"the root's six words: {root_words(read_root_public(root_public(settings)))}"
    if not _beside_the_data(settings):
        return green(f"{words}. Compare them with the paper")
    return yellow(
        f"{words}. Compare them with the paper: the pin lies beside the data, where the bot's user"
        " may replace it. `SAUTI_ROOT_PUBLIC_KEY` pins it elsewhere"
    )


def _beside_the_data(settings: Settings) -> bool:
    given = settings.root_public_key or ""
    kind, _, place = given.partition(":")
    within = Path(place).resolve().is_relative_to(settings.data_dir.resolve())
    return not given or (kind == "file" and within)
