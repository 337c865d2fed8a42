"""The scripts of deploy/postgres: a server of PostgreSQL is recovered as it was at a moment."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.support.postgres import PROGRAMS, PostgresServer

DEPLOY = Path(__file__).parents[2] / "deploy/postgres"


def archived(server: PostgresServer) -> Path:
    """Let a server archive its write-ahead log as archive.conf says; return the folder."""
    archive = server.data.parent / "archive"
    archive.mkdir()
    with (server.data / "postgresql.conf").open("a") as file:
        file.write((DEPLOY / "archive.conf").read_text().replace("/srv/archive", str(archive)))
    return owned_by_the_server(archive)


@contextmanager
def a_server() -> Iterator[PostgresServer]:
    """A server that is not started."""
    server = PostgresServer({"fsync": "off"})
    try:
        yield server
    finally:
        server.stop()
        server.remove()


def asked(server: PostgresServer, *statements: str) -> Any:
    """The value that the last statement returns."""

    async def run() -> Any:
        connection = await asyncpg.connect(server.url())
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(run())


def owned_by_the_server(path: Path) -> Path:
    """Give files to the user that runs the servers of tests."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "nobody:nogroup", path], check=True)
    return path


@pytest.mark.slow
def test_a_server_is_recovered_as_of_a_moment() -> None:
    """A row written before the moment is there, one written after it is not, and the server accepts writes."""
    programs = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    with a_server() as server, a_server() as recovered:
        archive = archived(server)
        server.start()
        asked(server, "CREATE TABLE notes (name text)", "INSERT INTO notes VALUES ('before the backup')", "SELECT 1")
        backup = recovered.data.parent / "base"
        subprocess.run([DEPLOY / "base-backup.sh", server.url(), backup], check=True, env=programs)
        moment = asked(server, "INSERT INTO notes VALUES ('before')", "SELECT pg_sleep(0.1)", "SELECT now()::text")
        asked(server, "INSERT INTO notes VALUES ('after')", "SELECT pg_switch_wal()::text")
        _wait_for_the_archive(server)

        owned_by_the_server(backup)
        script = recovered.data.parent / "recover.sh"
        shutil.copy(DEPLOY / "recover.sh", script)
        with pytest.raises(RuntimeError):  # the data of a server are never replaced
            recovered.run(str(script), backup, archive, recovered.data, moment)
        shutil.rmtree(recovered.data)
        recovered.run(str(script), backup, archive, recovered.data, moment)
        recovered.start()
        _wait_for_the_promotion(recovered)

        names = asked(recovered, "SELECT array_agg(name ORDER BY name) FROM notes")
        asked(recovered, "INSERT INTO notes VALUES ('new')", "SELECT 1")

    assert ["before", "before the backup"] == names


def _wait_for_the_archive(server: PostgresServer) -> None:
    """Wait until the segments written so far are archived."""
    _wait_until(
        server,
        "SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) OR last_archived_wal >="
        " (SELECT max(name) FROM pg_ls_waldir() WHERE name < pg_walfile_name(pg_current_wal_lsn()) AND name ~ '^[0-9A-F]{24}$')"
        " FROM pg_stat_archiver",
    )


def _wait_for_the_promotion(server: PostgresServer) -> None:
    """Wait until the recovery has ended."""
    _wait_until(server, "SELECT NOT pg_is_in_recovery()")


def _wait_until(server: PostgresServer, question: str) -> None:
    for _ in range(600):
        if asked(server, question):
            return
        asked(server, "SELECT pg_sleep(0.05)::text")
    raise AssertionError(f"it did not become true: {question}")
