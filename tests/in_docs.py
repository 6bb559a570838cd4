"""Tables that a program writes into the documents: what is read there was measured."""

from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def write_table(document: str, made_by: str, lines: Iterable[str]) -> None:
    """In place of what stands between `<!-- made_by -->` and `<!-- end -->`. Raises ValueError."""
    path = DOCS / document
    before, start, rest = path.read_text(encoding="utf-8").partition(f"<!-- {made_by} -->\n")
    _, end, after = rest.partition("<!-- end -->")
    if not start or not end:
        message = f"{document} has no place for {made_by}"
        raise ValueError(message)
    path.write_text("".join((before, start, *(f"{line}\n" for line in lines), end, after)), "utf-8")
