"""What nobody foresaw is told on standard error by its kind and place, never in its words: the
message of an error, a warning, and what a library logs may hold a token, an id or what a person
wrote.
"""

import logging
import sys
import threading
import traceback
import warnings


def keep_words_private() -> None:
    """Of what Python tells by itself: of threads, of finalizers, of warnings, and of libraries
    while nobody has configured the log.
    """
    threading.excepthook = lambda failed: tell(failed.exc_value)
    sys.unraisablehook = lambda failed: tell(failed.exc_value)
    warnings.showwarning = _warned
    logging.lastResort = Withheld(logging.WARNING)


def tell(error: BaseException | None) -> None:
    frames = traceback.extract_tb(error.__traceback__ if error else None)
    places = [f"  {frame.filename}:{frame.lineno} in {frame.name}\n" for frame in frames]
    sys.stderr.write("".join([f"unforeseen: {_kinds(error)}\n", *places]))


def _kinds(error: BaseException | None) -> str:
    """Its class, and those of what brought it about."""
    kinds = []
    while error is not None:
        kinds.append(type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return ", of ".join(kinds)


def _warned(
    message: Warning | str,  # noqa: ARG001 - what is withheld
    category: type[Warning],
    filename: str,
    lineno: int,
    *_: object,
    **__: object,
) -> None:
    sys.stderr.write(f"unforeseen: {category.__name__}\n  {filename}:{lineno}\n")


class Withheld(logging.Handler):
    """Says that a library spoke, not what it said."""

    def emit(self, record: logging.LogRecord) -> None:
        library = record.name.partition(".")[0]
        sys.stderr.write(f"{library} logged at {record.levelname}; its words are withheld\n")
