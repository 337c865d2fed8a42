"""SQL as values: SQLAlchemy Core expressions, compiled once for each database and run on its driver.

A package's `store.py` has each statement as a private constant, beside the function that runs it:

    _GET_REQUEST = Query(select(*COLUMNS).where(requests.c.id == bindparam("id")), ConnectionRequest)

    async def get_request(tx: Transaction, request_id: Guid) -> ConnectionRequest | None:
        return await tx.one(_GET_REQUEST, id=request_id)
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import CompoundSelect, Delete, Dialect, Insert, Select, Update

from platform_api.database.compiled import Compiled, Group, RowReader, UnsupportedStatement, as_tuple

Row = TypeVar("Row")


class Query(Generic[Row]):
    """A SELECT (or a RETURNING) and the value that each of its rows becomes.

    Attributes:
        statement: the expression; its parameters are `bindparam`s.
        into: called with the columns of a row, in their order; `as_tuple` for rows that stay tuples.
        group: the last columns of the statement, which `into` takes as one value.

    Raises:
        UnsupportedStatement: the statement does not end with the columns of the group.
    """

    def __init__(
        self,
        statement: Select[Any] | CompoundSelect[Any] | Insert | Update | Delete,
        into: Callable[..., Row],
        group: Group[Any] | None = None,
    ) -> None:
        self.statement = statement
        self.into = into
        self.group = group
        if group is not None and not _ends_with(statement, group):
            raise UnsupportedStatement(
                "the columns of the group must be the last ones of the statement, in their order"
            )
        self._forms: dict[str, tuple[Compiled, RowReader[Row]]] = {}

    def form(self, dialect: Dialect) -> tuple[Compiled, RowReader[Row]]:
        """Return the SQL for a database, and the reader of its rows; compiled on first use."""
        known = self._forms.get(dialect.name)
        if known is None:
            compiled = Compiled(self.statement, dialect)
            known = self._forms[dialect.name] = compiled, compiled.reader(self.into, self.group)
        return known


def _ends_with(statement: Select[Any] | CompoundSelect[Any] | Insert | Update | Delete, group: Group[Any]) -> bool:
    last = list(statement.exported_columns)[-len(group.columns) :]
    return [column.key for column in last] == [column.key for column in group.columns]


class Command:
    """An INSERT, UPDATE or DELETE; its parameters are `bindparam`s."""

    def __init__(self, statement: Insert | Update | Delete) -> None:
        self.statement = statement
        self._forms: dict[str, Compiled] = {}

    def form(self, dialect: Dialect) -> Compiled:
        """Return the SQL for a database; compiled on first use."""
        known = self._forms.get(dialect.name)
        if known is None:
            known = self._forms[dialect.name] = Compiled(self.statement, dialect)
        return known


__all__ = ["Command", "Group", "Query", "as_tuple"]
