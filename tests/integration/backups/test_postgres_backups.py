"""Tests of backups by pg_dump and pg_restore: programs, rights, and interrupted restores."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.support.backups import ignore
from tests.support.postgres import PROGRAMS, drop_database, execute, new_database, server_url

from platform_api.database.backups import Contents, NotEmpty, ToolFailed
from platform_api.database.engine import UnusableDatabase
from platform_api.database.postgres.backups import PostgresBackups
from platform_api.database.postgres.engine import PostgresEngine
from platform_api.database.postgres.loading import PostgresLoading

pytestmark = pytest.mark.postgresql_only("concerns the programs of PostgreSQL")


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server are in PATH."""
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def url() -> Iterator[str]:
    """A database with two notes and a revision."""
    made = new_database()
    execute(
        made,
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('0001');"
        "CREATE TABLE notes (name text); INSERT INTO notes VALUES ('one'), ('two')",
    )
    yield made
    drop_database(made)


@pytest.fixture
def empty() -> Iterator[str]:
    """An empty database."""
    made = new_database()
    yield made
    drop_database(made)


def backups(url: str) -> PostgresBackups:
    """The backups of a database."""
    return PostgresBackups(PostgresEngine(url))


def restored(file: Path, target: str, fails: bool = False) -> None:
    """Restore a dump."""

    def finish(connection: Connection) -> None:
        assert 2 == connection.exec_driver_sql("SELECT count(*) FROM notes").scalar()
        if fails:
            raise LookupError

    def unpack(place: Path) -> None:
        shutil.copy(file, place)

    backups(target).restore(unpack, finish)


def test_rows_are_counted_in_the_dumped_snapshot(url: str, empty: str, tmp_path: Path) -> None:
    """A row that is committed while the dump begins is neither counted nor dumped."""
    steps: list[tuple[int, int]] = []

    def commit(done: int, total: int) -> None:
        if not steps:
            execute(url, "INSERT INTO notes VALUES ('later')")
        steps.append((done, total))

    assert Contents("0001", {"notes": 2}) == backups(url).save(tmp_path / "dump", commit)
    assert [(0, 2), (1, 2), (2, 2)] == steps
    restored(tmp_path / "dump", empty)


def test_a_failed_restore_leaves_the_database_empty(url: str, empty: str, tmp_path: Path) -> None:
    """So that it can be repeated; afterwards the database is in use."""
    backups(url).save(tmp_path / "dump", ignore)
    with pytest.raises(LookupError):
        restored(tmp_path / "dump", empty, fails=True)
    assert PostgresLoading(PostgresEngine(empty)).is_empty()

    restored(tmp_path / "dump", empty)

    with pytest.raises(NotEmpty):
        restored(tmp_path / "dump", empty)


def test_damaged_dumps_are_refused(url: str, empty: str, tmp_path: Path) -> None:
    """With the words of pg_restore; nothing is restored."""
    (tmp_path / "dump").write_bytes(b"PGDMP no dump")
    with pytest.raises(ToolFailed, match=r"pg_restore failed\. pg_restore: error: "):
        restored(tmp_path / "dump", empty)
    assert PostgresLoading(PostgresEngine(empty)).is_empty()


def test_a_missing_program_is_named(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the package to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolFailed, match=r"The program pg_dump is not in PATH.*postgresql-client"):
        backups(url).save(tmp_path / "dump", ignore)


def test_passwords_are_not_arguments(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other users of the machine can read the arguments of a program."""
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$PGPASSWORD" "$@" > {tmp_path}/seen\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    backups(url.replace("postgres@", "postgres:s%40cret@")).save(tmp_path / "dump", ignore)

    password, *arguments = (tmp_path / "seen").read_text().split()
    assert "s@cret" == password
    assert f"--dbname={url}" in arguments
    assert not [each for each in arguments if "cret" in each]


def test_a_user_who_may_not_create_databases_is_told(url: str) -> None:
    """Before anything is restored."""
    execute(server_url(), "DROP ROLE IF EXISTS ordinary")
    execute(server_url(), "CREATE ROLE ordinary LOGIN")
    try:
        with (
            pytest.raises(ToolFailed, match="may not create"),
            backups(url.replace("postgres@", "ordinary@")).scratch(),
        ):
            pass
    finally:
        execute(server_url(), "DROP ROLE ordinary")


def test_temporary_databases_are_removed(url: str) -> None:
    """Even if the work on them fails."""
    made: list[PostgresEngine] = []
    with pytest.raises(LookupError):
        _fail_in_scratch(url, made)
    (place,) = made
    with pytest.raises(UnusableDatabase, match="has no database of this name"):
        place.exists()


def _fail_in_scratch(url: str, made: list[PostgresEngine]) -> None:
    """Fail while there is a temporary database; it has no schema."""
    with backups(url).scratch() as scratch:
        made.append(scratch.engine)
        assert not scratch.engine.exists()
        raise LookupError
