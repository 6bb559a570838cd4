"""Files people and the bot have sent; they live in memory, as everything here."""

import secrets
import struct
from dataclasses import dataclass
from pathlib import PurePosixPath

JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8"
WEBP_HEAD = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    content: bytes


class Files:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._by_unique: dict[str, StoredFile] = {}

    def keep(self, *, folder: str, name: str, mime: str, content: bytes) -> StoredFile:
        number = len(self._by_id)
        stored = StoredFile(
            file_id="AgACAgQAAxkBAAI" + secrets.token_urlsafe(36),
            unique_id="AQAD" + secrets.token_urlsafe(9),
            path=f"{folder}/file_{number}{PurePosixPath(name).suffix}",
            name=name,
            mime=mime,
            content=content,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        self._by_unique[stored.unique_id] = stored
        return stored

    def by_id(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def by_unique_id(self, unique_id: str) -> StoredFile | None:
        return self._by_unique.get(unique_id)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG (its IHDR), a JPEG (its SOF segment) or a WebP; else None."""
    if content.startswith(PNG_START) and len(content) >= 24:  # noqa: PLR2004 - signature and IHDR
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) >= WEBP_HEAD:
        return _webp_size(content[12:16], content[20:WEBP_HEAD])
    if not content.startswith(JPEG_START):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - a marker's first byte
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + length
    return None


def _webp_size(kind: bytes, head: bytes) -> tuple[int, int] | None:
    """By the first chunk: plain, lossless or extended."""
    match kind:
        case b"VP8 ":
            width, height = struct.unpack("<HH", head[6:10])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(head[1:5], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7))
            return width, height
        case _:
            return None
