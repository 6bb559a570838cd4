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
