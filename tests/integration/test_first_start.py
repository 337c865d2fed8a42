"""What a start makes, and what keeps it from starting."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from platform_api.first_start import CannotStart, prepare
from platform_api.migrations.schema import current_revision, head_revision
from platform_api.operators import SAMPLE_ADDRESS, Credentials, NotPrepared, Standing, carry_out
from platform_api.settings import Settings, replaced


def an_installation(folder: Path) -> Settings:
    """Settings of an installation in a folder that need not exist, with passwords that are quick to hash."""
    settings = replaced(Settings(), "database", path=folder / "var" / "data.sqlite3")
    settings = replaced(settings, "keys", path=folder / "var" / "keys")
    return replaced(settings, "sign_in", argon2_memory_kib=8, argon2_time_cost=1)


def test_a_first_start_makes_everything(tmp_path: Path) -> None:
    """Folders, keys, schema and operator are there afterwards."""
    settings = an_installation(tmp_path)

    operators = prepare(settings)

    assert operators.made is not None
    assert Standing(operators.made, sample=True, others=0) == operators
    assert head_revision() == current_revision(settings.database.path)
    assert 1 == len(list(settings.keys.path.glob("*.key")))


def test_a_later_start_makes_nothing(tmp_path: Path) -> None:
    """What is there is left alone."""
    settings = an_installation(tmp_path)
    prepare(settings)
    keys = list(settings.keys.path.iterdir())

    assert Standing(None, sample=True, others=0) == prepare(settings)
    assert keys == list(settings.keys.path.iterdir())


def test_a_withdrawn_sample_operator_stays_withdrawn(tmp_path: Path) -> None:
    """A later start tells that nobody is operator, and makes nobody one."""
    settings = an_installation(tmp_path)
    prepare(settings)
    carry_out(settings, lambda operators: operators.withdraw(SAMPLE_ADDRESS))

    assert Standing(None, sample=False, others=0) == prepare(settings)


def test_a_password_can_be_reset_once_there_is_a_database(tmp_path: Path) -> None:
    """The command line needs a first start, and no server."""
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


def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """An older program leaves a newer database alone."""
    settings = an_installation(tmp_path)
    prepare(settings)
    with closing(sqlite3.connect(settings.database.path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(CannotStart, match="schema 9999"):
        prepare(settings)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A file of something else is not overwritten."""
    settings = an_installation(tmp_path)
    settings.database.path.parent.mkdir()
    settings.database.path.write_text("a letter to a friend, " * 50, encoding="utf-8")

    with pytest.raises(CannotStart, match="not a database"):
        prepare(settings)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A start that may not write where the data belong says where that is."""
    (tmp_path / "var").write_text("", encoding="utf-8")

    with pytest.raises(CannotStart, match="var"):
        prepare(an_installation(tmp_path))
