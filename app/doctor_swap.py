"""What `doctor` says of swap: unlocked keys live in memory, and on a plain disk they outlive it.

As Linux tells: proc(5) for `swaps` and `self/mountinfo`, `slaves` and `dm/uuid` of /sys/block, and
zram's `backing_dev` (Documentation/admin-guide/blockdev/zram.rst). What cannot be looked up counts
as plain.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from app.finding import Finding, green, red, yellow

ENCRYPTED = frozenset({"PLAIN", "LUKS1", "LUKS2", "LOOPAES", "TCRYPT", "BITLK", "FVAULT2"})
"""How cryptsetup begins the name of what it closes, after `CRYPT-`. INTEGRITY, VERITY and SUBDEV
are its own too, and close nothing.
"""


KIB = 1024
OCTAL = re.compile(r"\\([0-7]{3})")
"""A blank in a name, as proc(5) writes it."""


@dataclass(frozen=True, slots=True)
class Mount:
    """`device`: major and minor number, where the file system has one device of its own."""

    device: str
    point: Path
    kind: str
    source: str
    options: str


def look_at_swap(root: Path = Path("/")) -> Finding:
    """`root` is where /proc and /sys are."""
    swaps = root / "proc" / "swaps"
    if not swaps.exists():
        return yellow("this system does not say whether memory is swapped to disk")
    lines = [line.split() for line in swaps.read_text(encoding="utf-8").splitlines()[1:]]
    plain = [_unescaped(used) for used, _, kib, *_ in lines if not _closed(used, int(kib), root)]
    if plain:
        return red(f"memory may be swapped to {plain[0]}, which may be unencrypted")
    return green("memory is not swapped to a plain disk")


def _closed(used: str, kib: int, root: Path) -> bool:
    if used.startswith("/dev/"):
        return _closed_device(used, root / "sys" / "block")
    return _closed_file(Path(_unescaped(used)), kib, root)


def _closed_device(used: str, blocks: Path) -> bool:
    """A partition is no device of its own here, and so is plain."""
    block = _block(used, blocks)
    if block.name.startswith("zram"):
        return block.exists() and _in_memory(block, blocks)
    return _encrypted(block)


def _closed_file(used: Path, kib: int, root: Path) -> bool:
    """As the file system is in which it lies. A name that leads to no such file here is another
    system's, whose container this is.
    """
    mount = _mount_of(used, root)
    if mount is None or not _is_there(root / used.relative_to("/"), kib):
        return False
    beneath = _devices(mount, root)
    return bool(beneath) and all(_encrypted(block) for block in beneath)


def _is_there(file: Path, kib: int) -> bool:
    """The page before what is swapped is not counted."""
    try:
        return file.is_file() and file.stat().st_size > kib * KIB
    except OSError:
        return False


def _mount_of(used: Path, root: Path) -> Mount | None:
    """The deepest that holds it; of several at one point the last, which covers the others."""
    if not used.is_absolute():
        return None
    lines = _said(root / "proc" / "self" / "mountinfo").splitlines()
    holding = [mount for mount in map(_mount, lines) if used.is_relative_to(mount.point)]
    return max(reversed(holding), key=lambda mount: len(mount.point.parts), default=None)


def _mount(line: str) -> Mount:
    before, _, after = line.partition(" - ")
    _, _, device, _, point, *_ = before.split()
    kind, source, options = after.split(" ", maxsplit=2)
    return Mount(device, Path(_unescaped(point)), kind, _unescaped(source), options)


def _devices(mount: Mount, root: Path) -> list[Path]:
    """All over which its files may lie; none where that cannot be told. XFS can keep them on a
    second one, btrfs on many, of which it names one as its source.
    """
    blocks = root / "sys" / "block"
    if "rtdev=" in mount.options:
        return []
    if mount.kind == "btrfs":
        source = _block(mount.source, blocks).name
        every = [folder.iterdir() for folder in (root / "sys/fs/btrfs").glob("*/devices")]
        names = [{device.name for device in devices} for devices in every]
        return [blocks / name for of_one in names if source in of_one for name in of_one]
    return [blocks / (root / "sys/dev/block" / mount.device).resolve().name]


def _unescaped(name: str) -> str:
    return OCTAL.sub(lambda found: chr(int(found[1], 8)), name)


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
    return written_back in {"", "none"} or _closed_device(written_back, blocks)


def _said(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip() if file.exists() else ""
