"""Swap is green only where it is seen to be closed, on made-up machines."""

from pathlib import Path

import pytest

from app.doctor_swap import look_at_swap
from app.finding import Light

HEADER = "Filename Type Size Used Priority\n"
LUKS, LVM = "CRYPT-LUKS2-0b1c-swap", "LVM-YbOaSwap"


class Machine:
    """Its /proc and /sys."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "proc").mkdir()
        (root / "sys" / "block").mkdir(parents=True)

    def swaps_to(self, *devices: str) -> None:
        lines = "".join(f"{device} partition 1 0 -2\n" for device in devices)
        (self.root / "proc" / "swaps").write_text(HEADER + lines)

    def has(self, name: str, *, on: tuple[str, ...] = (), **files: str) -> None:
        """A block device, on what lies beneath it; `dm_uuid` is the file `dm/uuid`."""
        block = self.root / "sys" / "block" / name
        for folder in (block / "slaves", block / "dm"):
            folder.mkdir(parents=True)
        for beneath in on:
            (block / "slaves" / beneath).symlink_to(f"../../{beneath}")
        for file, said in files.items():
            (block / file.replace("_", "/", 1)).write_text(f"{said}\n")

    def swaps_to_file(self, name: str = "/swapfile", *, kib: int = 8, there: bool = True) -> None:
        """Of which a page is no swap."""
        escaped = name.replace(" ", r"\040")
        line = f"{escaped} file {kib} 0 -2\n"
        (self.root / "proc" / "swaps").write_text(HEADER + line)
        if there:
            file = self.root / name.removeprefix("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(bytes((kib + 4) * 1024))

    def mounts(self, *lines: str) -> None:
        """Each as device, point, kind, source and the options of the file system."""
        found = ""
        for line in lines:
            device, point, kind, source, *options = line.split(" ")
            said = f"{device} / {point} rw,relatime shared:1 - {kind} {source}"
            found += f"36 35 {said} {''.join(options) or 'rw'}\n"
        (self.root / "proc" / "self").mkdir(exist_ok=True)
        (self.root / "proc" / "self" / "mountinfo").write_text(found)

    def numbers(self, device: str, name: str) -> None:
        link = self.root / "sys" / "dev" / "block" / device
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"../../block/{name}")

    def btrfs(self, uuid: str, *names: str) -> None:
        for name in names:
            folder = self.root / "sys" / "fs" / "btrfs" / uuid / "devices"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(f"../../../../block/{name}")

    def zram(self, **files: str) -> None:
        block = self.root / "sys" / "block" / "zram0"
        block.mkdir()
        for file, said in files.items():
            (block / file).write_text(f"{said}\n")

    def light(self) -> Light:
        return look_at_swap(self.root).light


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_no_swap_is_green_and_a_system_that_does_not_tell_is_looked_at(machine: Machine) -> None:
    assert machine.light() is Light.YELLOW
    machine.swaps_to()
    assert machine.light() is Light.GREEN


@pytest.mark.parametrize("device", ["/dev/sda2", "/swapfile", "/dev/dm-1", "/dev/zram0"])
def test_a_plain_disk_a_file_and_what_nothing_is_known_of_are_red(
    machine: Machine, device: str
) -> None:
    machine.has("sda")
    machine.swaps_to(device)
    assert machine.light() is Light.RED


@pytest.mark.parametrize(
    ("uuid", "light"),
    [
        (LUKS, Light.GREEN),
        ("CRYPT-PLAIN-cryptswap1", Light.GREEN),
        (LVM, Light.RED),
        ("CRYPT-INTEGRITY-swap", Light.RED),
        ("CRYPT-VERITY-0b1c-swap", Light.RED),
        ("mpath-36001", Light.RED),
        ("", Light.RED),
    ],
)
def test_device_mapper_closes_only_what_cryptsetup_closed(
    machine: Machine, uuid: str, light: Light
) -> None:
    machine.has("dm-1", on=("sda2",), dm_uuid=uuid, dm_name="swap")
    for device in ("/dev/dm-1", "/dev/mapper/swap"):
        machine.swaps_to(device)
        assert machine.light() is light, device


def test_a_volume_is_closed_where_everything_beneath_it_is(machine: Machine) -> None:
    machine.has("dm-0", on=("sda2",), dm_uuid=LUKS)
    machine.has("dm-1", on=("dm-0",), dm_uuid=LVM)
    machine.has("md0", on=("dm-1", "dm-0"))
    for device in ("/dev/dm-1", "/dev/md0"):
        machine.swaps_to(device)
        assert machine.light() is Light.GREEN, device


def test_a_volume_on_one_plain_disk_is_plain(machine: Machine) -> None:
    machine.has("dm-0", on=("sda2",), dm_uuid=LUKS)
    machine.has("dm-1", on=("dm-0", "sdb1"), dm_uuid=LVM)
    machine.has("dm-2", on=("dm-1",), dm_uuid=LVM)
    for device in ("/dev/dm-1", "/dev/dm-2"):
        machine.swaps_to(device)
        assert machine.light() is Light.RED, device


@pytest.mark.parametrize(
    ("said", "light"),
    [
        ({}, Light.GREEN),
        ({"backing_dev": "none"}, Light.GREEN),
        ({"backing_dev": "/dev/sda5"}, Light.RED),
        ({"backing_dev": "/dev/loop0"}, Light.RED),
        ({"backing_dev": "/dev/dm-0"}, Light.GREEN),
    ],
)
def test_zram_is_memory_unless_it_is_written_back_to_a_disk(
    machine: Machine, said: dict[str, str], light: Light
) -> None:
    machine.has("dm-0", on=("sda2",), dm_uuid=LUKS)
    machine.zram(**said)
    machine.swaps_to("/dev/zram0")
    assert machine.light() is light


def test_one_plain_disk_among_several_is_named(machine: Machine) -> None:
    machine.zram()
    machine.swaps_to("/dev/zram0", "/swapfile")
    found = look_at_swap(machine.root)
    assert (found.light, "/swapfile" in found.what) == (Light.RED, True)


@pytest.fixture
def closed(machine: Machine) -> Machine:
    """With a volume on a closed disk, and a plain one beside it."""
    machine.has("dm-0", on=("sda3",), dm_uuid=LUKS, dm_name="sda3_crypt")
    machine.has("dm-1", on=("dm-0",), dm_uuid=LVM, dm_name="vg-root")
    machine.has("sda")
    machine.numbers("253:1", "dm-1")
    machine.numbers("8:2", "sda/sda2")
    return machine


ROOT_CLOSED = "253:1 / ext4 /dev/mapper/vg-root errors=remount-ro"


@pytest.mark.parametrize(
    ("mounts", "light"),
    [
        ([ROOT_CLOSED], Light.GREEN),
        ([ROOT_CLOSED, "0:50 /run tmpfs "], Light.GREEN),
        (["8:2 / ext4 /dev/sda2"], Light.RED),
        (["9:9 / ext4 /dev/mapper/vg-root"], Light.RED),
        (["0:45 / overlay overlay"], Light.RED),
        ([ROOT_CLOSED, "8:2 /var ext4 /dev/sda2"], Light.GREEN),
        ([ROOT_CLOSED, "8:2 / ext4 /dev/sda2"], Light.RED),
        (["253:1 / xfs /dev/mapper/vg-root rw,rtdev=/dev/sda2"], Light.RED),
        (["253:1 /var ext4 /dev/mapper/vg-root"], Light.RED),
        ([], Light.RED),
    ],
)
def test_a_swap_file_is_closed_where_its_file_system_is(
    closed: Machine, mounts: list[str], light: Light
) -> None:
    closed.mounts(*mounts)
    closed.swaps_to_file()
    assert closed.light() is light


def test_the_deepest_mount_that_holds_the_file_counts(closed: Machine) -> None:
    closed.mounts("8:2 / ext4 /dev/sda2", r"253:1 /srv/my\040swap ext4 /dev/mapper/vg-root")
    for name, light in (("/srv/my swap/file", Light.GREEN), ("/srv/my swapfile", Light.RED)):
        closed.swaps_to_file(name)
        assert closed.light() is light, name


@pytest.mark.parametrize("name", ["/swapfile", "/gone (deleted)", "swapfile"])
def test_a_name_that_leads_to_no_such_file_here_is_red(closed: Machine, name: str) -> None:
    """In a container it is the host's."""
    closed.mounts(ROOT_CLOSED)
    closed.swaps_to_file(name, there=False)
    assert closed.light() is Light.RED


def test_a_smaller_file_of_that_name_is_another(closed: Machine) -> None:
    closed.mounts(ROOT_CLOSED)
    closed.swaps_to_file(kib=8)
    closed.swaps_to_file(kib=16, there=False)
    assert closed.light() is Light.RED


@pytest.mark.parametrize(
    ("devices", "light"),
    [
        (("dm-1",), Light.GREEN),
        (("dm-0", "dm-1"), Light.GREEN),
        (("dm-1", "sdb1"), Light.RED),
        (("dm-0",), Light.RED),
    ],
)
def test_of_btrfs_every_device_counts(
    closed: Machine, devices: tuple[str, ...], light: Light
) -> None:
    """Its source is one of them."""
    closed.mounts("0:22 / btrfs /dev/mapper/vg-root subvol=/@")
    closed.btrfs("0b1c", *devices)
    closed.btrfs("ffff", "sdc1")
    closed.swaps_to_file()
    assert closed.light() is light
