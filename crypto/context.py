"""Where an envelope belongs. It opens there and nowhere else."""

from dataclasses import dataclass

from crypto.fields import join

CONTEXT_VERSION = 1
GENERATION_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`row` is the random id of the row (or the slot, or the member) the envelope is kept in.

    `desk` and `generation` say for which desk key it was sealed; what is sealed
    under no desk key leaves them empty.
    """

    kind: str
    row: bytes
    field: str
    desk: str = ""
    generation: int = 0

    def encode(self) -> bytes:
        """HPKE `info` and AES-GCM `aad`. Injective: every part is length-prefixed."""
        return join(
            bytes([CONTEXT_VERSION]),
            self.kind.encode(),
            self.row,
            self.field.encode(),
            self.desk.encode(),
            self.generation.to_bytes(GENERATION_BYTES, "big"),
        )
