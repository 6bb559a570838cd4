import ast
import io
import logging
from pathlib import Path

import pytest

from app.log import EVENTS, FIELDS, NotAllowed, allow, configure

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "bot", "crypto", "domain", "media", "scheduler", "storage")
WORDS = "pelican-lighthouse-marmalade"


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.mark.parametrize("event", EVENTS)
def test_a_line_says_when_to_the_minute_and_what(stream: io.StringIO, event: str) -> None:
    configure(stream)(event, count=3)
    line = stream.getvalue()
    assert f"event='{event}' count=3" in line
    assert line.count(":") == 1, "hours and minutes, no seconds"


def test_an_event_that_is_not_on_the_list_is_refused(stream: io.StringIO) -> None:
    with pytest.raises(NotAllowed):
        configure(stream)("report.accepted")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("field", ["chat", "text", "ref", "code", "county", "update", "user_id"])
def test_a_field_that_is_not_on_the_list_is_refused(stream: io.StringIO, field: str) -> None:
    with pytest.raises(NotAllowed):
        configure(stream)("update.failed", **{field: WORDS})
    assert stream.getvalue() == ""


def test_no_field_has_a_name_that_asks_for_a_person() -> None:
    assert FIELDS.isdisjoint({"chat", "user", "id", "name", "text", "message", "code", "ref"})


def test_a_field_is_cut_short_and_cannot_begin_a_line(stream: io.StringIO) -> None:
    configure(stream)("update.failed", error="x\nevent='bot.stopped'" + "y" * 500)
    assert len(stream.getvalue().splitlines()) == 1
    assert len(stream.getvalue()) < 200


def test_numbers_stay_numbers() -> None:
    assert allow("chat.swept", {"count": 2}) == {"count": 2}


@pytest.mark.parametrize("library", ["apscheduler.scheduler", "asyncio", "sqlalchemy.pool", "x"])
def test_of_a_library_only_its_name_and_the_kind_of_error_are_written(
    stream: io.StringIO, library: str
) -> None:
    configure(stream)
    logger = logging.getLogger(f"{library}.test_log")
    logger.error("%s", WORDS, exc_info=LookupError(WORDS), extra={"words": WORDS})
    written = stream.getvalue()
    assert f"library='{library.partition('.')[0]}' level='ERROR' error='LookupError'" in written
    assert WORDS not in written


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_a_library_below_warning_is_not_heard_even_when_it_is_turned_up(
    stream: io.StringIO, level: int
) -> None:
    configure(stream)
    logger = logging.getLogger("sqlalchemy.test_log")
    logger.setLevel(logging.DEBUG)
    logger.log(level, WORDS)
    assert stream.getvalue() == ""


def test_handlers_that_were_there_before_are_gone(stream: io.StringIO) -> None:
    talkative = io.StringIO()
    logging.getLogger().addHandler(logging.StreamHandler(talkative))
    configure(stream)
    logging.getLogger("sqlalchemy.test_log").warning(WORDS)
    assert talkative.getvalue() == ""
    assert "library='sqlalchemy'" in stream.getvalue()


def test_every_event_that_is_logged_anywhere_is_on_the_list_and_none_is_there_in_vain() -> None:
    source = [path.read_text(encoding="utf-8") for path in sources() if path.name != "log.py"]
    named = {
        node.value
        for text in source
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(EVENTS) - named == {"library.log"}


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
