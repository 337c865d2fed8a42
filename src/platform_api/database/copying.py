"""Copy of all rows of a database into another one, of the same kind or another.

The schema of the copy is made by the migrations; then each table is copied in batches, in the order of its primary key.
A batch is stored together with its last key, so that an interrupted copy goes on there. Until every table has been
compared, the copy has no revision, and no server starts on it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Table,
    Text,
    column,
    delete,
    insert,
    inspect,
    literal,
    select,
    table,
    tuple_,
)
from sqlalchemy.exc import DBAPIError

from platform_api.database.backups import VERSION_TABLE, NoDatabase, NotEmpty, Progress, contents_of
from platform_api.database.columns import JsonColumn
from platform_api.database.engine import Engine
from platform_api.database.loading import Loading
from platform_api.database.migrations.schema import check_revision, current_revision, head_revision, upgrade
from platform_api.foundation.refusals import Refusal

BATCH: Final = 2000
"""Rows of one transaction."""

_bookkeeping: Final = MetaData()
_progress: Final = Table(
    "copy_progress",
    _bookkeeping,
    Column("table_name", Text, primary_key=True),
    Column("last_key", JsonColumn),
)
"""The last key that was copied of each table."""

_version: Final = table(VERSION_TABLE, column("version_num"))

Steps = Callable[[str], AbstractContextManager[Progress]]
"""Begins a step with a title; the step ends with the `with` block."""


class OldSchema(Refusal):
    """A database to be copied has the schema of an earlier version."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} has the schema of an earlier version. Run platform-api database upgrade on it, then copy it."
        )


class CopyRefused(Refusal):
    """A database refused rows of the other kind of database."""

    def __init__(self, name: str, table_name: str, reason: str) -> None:
        super().__init__(
            f"{name} refuses a row of {table_name}: {reason}. Correct the row in the source, and run the command again."
        )


class CopyDiffers(Refusal):
    """A copy differs from its source after all rows were copied."""

    def __init__(self, target: str, tables: Iterable[str]) -> None:
        super().__init__(
            f"{target} differs from its source in {', '.join(tables)}: the source was changed while it was copied. Stop its"
            " server, remove the copy, and copy again."
        )


def copy(source: Engine, target: Loading, tables: MetaData, steps: Steps) -> dict[str, int]:
    """Copy every row, compare the digests of all tables, and return the number of rows of each.

    Args:
        source: the database to be copied.
        target: an empty database, or an interrupted copy.
        tables: the declared tables.
        steps: shows the progress.

    Raises:
        NoDatabase, OldSchema, NewerSchema: the source cannot be copied.
        NotEmpty: the target has a database that is not an interrupted copy.
        CopyRefused: the target refuses a row.
        CopyDiffers: the source was changed meanwhile.
    """
    revision = _revision_of(source)
    if target.is_empty():
        target.engine.alone(lambda connection: _prepare(connection, target, tables))
    elif not target.engine.snapshot(_is_interrupted):
        raise NotEmpty(target.engine.name, "name an empty database or a new file.")
    rows = source.snapshot(lambda connection: _copy_all(connection, target, tables, steps))
    target.engine.alone(lambda connection: _complete(connection, target, tables, revision))
    return rows


def _revision_of(source: Engine) -> str:
    current, head = current_revision(source), head_revision()
    if current is None or head is None:
        raise NoDatabase(source.name)
    check_revision(source, current, head)
    if current != head:
        raise OldSchema(source.name)
    return head


def _prepare(connection: Connection, target: Loading, tables: MetaData) -> None:
    """Make the schema, without a revision and without the rows that migrations insert."""
    upgrade(connection)
    for each in reversed(tables.sorted_tables):
        connection.execute(delete(each))
    connection.execute(delete(_version))
    target.begin(connection, tables)
    _bookkeeping.create_all(connection)


def _is_interrupted(connection: Connection) -> bool:
    names = inspect(connection).get_table_names()
    if _progress.name not in names or VERSION_TABLE not in names:
        return False
    return connection.execute(select(_version.c.version_num)).first() is None


def _copy_all(source: Connection, target: Loading, tables: MetaData, steps: Steps) -> dict[str, int]:
    rows = dict(contents_of(source).rows)
    with steps("Copying the rows") as progress:
        done = 0
        for each in tables.sorted_tables:
            for copied in _Batches(source, target, each):
                done += copied
                progress(min(done, sum(rows.values())), sum(rows.values()))
    with steps("Comparing the tables") as progress:
        different = []
        for number, each in enumerate(tables.sorted_tables, start=1):
            if digest(source, each) != target.engine.snapshot(partial(digest, each=each)):
                different.append(each.name)
            progress(number, len(rows))
    if different:
        raise CopyDiffers(target.engine.name, different)
    return rows


class _Batches:
    """Copies a table batch by batch; yields the number of rows of each."""

    def __init__(self, source: Connection, target: Loading, each: Table) -> None:
        self._source = source
        self._target = target
        self._table = each
        self._key = list(each.primary_key.columns)

    def __iter__(self) -> Iterator[int]:
        last = self._target.engine.snapshot(self._last_key)
        while batch := self._next(last):
            last = [batch[-1][each.name] for each in self._key]
            self._store(batch, last)
            yield len(batch)

    def _last_key(self, connection: Connection) -> list[Any] | None:
        found = connection.execute(select(_progress.c.last_key).where(_progress.c.table_name == self._table.name))
        return found.scalar()

    def _next(self, last: list[Any] | None) -> list[dict[str, Any]]:
        rows = select(self._table).order_by(*self._key).limit(BATCH)
        if last is not None:
            after = [literal(value, each.type) for value, each in zip(last, self._key, strict=True)]
            rows = rows.where(tuple_(*self._key) > tuple_(*after))
        return [dict(row) for row in self._source.execute(rows).mappings()]

    def _store(self, batch: list[dict[str, Any]], last: list[Any]) -> None:
        def write(connection: Connection) -> None:
            connection.execute(insert(self._table), batch)
            connection.execute(delete(_progress).where(_progress.c.table_name == self._table.name))
            connection.execute(insert(_progress).values(table_name=self._table.name, last_key=last))

        try:
            self._target.write(write)
        except DBAPIError as error:
            reason = str(error.orig).partition("\n")[0].rstrip(".")
            raise CopyRefused(self._target.engine.name, self._table.name, reason) from error


def digest(connection: Connection, each: Table) -> tuple[int, int]:
    """Return the number of rows of a table, and a sum of the digests of their values that does not depend on the order."""
    count, total = 0, 0
    encode = msgspec.json.Encoder(order="deterministic").encode
    for row in connection.execution_options(yield_per=BATCH).execute(select(each)):
        count += 1
        total += int.from_bytes(hashlib.sha256(encode(list(row))).digest())
    return count, total % (1 << 256)


def _complete(connection: Connection, target: Loading, tables: MetaData, revision: str) -> None:
    target.finish(connection, tables)
    _bookkeeping.drop_all(connection)
    connection.execute(insert(_version).values(version_num=revision))


__all__ = ["BATCH", "CopyDiffers", "CopyRefused", "OldSchema", "copy", "digest"]
