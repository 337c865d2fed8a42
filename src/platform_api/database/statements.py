"""SQL as values: SQLAlchemy Core expressions, compiled once for each database and run on its driver.

A capability's `store.py` holds them at module level and reads like a list of what it asks:

    GET_REQUEST = Query(select(*REQUEST_COLUMNS).where(requests.c.id == bindparam("id")), ConnectionRequest)
    CLOSE_REQUEST = Command(update(requests).where(...).values(status=bindparam("status")))
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Delete, Insert, Select, Update

Row = TypeVar("Row")


class Query(Generic[Row]):
    """A SELECT (or a RETURNING) and the value that each of its rows becomes.

    Attributes:
        statement: the expression; its parameters are `bindparam`s.
        into: called with the columns of a row, in their order.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete, into: Callable[..., Row]) -> None:
        self.statement = statement
        self.into = into


class Command:
    """An INSERT, UPDATE or DELETE; its parameters are `bindparam`s."""

    def __init__(self, statement: Insert | Update | Delete) -> None:
        self.statement = statement


__all__ = ["Command", "Query"]
