"""The child: one file comes in, what is clean of it goes out, or one word why nothing does.

It is started without environment, keys or arguments (`media/cleaner.py`), limits itself
before it looks at a byte, and has nothing open but its two pipes.
"""

import sys
from collections.abc import Callable

from media.kind import kind_of
from media.limits import close_doors, limit_work
from media.text import clean_text
from media.wire import Refused, Word, say


def answer(content: bytes) -> bytes:
    try:
        word = kind_of(content)
        clean = _cleaner(word)
        close_doors()
        return say(word, clean(content))
    except Refused as refused:
        return say(refused.word)
    except Exception:  # noqa: BLE001 - whatever a parser says of a stranger's file is one word
        return say(Word.UNCLEANABLE)


def _cleaner(word: Word) -> Callable[[bytes], bytes]:
    """Only what this file needs is loaded, and all of it: afterwards nothing can be."""
    match word:
        case Word.PHOTO:
            from media.photo import clean_photo  # noqa: PLC0415 - see above

            return clean_photo
        case Word.PDF:
            from media.pdf import clean_pdf  # noqa: PLC0415 - see above

            return clean_pdf
        case Word.TEXT:
            return clean_text
        case _:
            from media.stranger import refuse  # noqa: PLC0415 - see above

            return refuse


def main() -> None:
    limit_work()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
