"""Bulk writes to a PostgreSQL database: its foreign keys are removed at the beginning, and added again at the end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Connection, ForeignKeyConstraint, MetaData, func, literal, select
from sqlalchemy.schema import AddConstraint, DropConstraint

from platform_api.database.postgres.engine import PostgresEngine

T = TypeVar("T")

_COUNT_RELATIONS: Final = (
    "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
    " WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_toast%'"
    " AND nspname NOT LIKE 'pg\\_temp%'"
)
"""The number of tables, indexes and sequences that are not those of the server."""


@dataclass(frozen=True, slots=True)
class PostgresLoading:
    """Bulk writes to the database of `engine`."""

    engine: PostgresEngine

    def is_empty(self) -> bool:
        """Whether there are no tables, nor anything else of a program."""
        return not self.engine.snapshot(lambda connection: connection.exec_driver_sql(_COUNT_RELATIONS).scalar())

    def write(self, change: Callable[[Connection], T]) -> T:
        """Call `change` on a connection in one transaction, and commit it."""
        return self.engine.alone(change)

    def begin(self, connection: Connection, tables: MetaData) -> None:
        """Remove the foreign keys."""
        for constraint in _foreign_keys(tables):
            connection.execute(DropConstraint(constraint))

    def finish(self, connection: Connection, tables: MetaData) -> None:
        """Add the foreign keys, and set the sequences after the largest numbers."""
        for constraint in _foreign_keys(tables):
            connection.execute(AddConstraint(constraint, isolate_from_table=False))
        for table in tables.sorted_tables:
            column = table.autoincrement_column
            if column is not None:
                following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(select(func.setval(sequence, following, literal(value=False))))


def _foreign_keys(tables: MetaData) -> Iterator[ForeignKeyConstraint]:
    for table in tables.sorted_tables:
        yield from sorted(table.foreign_key_constraints, key=lambda constraint: str(constraint.name))


__all__ = ["PostgresLoading"]
