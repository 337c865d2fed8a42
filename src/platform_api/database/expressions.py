"""The SQL that databases write differently, under names of our own: nothing above this package knows which it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Insert,
    Table,
    TextClause,
    Update,
    bindparam,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.operators import OperatorType

from platform_api.database.columns import ListParameter

Excluded = ReadOnlyColumnCollection[str, Any]
Change = Callable[[Excluded], Mapping[str, Any]]
"""The columns that would have been inserted -> what the existing row gets instead."""


class _InList(ColumnElement[bool]):
    """`column` is one of the items of the list parameter `name`."""

    type = Boolean()
    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.values = bindparam(name, type_=ListParameter(column.type))

    def self_group(self, against: OperatorType | None = None) -> ColumnElement[bool]:  # noqa: ARG002 - SQLAlchemy's
        """Itself. SQLAlchemy would write `(... IN ...) = 1` on SQLite, which no index can answer."""
        return self


@compiles(_InList)
def _in_json_list(element: _InList, compiler: SQLCompiler, **options: Any) -> str:
    column, values = compiler.process(element.column, **options), compiler.process(element.values, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both parts are compiled SQL


@compiles(_InList, "postgresql")
def _in_array(element: _InList, compiler: SQLCompiler, **options: Any) -> str:
    column, values = compiler.process(element.column, **options), compiler.process(element.values, **options)
    return f"{column} = ANY ({values})"


def in_list(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether `column` is among the items of the parameter `name`, a list of any length, also empty.

    One statement for every length, so it is compiled once; never `column.in_(bindparam(...))`.
    """
    return _InList(column, name)


def upsert(
    table: Table,
    *,
    key: Sequence[Column[Any]],
    change: Change | None = None,
    only_if: ColumnElement[bool] | None = None,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> Insert:
    """Insert a row or, where one with the same `key` exists, change that one. Add `.returning(...)` for what it became.

    Args:
        table: the table.
        key: columns of a primary key or of a unique constraint without conditions.
        change: what the existing row gets, told from what would have been inserted; without it the row stays as it is.
        only_if: leaves an existing row as it is unless this holds; such a row is not returned.
        values: what is inserted; every column from a parameter of its name, when not given. Several rows at once, if
            that is a list.
    """
    statement = postgresql.insert(table)
    if values is not None:
        statement = statement.values(dict(values) if isinstance(values, Mapping) else [dict(row) for row in values])
    if change is None:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=dict(change(statement.excluded)), where=only_if)


def claim(
    table: Table,
    *,
    due: ColumnElement[bool],
    oldest: ColumnElement[Any],
    values: Mapping[str, Any],
    limit: str = "limit",
) -> Update:
    """Take rows for oneself: change the `due` rows that nobody else is taking now. Add `.returning(...)` to read them.

    Two workers that claim at the same moment get different rows, and neither waits for the other.

    Args:
        table: the table; its primary key is one column.
        due: which rows may be taken; a row that has been claimed must not be due before its lease ends.
        oldest: which come first.
        values: what marks a row as taken, such as the end of the lease.
        limit: name of the parameter that says how many at most.
    """
    (identity,) = table.primary_key.columns
    rows = (
        select(identity).where(due).order_by(oldest, identity).limit(bindparam(limit)).with_for_update(skip_locked=True)
    )
    return update(table).where(identity.in_(rows.scalar_subquery())).values(dict(values))


def partial_index(
    name: str, *columns: str | ColumnElement[Any], where: ColumnElement[bool] | TextClause, unique: bool = False
) -> Index:
    """An index of only the rows for which `where` holds, on both databases. Give it to the `Table`.

    Args:
        name: the index's name, that a `UniqueViolation` says.
        columns: the columns, by name, or expressions.
        where: the condition; `text("status = 'Pending'")` where the columns are not there yet to be named.
        unique: whether no two of these rows may be alike.
    """
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


__all__ = ["Change", "Excluded", "claim", "in_list", "partial_index", "upsert"]
