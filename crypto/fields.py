"""Length-prefixed fields: two different sequences never encode to the same bytes."""

from crypto.errors import FieldsMalformed

LENGTH_BYTES = 4


def join(*fields: bytes) -> bytes:
    """Each field behind its length, 4 bytes big-endian."""
    return b"".join(len(field).to_bytes(LENGTH_BYTES, "big") + field for field in fields)


def split(data: bytes) -> tuple[bytes, ...]:
    """The inverse of `join`. Raises FieldsMalformed."""
    fields: list[bytes] = []
    rest = data
    while rest:
        end = LENGTH_BYTES + int.from_bytes(rest[:LENGTH_BYTES], "big")
        if len(rest) < end:
            raise FieldsMalformed
        fields.append(rest[LENGTH_BYTES:end])
        rest = rest[end:]
    return tuple(fields)
