"""One wheel holds the whole product, with what it reads from its own folders."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "bot", "storage", "crypto", "scheduler", "media", "app", "sandbox")
UNREAD = {"__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built offline: uv is its own build backend here."""
    out = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).with_name("uv")
    subprocess.run(
        [uv, "build", "--offline", "--wheel", "--quiet", "--out-dir", out, ROOT],
        check=True,
        capture_output=True,
        timeout=60,
    )
    (built,) = out.glob("*.whl")
    return built


def in_the_tree(package: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not UNREAD & set(path.parts)
    }


def test_every_file_of_every_package_is_in_the_wheel(wheel: Path) -> None:
    packed = set(ZipFile(wheel).namelist())
    missing = {path for package in PACKAGES for path in in_the_tree(package) - packed}
    assert missing == set()


@pytest.mark.parametrize(
    "wanted",
    [
        "storage/migrations/env.py",
        "storage/migrations/script.py.mako",
        "storage/migrations/versions/m0001_*.py",
        "storage/migrations/versions/m0002_*.py",
        "app/reference/kenya_counties.json",
        "app/reference/commitments_2025.csv",
        "app/reference/forums_2025.csv",
        "app/reference/help_lines.csv",
        "app/reference/offices.csv",
        "app/reference/towns.csv",
        "bot/texts/en.po",
        "bot/texts/sw.po",
        "crypto/words_eff_large.txt",
        "sandbox/page/index.html",
        "sandbox/page/*.css",
        "sandbox/page/*.js",
    ],
)
def test_what_the_product_reads_at_work_is_in_the_wheel(wheel: Path, wanted: str) -> None:
    assert [name for name in ZipFile(wheel).namelist() if Path(name).match(wanted)]


def test_nothing_but_the_product_is_in_the_wheel(wheel: Path) -> None:
    tops = {Path(name).parts[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert not [
        name for name in ZipFile(wheel).namelist() if name.endswith((".db", ".env", ".pyc"))
    ]


def test_an_installed_wheel_makes_its_stores_away_from_the_repository(
    wheel: Path, tmp_path: Path
) -> None:
    """Unpacked as pip would: first on the path, with the repository out of reach."""
    ZipFile(wheel).extractall(tmp_path / "site")
    program = (
        "import asyncio, pathlib, storage.migrate as m, app.reference.load as r;"
        f"assert m.__file__.startswith({str(tmp_path)!r}), m.__file__;"
        "asyncio.run(m.upgrade(None, pathlib.Path('data')));"
        "assert asyncio.run(m.is_current(None, pathlib.Path('data')));"
        "assert len(r.load_counties()) == 47 and len(r.load_forums()) == 9"
    )
    subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site")},
        timeout=60,
    )
