"""What `doctor` says of swap: unlocked keys live in memory, and on a plain disk they outlive it.

As Linux tells: proc(5) for `swaps`, `slaves` and `dm/uuid` of /sys/block, and zram's `backing_dev`
(Documentation/admin-guide/blockdev/zram.rst). What cannot be looked up counts as plain.
"""

from pathlib import Path

from app.finding import Finding, green, red, yellow

ENCRYPTED = frozenset({"PLAIN", "LUKS1", "LUKS2", "LOOPAES", "TCRYPT", "BITLK", "FVAULT2"})
"""How cryptsetup begins the name of what it closes, after `CRYPT-`. INTEGRITY, VERITY and SUBDEV
are its own too, and close nothing.
"""


def look_at_swap(root: Path = Path("/")) -> Finding:
    """`root` is where /proc and /sys are."""
    swaps = root / "proc" / "swaps"
    if not swaps.exists():
        return yellow("this system does not say whether memory is swapped to disk")
    lines = swaps.read_text(encoding="utf-8").splitlines()[1:]
    blocks = root / "sys" / "block"
    plain = [used for used in (line.split()[0] for line in lines) if not _closed(used, blocks)]
    if plain:
        return red(f"memory may be swapped to {plain[0]}, which may be unencrypted")
    return green("memory is not swapped to a plain disk")


def _closed(used: str, blocks: Path) -> bool:
    """A partition or a file is no device of its own here, and so is plain."""
    if not used.startswith("/dev/"):
        return False
    block = _block(used, blocks)
    if block.name.startswith("zram"):
        return block.exists() and _in_memory(block, blocks)
    return _encrypted(block)


def _block(used: str, blocks: Path) -> Path:
    """Also by the name that device mapper gave it."""
    mapped = used.removeprefix("/dev/mapper/")
    if mapped != used:
        for name in blocks.glob("*/dm/name"):
            if _said(name) == mapped:
                return name.parents[1]
    return blocks / Path(used).name


def _encrypted(block: Path) -> bool:
    """Itself, or every device beneath it: LVM and RAID close nothing by themselves."""
    crypt, _, kind = _said(block / "dm" / "uuid").partition("-")
    if crypt == "CRYPT" and kind.partition("-")[0] in ENCRYPTED:
        return True
    slaves = block / "slaves"
    beneath = [block.with_name(each.name) for each in slaves.iterdir()] if slaves.exists() else []
    return bool(beneath) and all(_encrypted(each) for each in beneath)


def _in_memory(block: Path, blocks: Path) -> bool:
    """Or written back to what is closed."""
    written_back = _said(block / "backing_dev")
    return written_back in {"", "none"} or _closed(written_back, blocks)


def _said(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip() if file.exists() else ""
