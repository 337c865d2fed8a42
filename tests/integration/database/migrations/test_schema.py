"""Revisions bring a database to the declared schema once, whichever process starts them."""

import importlib
import pkgutil
import stat
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, text
from tests.support.database import finish, start_program
from tests.support.schemas import description
from tests.support.stores import address_of, an_engine

import platform_api
from platform_api.database.columns import GuidColumn, InstantColumn, JsonColumn
from platform_api.database.expressions import partial_index
from platform_api.database.metadata import metadata
from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at


def some_tables() -> MetaData:
    """Tables with everything that revisions must not lose."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table("owners", tables, Column("id", GuidColumn, primary_key=True), Column("name", Text, nullable=False))
    Table(
        "letters",
        tables,
        Column("id", Integer, primary_key=True),
        Column("owner_id", GuidColumn, ForeignKey("owners.id"), nullable=False),
        Column("state", Text, server_default="queued", nullable=False),
        Column("due_at", InstantColumn),
        Column("facts", JsonColumn),
        partial_index("ix_letters_due", "due_at", where=text("state = 'queued'")),
        Index("ux_letters_owner_state", "owner_id", "state", unique=True),
    )
    Table("counters", tables, Column("key", Text, primary_key=True), sqlite_with_rowid=False)
    return tables


def all_tables() -> MetaData:
    """The tables of every package."""
    for module in pkgutil.walk_packages(platform_api.__path__, "platform_api."):
        if module.name.endswith(".tables"):
            importlib.import_module(module.name)
    return metadata


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A folder with the revision that makes `some_tables`."""
    folder = tmp_path / "versions"
    folder.mkdir()
    schema.revision("First tables", some_tables(), folder)
    return folder


def test_the_revisions_make_what_the_tables_say(tmp_path: Path) -> None:
    """A migrated database and one made from the tables themselves hold the same; if not, write a revision."""
    migrated = an_engine(tmp_path / "migrated.db")
    schema.migrate(migrated)
    assert description(an_engine(tmp_path / "made.db", all_tables())) == description(migrated)
    assert [] == migrated.alone(lambda connection: schema.differences_on(connection, all_tables()))


@pytest.mark.no_database
def test_no_table_has_comments() -> None:
    """Columns are documented in the code alone, so that a change of words needs no revision."""
    columns = [column for table in all_tables().tables.values() for column in table.columns]
    assert [] == [str(column) for column in columns if column.comment]


@pytest.mark.no_database
def test_no_foreign_key_waits_for_the_commit() -> None:
    """A unit that broke it would make all of its group fail."""
    keys = [key for table in all_tables().tables.values() for key in table.foreign_key_constraints]
    assert [] == [key.name for key in keys if key.deferrable]


@pytest.mark.no_database
def test_the_latest_revision_is_known_without_alembic() -> None:
    """A later start does not import it; so the file's number must be the revision's id."""
    assert ScriptDirectory(str(schema.VERSIONS.parent)).get_current_head() == schema.head_revision()


def test_a_generated_revision_makes_the_tables(tmp_path: Path, versions: Path) -> None:
    """With their types, indexes and conditions."""
    migrated = an_engine(tmp_path / "migrated.db")
    schema.migrate(migrated, versions)
    assert description(an_engine(tmp_path / "made.db", some_tables())) == description(migrated)


@pytest.mark.no_database
def test_revisions_are_numbered_in_their_order(versions: Path) -> None:
    """The next one says what has changed since."""
    changed = some_tables()
    Table("owners", changed, Column("address", Text), extend_existing=True)
    assert "0002_add_address.py" == schema.revision("Add address", changed, versions).name
    assert [] == schema.differences(changed, versions)
    assert "0002" == schema.head_revision(versions)


@pytest.mark.sqlite_only(reason="a server keeps the files")
def test_a_new_database_is_its_owners(tmp_path: Path, versions: Path) -> None:
    """Other users of the machine cannot read addresses and password hashes from it."""
    schema.migrate(engine_at(tmp_path / "test.db"), versions)
    assert 0o600 == stat.S_IMODE((tmp_path / "test.db").stat().st_mode)


def test_migrating_again_does_nothing(tmp_path: Path, versions: Path) -> None:
    """And says so."""
    engine = an_engine(tmp_path / "test.db")
    assert [True, False] == [schema.migrate(engine, versions) for _ in range(2)]


def test_processes_that_start_at_once_migrate_once(tmp_path: Path, versions: Path) -> None:
    """No process fails, and each finds a complete schema."""
    engine = an_engine(tmp_path / "test.db")
    finish([start_program("migrate", address_of(engine), versions) for _ in range(2)])
    assert description(an_engine(tmp_path / "made.db", some_tables())) == description(engine)


def test_a_failed_revision_leaves_the_database_as_it_was(tmp_path: Path, versions: Path) -> None:
    """All of a migration or nothing."""
    engine = an_engine(tmp_path / "test.db")
    schema.migrate(engine, versions)
    broken = schema.revision("Break", some_tables(), versions)
    broken.write_text(
        broken.read_text().replace("    pass", '    op.drop_index("ix_letters_due")\n    raise ValueError("broken")')
    )
    before = description(engine)
    with pytest.raises(ValueError, match="broken"):
        schema.migrate(engine, versions)
    assert (before, "0001") == (description(engine), schema.current_revision(engine))


def test_a_newer_database_is_refused(tmp_path: Path, versions: Path) -> None:
    """An older program would not know what to do with it, and writes nothing."""
    engine = an_engine(tmp_path / "test.db")
    schema.revision("Later", some_tables(), versions)
    schema.migrate(engine, versions)
    (versions / "0002_later.py").unlink()
    before = description(engine)
    with pytest.raises(schema.NewerSchema, match=r"0002.*0001"):
        schema.migrate(engine, versions)
    assert before == description(engine)
