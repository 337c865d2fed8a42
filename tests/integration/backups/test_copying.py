"""Tests of the copy of a database into another one, in both directions."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.schema import CreateTable
from tests.support.backups import BackedUp, execute, rows_of, silent, with_sample
from tests.support.postgres import drop_database, new_database
from tests.support.stores import Store, chosen

from platform_api.contacts.tables import contacts
from platform_api.database import copying
from platform_api.database.backups import NoDatabase, NotEmpty
from platform_api.database.copying import CopyDiffers, CopyRefused, OldSchema, copy
from platform_api.database.loading import Loading
from platform_api.database.migrations.schema import (
    VERSIONS,
    UnfinishedDatabase,
    current_revision,
    differences_on,
    head_revision,
    migrate,
)
from platform_api.database.opening import engine_at, loading_of
from platform_api.database.postgres.loading import PostgresLoading
from platform_api.database.sqlite.loading import SqliteLoading
from platform_api.identity.settings import SignIn
from platform_api.installation.settings import Keys, Settings
from platform_api.journal.tables import journal_entries
from platform_api.wiring import metadata

CHEAP = SignIn(argon2_memory_kib=8, argon2_time_cost=1)
OTHER = {Store.SQLITE: Store.POSTGRESQL, Store.POSTGRESQL: Store.SQLITE}

NewPlace = Callable[[Store], Path | str]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table with several rows takes several batches."""
    monkeypatch.setattr(copying, "BATCH", 4)


@pytest.fixture
def new_place(tmp_path: Path) -> Iterator[NewPlace]:
    """A maker of addresses of empty databases."""
    made: list[str] = []

    def place(store: Store) -> Path | str:
        if store is Store.SQLITE:
            return tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite3"
        made.append(new_database())
        return made[-1]

    yield place
    for url in made:
        drop_database(url)


@pytest.fixture
def installation(tmp_path: Path, new_place: NewPlace) -> BackedUp:
    """An installation with the sample data, and contacts that refer to each other in both directions."""
    address = new_place(chosen())
    made = with_sample(Settings(keys=Keys(path=tmp_path / "keys"), sign_in=CHEAP), address)
    made.engine.alone(_refer_to_each_other)
    return made


def _refer_to_each_other(connection: Connection) -> None:
    ids = list(connection.scalars(select(contacts.c.id).order_by(contacts.c.id)))
    for one, other in ((ids[0], ids[-1]), (ids[-1], ids[0])):
        connection.execute(update(contacts).where(contacts.c.id == one).values(merged_into=other))


def copied(source: Path | str, target: Path | str) -> dict[str, int]:
    """Copy a database."""
    return copy(engine_at(source), loading_of(engine_at(target)), metadata, silent)


def test_a_copy_has_every_row(installation: BackedUp, new_place: NewPlace) -> None:
    """In the other kind of database, with the same values of every column."""
    target = new_place(OTHER[chosen()])

    rows = copied(installation.address, target)

    before = rows_of(installation.address)
    assert before == rows_of(target)
    assert {name: len(found) for name, found in before.items()} == rows
    assert head_revision() == current_revision(engine_at(target))


def test_a_copy_comes_back_unchanged(installation: BackedUp, new_place: NewPlace) -> None:
    """To the other kind and back."""
    there, back = new_place(OTHER[chosen()]), new_place(chosen())

    copied(installation.address, there)
    copied(there, back)

    assert rows_of(installation.address) == rows_of(back)


def test_a_copy_has_the_declared_schema(installation: BackedUp, new_place: NewPlace) -> None:
    """With its foreign keys, and without the bookkeeping of the copy."""
    target = new_place(OTHER[chosen()])
    copied(installation.address, target)

    found = engine_at(target).alone(lambda connection: differences_on(connection, metadata))

    assert [] == [each for each in found if "comment" not in str(each)]


def test_a_copy_leaves_the_declared_tables_as_they_are(installation: BackedUp, new_place: NewPlace) -> None:
    """The same process can create databases with all foreign keys afterwards."""
    before = [str(CreateTable(table)) for table in metadata.sorted_tables]

    copied(installation.address, new_place(Store.POSTGRESQL))

    assert before == [str(CreateTable(table)) for table in metadata.sorted_tables]
    assert any("FOREIGN KEY" in statement for statement in before)


