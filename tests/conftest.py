"""What every test may rely on: the log of one test is never the log of the next."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

settings.register_profile(
    "sauti",
    deadline=None,  # a test is not timed: the machine may be busy with another
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("sauti")


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """The product takes over the root logger of its process; a command that a test runs
    in this one must not leave it writing to a stream that is closed by then.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
