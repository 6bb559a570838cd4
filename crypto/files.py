"""A report's files as one envelope: how many there are and how large each is, nobody sees.

| part    | form                                                       |
|---------|------------------------------------------------------------|
| a file  | kind (1 byte), length (4 bytes big-endian), content          |
| all     | one after the other, padded to a power of two, 256 KiB first |
| sealed  | AES-GCM under Expand(DEK, "files"), bound to the report      |
"""

from crypto import symmetric
from crypto.context import Context
from crypto.errors import PaddingMalformed
from crypto.padding import LENGTH_BYTES, pad_doubled, unpad
from domain.reports.files import CleanFile, FileKind

FILES_LABEL = "files"
FLOOR = 256 * 1024

CODES = {FileKind.PHOTO: b"\x01", FileKind.PDF: b"\x02", FileKind.TEXT: b"\x03"}
"""Written to disk: a kind keeps its number for ever."""

KINDS = {code: kind for kind, code in CODES.items()}


def seal_files(dek: bytes, files: tuple[CleanFile, ...], context: Context) -> bytes:
    body = b"".join(
        CODES[file.kind] + len(file.content).to_bytes(LENGTH_BYTES, "big") + file.content
        for file in files
    )
    return symmetric.seal(
        symmetric.expand(dek, FILES_LABEL), pad_doubled(body, floor=FLOOR), context
    )


def unseal_files(dek: bytes, envelope: bytes, context: Context) -> tuple[CleanFile, ...]:
    """Raises EnvelopeRefused, EnvelopeVersionUnknown, PaddingMalformed."""
    body = unpad(symmetric.unseal(symmetric.expand(dek, FILES_LABEL), envelope, context))
    files: list[CleanFile] = []
    while body:
        kind, start = KINDS.get(body[:1]), 1 + LENGTH_BYTES
        end = start + int.from_bytes(body[1:start], "big")
        if kind is None or len(body) < end:
            raise PaddingMalformed
        files.append(CleanFile(kind=kind, content=body[start:end]))
        body = body[end:]
    return tuple(files)
