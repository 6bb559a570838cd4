"""Promise 7: what is taken of a file tells nothing of who made it, and who sends a hostile one
gets a refusal and nothing else.
"""

import asyncio
import io
import os
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from domain.ports.media import Media
from domain.reports.files import (
    MOST_INCOMING,
    CleanFile,
    FileKind,
    FileLocked,
    FileRefused,
    FilesAtRest,
    FileSounds,
    FileTooBig,
    FileUncleanable,
    FileUnknown,
)
from media.cleaner import HERE, MOST_ANSWERED, ChildCleaner
from tests.made_files import MAKER, letter, photo, picture, screenshot, told, webp

MADE = (photo, screenshot, webp, letter)


class PassesOn:
    """A build that leaks on purpose: it gives back what it was given."""

    async def clean(self, content: bytes) -> CleanFile:
        if content.startswith(b"PK"):
            raise FileUnknown
        kind = FileKind.PDF if content.startswith(b"%PDF") else FileKind.PHOTO
        return CleanFile(kind=kind, content=content)


async def cleaned(media: Media) -> tuple[bytes, ...]:
    return tuple([(await media.clean(made())).content for made in MADE])


async def test_what_is_taken_of_a_file_tells_nothing_of_its_maker(tmp_path: Path) -> None:
    assert told(tmp_path, *await cleaned(ChildCleaner())) == [set()] * len(MADE)


async def test_a_build_that_passes_files_on_is_found_out(tmp_path: Path) -> None:
    found = told(tmp_path, *await cleaned(PassesOn()))
    for seen in found[:3]:
        assert {"EXIF:GPSLatitude", "EXIF:Make", "EXIF:ThumbnailImage", "XMP:Make"} <= seen
    assert {"IPTC:By-line", "ICC_Profile:ProfileCopyright"} <= found[0]
    assert {"PNG:Author", "PNG:Comment"} <= found[1]
    assert {"PDF:Author", "XMP:Creator", "bytes: as they are"} <= found[3]


async def test_what_a_photo_shows_is_still_there_and_the_right_way_up() -> None:
    clean = await ChildCleaner().clean(photo())
    shown = Image.open(io.BytesIO(clean.content))
    upright = picture().transpose(Image.Transpose.ROTATE_270)
    assert (clean.kind, shown.format, shown.size) == (FileKind.PHOTO, "JPEG", upright.size)
    for at in ((5, 5), (100, 40), (190, 310)):
        pairs = zip(pixel(shown, at), pixel(upright, at), strict=True)
        assert all(abs(one - other) < 12 for one, other in pairs), at


async def test_what_a_pdf_shows_is_still_there() -> None:
    clean = await ChildCleaner().clean(letter())
    with pikepdf.open(io.BytesIO(clean.content)) as pdf:
        [page] = pdf.pages
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert b"(Maji hakuna) Tj" in page.Contents.read_bytes()
        stored = page.get_images()["/Scan"]
        assert isinstance(stored, pikepdf.Stream)
        scan = pikepdf.PdfImage(stored).as_pil_image()
    assert scan.size == picture().size
    assert abs(pixel(scan, (9, 9))[1] - pixel(picture(), (9, 9))[1]) < 12


async def test_plain_text_keeps_its_words_and_loses_marks_that_no_eye_sees() -> None:
    clean = await ChildCleaner().clean("Mto\u200b umejaa.  \r\nMaji\u2063 hayapiti\t\n".encode())
    assert clean == CleanFile(kind=FileKind.TEXT, content=b"Mto umejaa.\nMaji hayapiti")


def pixel(image: Image.Image, at: tuple[int, int]) -> tuple[int, ...]:
    value = image.convert("RGB").getpixel(at)
    assert isinstance(value, tuple)
    return tuple(map(int, value))


def truncated() -> bytes:
    return photo()[:4_000]


def claims_to_be_huge() -> bytes:
    return _png(60_000, 60_000, b"")


def bomb() -> bytes:
    """A few kilobytes that are 900 million grey pixels."""
    return _png(30_000, 30_000, zlib.compress(bytes(4_000_000), 9))


def _png(width: int, height: int, data: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    )


def pdf_bomb() -> bytes:
    """A hundred kilobytes that draw for as long as one lets them."""
    more = zlib.compressobj(9)
    drawn = b"".join(more.compress(b"0 0 m " * 1_000_000) for _ in range(8)) + more.flush()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].obj.Contents = pdf.make_stream(drawn, Filter=Name.FlateDecode)
        return _saved(pdf)


def pdf_in_a_ring() -> bytes:
    """A drawing that draws itself."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        form = pdf.make_stream(b"/F Do", Type=Name.XObject, Subtype=Name.Form)
        form.Resources = Dictionary(XObject=Dictionary(F=form))
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(F=form))
        pdf.Root.Pages.Kids.append(pdf.Root.Pages)
        return _saved(pdf)


def pdf_with_a_picture_of_another_kind() -> bytes:
    """JPEG 2000 has boxes for words; nobody here takes them out."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        scan = pdf.make_stream(MAKER.encode(), Subtype=Name.Image, Filter=Name.JPXDecode)
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(S=scan))
        return _saved(pdf)


