"""The description of a queue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from sqlalchemy import Column, Table

from platform_api.work.rules import Item


@dataclass(frozen=True, eq=False)
class WorkQueue(Generic[Item]):
    """A table with the columns of the queue, and the values of its rows.

    Attributes:
        name: name of the queue in the log.
        table: the table.
        into: called with the columns of a row by name; returns its value.
        columns: the names of these columns.
        changing: further columns that an attempt changes, besides those of the queue.
    """

    name: str
    table: Table
    into: Callable[..., Item]
    columns: Sequence[str]
    changing: Sequence[str] = ()

    @property
    def selected(self) -> list[Column[Any]]:
        """The columns to select, in the order in which `read` takes them."""
        return [self.table.c[name] for name in self.columns]

    def read(self, *row: Any) -> Item:
        """The value of a row of `selected`."""
        return self.into(**dict(zip(self.columns, row, strict=True)))


__all__ = ["WorkQueue"]
