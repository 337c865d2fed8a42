"""Tests of a start: what it creates, and what prevents it."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs
from tests.support import stores

from platform_api.database.migrations.schema import current_revision, head_revision
from platform_api.installation.first_start import CannotStart, prepare
from platform_api.installation.keys import LASTING_SECRET
from platform_api.installation.operators import SAMPLE_ADDRESS, Credentials, NotPrepared, OperatorStanding, carry_out
from platform_api.installation.settings import Settings, replaced


def an_installation(folder: Path) -> Settings:
    """Settings of an installation in a new folder, with a low cost of passwords."""
    database = stores.database_settings(folder / "var" / "data.sqlite3")
    settings = msgspec.structs.replace(Settings(), database=database)
    settings = replaced(settings, "keys", path=folder / "var" / "keys")
    return replaced(settings, "sign_in", argon2_memory_kib=8, argon2_time_cost=1)


def test_a_first_start_makes_everything(tmp_path: Path) -> None:
    """A first start creates folders, keys, schema and operator."""
    settings = an_installation(tmp_path)

    operators = prepare(settings)

    assert operators.made is not None
    assert OperatorStanding(operators.made, sample=True, others=0) == operators
    assert head_revision() == current_revision(stores.an_engine(settings.database.path))
    assert 1 == len(list(settings.keys.path.glob("*.key")))


def test_a_later_start_makes_nothing(tmp_path: Path) -> None:
    """A later start changes nothing."""
    settings = an_installation(tmp_path)
    prepare(settings)
    keys = list(settings.keys.path.iterdir())

    assert OperatorStanding(None, sample=True, others=0) == prepare(settings)
    assert keys == list(settings.keys.path.iterdir())


def test_a_withdrawn_sample_operator_stays_withdrawn(tmp_path: Path) -> None:
    """A later start reports that there is no operator, and creates none."""
    settings = an_installation(tmp_path)
    prepare(settings)
    carry_out(settings, lambda operators: operators.withdraw(SAMPLE_ADDRESS))

    assert OperatorStanding(None, sample=False, others=0) == prepare(settings)


def test_a_password_can_be_reset_once_there_is_a_database(tmp_path: Path) -> None:
    """The command line needs a first start, but no running server."""
    settings = an_installation(tmp_path)
    with pytest.raises(NotPrepared, match="Start the server once"):
        carry_out(settings, lambda operators: operators.make_sample())

    made = prepare(settings).made

    assert made is not None
    reset = carry_out(settings, lambda operators: operators.reset_password(made.address))
    assert (Credentials, True) == (type(reset), reset.password != made.password)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """A start with unsafe keys says what to do."""
    settings = an_installation(tmp_path)
    prepare(settings)
    for key in settings.keys.path.glob("*.key"):
        key.chmod(0o644)

    with pytest.raises(CannotStart, match="chmod 600"):
        prepare(settings)


@pytest.mark.parametrize(("content", "mode"), [(b"", 0o600), (b"x" * 32, 0o640)])
def test_a_damaged_lasting_secret_is_refused(tmp_path: Path, content: bytes, mode: int) -> None:
    """A damaged secret is reported by the start, not by the first mail."""
    settings = an_installation(tmp_path)
    prepare(settings)
    secret = settings.keys.path / LASTING_SECRET
    secret.write_bytes(content)
    secret.chmod(mode)

    with pytest.raises(CannotStart, match=LASTING_SECRET):
        prepare(settings)


@pytest.mark.sqlite_only(reason="concerns the file of the database")
def test_what_a_start_makes_is_private(tmp_path: Path) -> None:
    """Folders, database, its companion files and keys are private whatever the umask."""
    settings = replaced(an_installation(tmp_path), "database", path=tmp_path / "data" / "data.sqlite3")
    before = os.umask(0)
    try:
        prepare(settings)
        with closing(sqlite3.connect(settings.database.path)) as connection:
            connection.execute("CREATE TABLE more (id)")
            made = list(tmp_path.rglob("*"))
            modes = {path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in made}
    finally:
        os.umask(before)

    assert {"data/data.sqlite3-wal", "data/data.sqlite3-shm", "var/keys/lasting-secret"} <= set(modes)
    assert {path: 0o700 if path in ("data", "var", "var/keys") else 0o600 for path in modes} == modes


@pytest.mark.sqlite_only(reason="concerns the file of the database")
def test_a_database_that_others_may_read_is_logged(tmp_path: Path) -> None:
    """A restored copy has the permissions of the copy, which is logged."""
    settings = an_installation(tmp_path)
    prepare(settings)
    settings.database.path.chmod(0o644)

    with capture_logs() as logs:
        prepare(settings)

    assert [("other users can read the database; run chmod 600 on its files", [str(settings.database.path)])] == [
        (entry["event"], entry["files"]) for entry in logs if entry["log_level"] == "warning"
    ]


def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """An older program does not change a newer database."""
    settings = an_installation(tmp_path)
    prepare(settings)
    later = "UPDATE alembic_version SET version_num = '9999'"
    stores.an_engine(settings.database.path).alone(lambda connection: connection.exec_driver_sql(later))

    with pytest.raises(CannotStart, match="schema 9999"):
        prepare(settings)


@pytest.mark.sqlite_only(reason="concerns the file of the database")
def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A file that is not a database is not overwritten."""
    settings = an_installation(tmp_path)
    settings.database.path.parent.mkdir()
    settings.database.path.write_text("a letter to a friend, " * 50, encoding="utf-8")

    with pytest.raises(CannotStart, match="not a database"):
        prepare(settings)


@pytest.mark.sqlite_only(reason="concerns the file of the database")
def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A start without permission to write says where."""
    (tmp_path / "var").write_text("", encoding="utf-8")

    with pytest.raises(CannotStart, match="var"):
        prepare(an_installation(tmp_path))