def test_new_rows_get_numbers_after_the_copied_ones(installation: BackedUp, new_place: NewPlace) -> None:
    """Entries of the journal are numbered by the database."""
    target = new_place(OTHER[chosen()])
    copied(installation.address, target)
    entry = {"subject_kind": "contact", "subject_id": "00000000-0000-4000-8000-000000000001", "act": "test"}

    def add(connection: Connection) -> tuple[int, int]:
        latest = max(connection.scalars(select(journal_entries.c.id)))
        at = max(connection.scalars(select(journal_entries.c.at)))
        added = connection.execute(insert(journal_entries).values(**entry, at=at).returning(journal_entries.c.id))
        return latest, added.scalar_one()

    latest, added = engine_at(target).alone(add)
    assert latest + 1 == added


class Interrupted(Exception):
    """The process was killed."""


def interrupted_after(writes: int, loading: Loading) -> Loading:
    """Bulk writes that end after a number of batches."""

    class Failing(type(loading)):  # type: ignore[misc]  # either kind
        done = 0

        def write(self, change: Callable[[Connection], Any]) -> Any:
            Failing.done += 1
            if Failing.done > writes:
                raise Interrupted
            return super().write(change)

    return Failing(loading.engine)


def test_an_interrupted_copy_goes_on(installation: BackedUp, new_place: NewPlace) -> None:
    """No row is written twice, and no server starts on the incomplete copy."""
    target = new_place(OTHER[chosen()])
    loading = loading_of(engine_at(target))
    source = engine_at(installation.address)
    for writes in (0, 3, 7):
        with pytest.raises(Interrupted):
            copy(source, interrupted_after(writes, loading), metadata, silent)
        with pytest.raises(UnfinishedDatabase):
            migrate(engine_at(target))

    copied(installation.address, target)

    assert rows_of(installation.address) == rows_of(target)


def test_a_source_that_changes_is_noticed(installation: BackedUp, new_place: NewPlace) -> None:
    """A row that was changed after it was copied makes the copy fail, which stays unusable."""
    target = new_place(OTHER[chosen()])
    with pytest.raises(Interrupted):
        copy(engine_at(installation.address), interrupted_after(9, loading_of(engine_at(target))), metadata, silent)
    execute(installation.address, "UPDATE contacts SET full_name = 'Changed'")

    with pytest.raises(CopyDiffers, match=r" in contacts: "):
        copied(installation.address, target)
    with pytest.raises(UnfinishedDatabase):
        current_revision(engine_at(target))


def test_databases_are_never_overwritten(installation: BackedUp, new_place: NewPlace) -> None:
    """Neither a database of an installation nor one of another program."""
    with pytest.raises(NotEmpty):
        copied(installation.address, installation.address)
    target = new_place(chosen())
    execute(target, "CREATE TABLE other (id INTEGER)")
    with pytest.raises(NotEmpty):
        copied(installation.address, target)


def test_a_source_must_be_of_this_version(new_place: NewPlace, tmp_path: Path) -> None:
    """A missing database and one of an earlier version are named; no copy is made."""
    source, target = new_place(chosen()), new_place(OTHER[chosen()])
    with pytest.raises(NoDatabase):
        copied(source, target)
    versions = tmp_path / "versions"
    versions.mkdir()
    for file in VERSIONS.glob("000*.py"):
        os.link(file, versions / file.name)
    migrate(engine_at(source), versions)
    with pytest.raises(OldSchema):
        copied(source, target)
    assert loading_of(engine_at(target)).is_empty()


@pytest.mark.sqlite_only("PostgreSQL stores no text with a NUL character")
def test_a_refused_row_is_named(installation: BackedUp, new_place: NewPlace) -> None:
    """The table and the reason, in one sentence."""
    installation.engine.alone(
        lambda connection: connection.execute(text("UPDATE contacts SET full_name = 'a' || char(0) || 'b'"))
    )
    with pytest.raises(CopyRefused, match=r"refuses a row of contacts: .*0x00"):
        copied(installation.address, new_place(Store.POSTGRESQL))


@pytest.mark.no_database
def test_both_kinds_are_known() -> None:
    """Each address has its kind of bulk writes."""
    assert isinstance(loading_of(engine_at("data.sqlite3")), SqliteLoading)
    assert isinstance(loading_of(engine_at("postgresql://user@host/name")), PostgresLoading)
