"""SQL that differs between databases, under common names: nothing above this package depends on the kind."""

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
"""The columns of the row to be inserted -> the new values of the existing row."""


class _InList(ColumnElement[bool]):
    """`column` is one of the items of the list parameter `name`."""

    type = Boolean()
    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.values = bindparam(name, type_=ListParameter(column.type))

    def self_group(self, against: OperatorType | None = None) -> ColumnElement[bool]:  # noqa: ARG002 - SQLAlchemy's
        """Return itself. SQLAlchemy would write `(... IN ...) = 1` on SQLite, which cannot use an index."""
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
    """Whether `column` is among the items of the parameter `name`, a list of any length, including zero.

    One statement covers every length, so it is compiled once; `column.in_(bindparam(...))` would not be.
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
    """Insert a row, or change the existing row with the same `key`. Add `.returning(...)` to read the result.

    Args:
        table: the table.
        key: columns of a primary key or of a unique constraint without conditions.
        change: new values of the existing row, from the row to be inserted; without it the row is unchanged.
        only_if: condition for changing an existing row; a row that does not meet it is not returned.
        values: values to insert; by default every column from a parameter of its name. A list inserts several rows.
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
    """Claim rows: change the `due` rows that no other transaction is claiming. Add `.returning(...)` to read them.

    Two workers that claim at the same moment get different rows, and neither waits for the other.

    Args:
        table: the table; its primary key is one column.
        due: condition for claimable rows; a claimed row must not be due before its lease ends.
        oldest: order in which rows are claimed.
        values: changes that mark a row as claimed, such as the end of the lease.
        limit: name of the parameter with the maximum number of rows.
    """
    (identity,) = table.primary_key.columns
    rows = (
        select(identity).where(due).order_by(oldest, identity).limit(bindparam(limit)).with_for_update(skip_locked=True)
    )
    return update(table).where(identity.in_(rows.scalar_subquery())).values(dict(values))


def partial_index(
    name: str, *columns: str | ColumnElement[Any], where: ColumnElement[bool] | TextClause, unique: bool = False
) -> Index:
    """Return an index of only the rows for which `where` holds, on both databases, as an argument of `Table`.

    Args:
        name: name of the index, which a `UniqueViolation` contains.
        columns: columns, by name, or expressions.
        where: condition; `text("status = 'Pending'")` if the columns are not defined yet.
        unique: whether these rows must be distinct.
    """
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


__all__ = ["Change", "Excluded", "claim", "in_list", "partial_index", "upsert"]
