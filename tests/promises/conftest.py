"""On which databases a build that leaks has to be found out. What holds is attacked on both,
always. In `make test` the builds that leak are found out on SQLite, and one of each promise on
PostgreSQL too, `also_on_postgresql`; `make promises`, which writes the table of `kept`, finds
each of them out on both.
"""

import pytest

from tests.promises import kept

DATABASES = {"database", "empty", "lives", "staffed_disk"}
"""Fixtures that are there once for each."""


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    test = metafunc.definition
    if metafunc.config.pluginmanager.hasplugin(kept.__name__):
        return
    if kept.LEAKY.match(test.name) and not test.get_closest_marker("also_on_postgresql"):
        for name in DATABASES.intersection(metafunc.fixturenames):
            test.add_marker(pytest.mark.parametrize(name, ["sqlite"], indirect=True))