def pdf_with_what_no_page_is_drawn_with() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        odd = pdf.make_stream(MAKER.encode(), Subtype=Name.PS)
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(S=odd))
        return _saved(pdf)


def locked() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        return _saved(pdf, encryption=pikepdf.Encryption(owner="x", user="siri"))


def _saved(pdf: pikepdf.Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    out = io.BytesIO()
    pdf.save(out, encryption=encryption)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("photo.jpg", photo())
    return out.getvalue()


HOSTILE: dict[Callable[[], bytes], type[FileRefused]] = {
    truncated: FileUncleanable,
    claims_to_be_huge: FileUncleanable,
    bomb: FileUncleanable,
    pdf_in_a_ring: FileUncleanable,
    pdf_with_a_picture_of_another_kind: FileUncleanable,
    pdf_with_what_no_page_is_drawn_with: FileUncleanable,
    locked: FileLocked,
    archive: FileUnknown,
    lambda: b"": FileUnknown,
    lambda: b"OggS\0\2" + bytes(22) + b"\1\x13OpusHead" + bytes(40): FileSounds,
    lambda: bytes(MOST_INCOMING + 1): FileTooBig,
}


async def test_hostile_files_are_refused_each_with_its_reason_and_the_next_is_cleaned() -> None:
    media = ChildCleaner()
    answers = await asyncio.gather(
        *(media.clean(made()) for made in HOSTILE), media.clean(webp()), return_exceptions=True
    )
    assert isinstance(answers.pop(), CleanFile)
    assert [type(each) for each in answers] == list(HOSTILE.values())


async def test_a_file_that_keeps_its_reader_busy_is_put_away() -> None:
    with pytest.raises(FileUncleanable):
        await ChildCleaner(seconds=0.5).clean(pdf_bomb())


async def test_of_a_file_that_is_two_things_only_the_picture_stays() -> None:
    clean = await ChildCleaner().clean(photo() + archive())
    assert not zipfile.is_zipfile(io.BytesIO(clean.content))
    script = b"<script>alert(1)</script>"
    both = await ChildCleaner().clean(screenshot() + script)
    assert script not in both.content


@pytest.mark.parametrize(
    "faulty",
    [
        "import time; time.sleep(60)",
        "import os; os.abort()",
        "print('photo')\nraise SystemExit(1)",
        "print('what')",
        "import sys; sys.stdin.close(); print('no word at all', end='')",
    ],
)
async def test_a_child_that_hangs_crashes_or_talks_nonsense_is_a_refusal(faulty: str) -> None:
    media = ChildCleaner(child=(sys.executable, "-c", faulty), seconds=0.3)
    with pytest.raises(FileUncleanable):
        await media.clean(photo())


async def test_of_a_child_that_floods_little_is_heard_and_it_ends_at_once() -> None:
    """It would fill the bot's memory for as long as it is let live."""
    flood = "import os\nwhile True: os.write(1, bytes(1 << 20))"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    media = ChildCleaner(child=(sys.executable, "-c", flood), seconds=10)
    async with asyncio.timeout(5):
        with pytest.raises(FileUncleanable):
            await media.clean(photo())
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < 4 * MOST_ANSWERED


async def test_who_has_to_wait_for_too_long_is_asked_to_send_it_again() -> None:
    busy = ChildCleaner(patience=0.01, turn=asyncio.Semaphore(0))
    with pytest.raises(FilesAtRest):
        await busy.clean(photo())


TAKEN_OVER = """
import os, socket, subprocess, sys
from media.limits import close_doors, limit_work
limit_work()
close_doors()
def tried(act):
    try: act()
    except Exception as refused: return type(refused).__name__
    return "DONE"
acts = (
    lambda: open("/etc/hostname"), lambda: open("left-behind", "w"),
    lambda: socket.socket(), lambda: subprocess.run(["true"]),
    lambda: open(f"/proc/{os.getppid()}/environ"), lambda: bytearray(2 << 30),
    lambda: os.pipe(), lambda: open("/dev/shm/left-behind", "wb"),
)
said = [tried(act) for act in acts] + sorted(set(os.environ) - {"LC_CTYPE"})
print("text\\n" + " ".join(said), end="")
"""


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a parser would find: a key in the environment, and a pipe that was left open."""
    monkeypatch.setenv("SAUTI_SERVICE_KEYS", "secret")
    read, write = os.pipe()
    os.set_inheritable(read, True)
    yield
    os.close(read)
    os.close(write)
    for place in (HERE, Path("/dev/shm")):  # noqa: S108 - where the build that leaks may write
        (place / "left-behind").unlink(missing_ok=True)


async def found_by_a_parser(child: str) -> list[str]:
    media = ChildCleaner(child=(sys.executable, "-s", "-c", child))
    return (await media.clean(photo())).content.decode().split()


@pytest.mark.usefixtures("around")
async def test_a_parser_that_was_taken_over_finds_no_key_no_file_and_no_way_out() -> None:
    said = await found_by_a_parser(TAKEN_OVER)
    assert said == ["OSError"] * 5 + ["MemoryError"] + ["OSError"] * 2


@pytest.mark.usefixtures("around")
async def test_a_build_that_shuts_no_door_to_its_parser_is_found_out() -> None:
    assert "DONE" in await found_by_a_parser(TAKEN_OVER.replace("\nclose_doors()", ""))
