"""Rows of requests and connections as values."""

import enum
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column, Select, Table, select

Row = TypeVar("Row", bound=msgspec.Struct)


def select_all(table: Table, kind: type[msgspec.Struct]) -> Select[Any]:
    """A SELECT of the columns that a kind of value is made from, in the order of its fields."""
    columns: list[Column[Any]] = [table.c[name] for name in kind.__struct_fields__]
    return select(*columns)


def reader(kind: type[Row], statuses: type[enum.StrEnum]) -> Callable[..., Row]:
    """A function that makes values of rows that `select_all` has read; their `status` becomes a member of an enum."""
    place = kind.__struct_fields__.index("status")
    by_code = {status.value: status for status in statuses}

    def read(*row: Any) -> Row:
        values = list(row)
        values[place] = by_code[values[place]]
        return kind(*values)

    return read


__all__ = ["reader", "select_all"]
