"""Real files with real traces of who made them, in every place such files have for it; and
what an independent reader (exiftool, and every byte) finds in a file.
"""

import io
import json
import re
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, PngImagePlugin

MAKER = "Mtengenezaji7Q"
"""Whoever reads this somewhere has found out who made a file."""

XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    f' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Make="{MAKER}"/></rdf:RDF></x:xmpmeta>'
    '<?xpacket end="w"?>'
).encode()

OF_THE_FORM = {
    *("SourceFile", "ExifTool", "File", "Composite"),
    *("JFIF:JFIFVersion", "JFIF:ResolutionUnit", "JFIF:XResolution", "JFIF:YResolution"),
    *("PDF:PDFVersion", "PDF:PageCount", "PDF:Linearized"),
}
"""What exiftool says of a file that tells nothing: groups, or single tags."""

READER = ("exiftool", "-json", "-a", "-G", "-u", "-ee3")

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def picture(size: tuple[int, int] = (320, 200)) -> Image.Image:
    """Not of one colour, so that a copy can be told from another picture."""
    shades = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (shades, shades.transpose(Image.Transpose.FLIP_TOP_BOTTOM), shades))


def photo() -> bytes:
    """EXIF (camera, GPS, a thumbnail), XMP, IPTC, a comment, a profile, and bytes at its end."""
    plain = io.BytesIO()
    picture().save(
        plain, "JPEG", quality=92, comment=MAKER.encode(), xmp=XMP, icc_profile=_profile()
    )
    head, rest = plain.getvalue()[:2], plain.getvalue()[2:]
    exif, iptc = _segment(0xE1, b"Exif\0\0" + exif_block()), _segment(0xED, _iptc())
    return head + exif + iptc + rest + b"\0\0" + MAKER.encode()


def exif_block() -> bytes:
    """Little-endian TIFF: turned by a quarter, camera and GPS in IFD0, a thumbnail in IFD1."""
    small = io.BytesIO()
    picture((40, 25)).save(small, "JPEG", comment=MAKER.encode())
    thumbnail, make = small.getvalue(), MAKER.encode() + b"\0"
    ifd0, entries = 8, 3
    ifd1 = ifd0 + 2 + entries * 12 + 4
    gps = ifd1 + 2 + 2 * 12 + 4
    data = gps + 2 + 2 * 12 + 4
    degrees = data + len(make)
    block = struct.pack("<2sHIH", b"II", 42, ifd0, entries)
    block += _entry(0x010F, 2, len(make), data)
    block += _entry(0x0112, 3, 1, 6)
    block += _entry(0x8825, 4, 1, gps) + struct.pack("<I", ifd1)
    block += struct.pack("<H", 2) + _entry(0x0201, 4, 1, degrees + 24)
    block += _entry(0x0202, 4, 1, len(thumbnail)) + struct.pack("<I", 0)
    block += struct.pack("<H", 2) + struct.pack("<HHI4s", 1, 2, 2, b"S\0\0\0")
    block += _entry(2, 5, 3, degrees) + struct.pack("<I", 0)
    return block + make + struct.pack("<6I", 1, 1, 17, 1, 3600, 100) + thumbnail


def _entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _iptc() -> bytes:
    """A by-line (2:80) in Photoshop's block."""
    byline = struct.pack(">BBBH", 0x1C, 2, 80, len(MAKER)) + MAKER.encode()
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(byline)) + byline
    return b"Photoshop 3.0\0" + block + b"\0" * (len(byline) % 2)


def _profile() -> bytes:
    """A colour profile's header and one text tag, as scanners write them."""
    text = b"text\0\0\0\0" + MAKER.encode() + b"\0"
    size = 144 + len(text)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"scnr", b"RGB ", b"XYZ ")
    head = head.ljust(36, b"\0") + b"acsp"
    return head.ljust(128, b"\0") + struct.pack(">I4sII", 1, b"cprt", 144, len(text)) + text


def screenshot() -> bytes:
    """A PNG with text, compressed text, EXIF and a date."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", MAKER)
    words.add_text("Comment", MAKER * 20, zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    out = io.BytesIO()
    picture().convert("RGBA").save(out, "PNG", pnginfo=words, exif=exif_block())
    return out.getvalue()


def webp() -> bytes:
    out = io.BytesIO()
    picture().save(out, "WEBP", exif=exif_block(), xmp=XMP)
    return out.getvalue()


def letter() -> bytes:
    """A PDF with everything that a PDF can say of its maker, and a photo of that maker's."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 300))
    page: Any = pdf.pages[0].obj
    scan: Any = pdf.make_stream(photo(), Metadata=pdf.make_stream(XMP))
    scan.Type, scan.Subtype = Name.XObject, Name.Image
    scan.Width, scan.Height = picture().size
    scan.BitsPerComponent, scan.Filter = 8, Name.DCTDecode
    scan.ColorSpace = Array([Name.ICCBased, pdf.make_stream(_profile(), N=3)])
    page.Resources = Dictionary(
        XObject=Dictionary(Scan=scan),
        Properties=Dictionary(Who=Dictionary(Author=MAKER)),
        Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)),
    )
    drawn = f"/Span <</Who ({MAKER})>> BDC q 300 0 0 200 0 0 cm /Scan Do Q EMC % {MAKER}\n"
    page.Contents = pdf.make_stream(f"{drawn}BT /F 12 Tf (Maji hakuna) Tj ET".encode())
    page.Annots = Array([pdf.make_indirect(_note())])
    page.PieceInfo = Dictionary(Maker=Dictionary(Private=MAKER))
    page.Metadata = pdf.make_stream(XMP)
    page.Thumb = pdf.make_stream(MAKER.encode())
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=f"app.alert('{MAKER}')")
    pdf.docinfo["/Author"] = pdf.docinfo["/Producer"] = MAKER
    pdf.attachments["who.txt"] = MAKER.encode()
    with pdf.open_metadata() as xmp:
        xmp["dc:creator"] = [MAKER]
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def _note() -> Dictionary:
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], T=MAKER, Contents=f"by {MAKER}"
    )


def told(folder: Path, *files: bytes) -> list[set[str]]:
    """Of each file what exiftool says beyond its form, and whether any of its bytes, inflated
    where they can be, name the maker.
    """
    paths = [folder / f"{number}.bin" for number in range(len(files))]
    for path, content in zip(paths, files, strict=True):
        path.write_bytes(content)
    command = [*READER, *map(str, paths)]
    read = subprocess.run(command, check=False, capture_output=True, text=True)
    said = {Path(each["SourceFile"]).stem: each for each in json.loads(read.stdout)}
    return [
        {
            tag
            for tag in said[str(number)]
            if tag not in OF_THE_FORM and tag.partition(":")[0] not in OF_THE_FORM
        }
        | {f"bytes: {place}" for place, raw in bytes_of(content) if MAKER.encode() in raw}
        for number, content in enumerate(files)
    ]


def bytes_of(content: bytes) -> Iterator[tuple[str, bytes]]:
    yield "as they are", content
    for number, stream in enumerate(STREAM.findall(content)):
        inflate = zlib.decompressobj()
        try:
            yield f"stream {number}", inflate.decompress(stream)
        except zlib.error:
            continue
