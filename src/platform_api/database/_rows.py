"""Conversion between values and rows: the work for each execution of a statement and for each row.

A transaction runs many small statements, so a loop over all parameters would cost more than SQLite itself. Each statement
therefore has one function that binds its parameters, and one that reads a row. Both pick values with `operator.itemgetter`
or use the row unchanged, and process only the values that have a rule.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import starmap
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement

from platform_api.database.columns import OrNone, Rule

Value = TypeVar("Value")
Place = TypeVar("Place", str, int)
Arguments = tuple[Any, ...]
Bind = Callable[[Mapping[str, Any]], Arguments]
"""Parameters by name -> the arguments in the order of the text."""


def compile_bind(order: Sequence[str], rules: Mapping[str, Rule], constants: Mapping[str, Any]) -> Bind:
    """Return the function that builds the arguments of a statement from its parameters. It raises KeyError for a missing one.

    Args:
        order: names of parameters and constants in the order of the text.
        rules: rules of the parameters that have one.
        constants: values that the statement contains.
    """
    if len(order) == 1 and not constants:
        return _bind_one(order[0], rules.get(order[0]))
    pick: Bind = itemgetter(*order) if len(order) > 1 else lambda given: tuple([given[name] for name in order])
    if not rules:
        return (lambda given: pick({**constants, **given})) if constants else pick
    steps = _steps(rules)

    def bind(given: Mapping[str, Any]) -> Arguments:
        values = {**constants, **given}
        for name, rule, keeps_none in steps:
            if values[name] is not None or not keeps_none:
                values[name] = rule(values[name])
        return pick(values)

    return bind


def _bind_one(name: str, rule: Rule | None) -> Bind:
    """Bind a single parameter, the most common case."""
    return (lambda given: (given[name],)) if rule is None else lambda given: (rule(given[name]),)


def as_tuple(*columns: Any) -> Arguments:
    """Return a row unchanged, with its columns read. As `into`, it avoids a call for each row."""
    return columns


class Group(Generic[Value]):
    """Columns of a query that become one value, so that a row holds it as one member.

    Args:
        columns: the columns; they are the last ones of the query.
        into: called with these columns, in their order.
    """

    __slots__ = ("columns", "into")

    def __init__(self, columns: Sequence[ColumnElement[Any]], into: Callable[..., Value]) -> None:
        self.columns = tuple(columns)
        self.into = into


class RowReader(Generic[Value]):
    """Makes values of rows.

    Args:
        into: called with the columns of a row.
        rules: the rules for reading columns, by the index of the column.
        group: the last columns, where `into` takes them as one value.

    Attributes:
        one: row -> value.
    """

    __slots__ = ("_group", "_into", "_rules", "one")

    def __init__(self, into: Callable[..., Value], rules: Mapping[int, Rule], group: Group[Any] | None = None) -> None:
        self._into = into
        self._rules = rules
        self._group = group
        self.one = _compile_read(into if group is None else _grouped(into, group), rules)

    def all(self, rows: list[Arguments]) -> list[Value]:
        """The values of many rows; they are read column by column, in a third of the time."""
        if not rows or not (self._rules or self._group):
            unread: Any = rows if self._into is as_tuple else starmap(self._into, rows)
            return list(unread)
        kept = list(zip(*rows, strict=True))
        columns: list[Iterable[Any]] = list(kept)
        for index, rule in self._rules.items():
            columns[index] = rule.each(kept[index]) if isinstance(rule, OrNone) else map(rule, kept[index])
        if self._group is not None:
            first = len(columns) - len(self._group.columns)
            columns[first:] = [map(self._group.into, *columns[first:])]
        made: Any = zip(*columns, strict=True) if self._into is as_tuple else map(self._into, *columns)
        return list(made)


def _grouped(into: Callable[..., Value], group: Group[Any]) -> Callable[..., Value]:
    """Read each column by itself, and pass the group to `into` as one value."""
    first = -len(group.columns)
    return lambda *columns: into(*columns[:first], group.into(*columns[first:]))


def _compile_read(into: Callable[..., Value], rules: Mapping[int, Rule]) -> Callable[[Arguments], Value]:
    steps = _steps(rules)
    if not steps:
        return lambda row: into(*row)

    def read(row: Arguments) -> Value:
        values = [*row]
        for place, rule, keeps_none in steps:
            if values[place] is not None or not keeps_none:
                values[place] = rule(values[place])
        return into(*values)

    return read


def _steps(rules: Mapping[Place, Rule]) -> list[tuple[Place, Rule, bool]]:
    """Return the rules by name or index, each with whether it ignores None, so that it need not be called for it."""
    return [
        (place, rule.rule, True) if isinstance(rule, OrNone) else (place, rule, False) for place, rule in rules.items()
    ]


__all__ = ["Arguments", "Bind", "Group", "RowReader", "as_tuple", "compile_bind"]
