"""SQLAlchemy expressions -> SQL text with ordered parameters, once for each dialect.

What is left for each execution is one tuple of arguments, and for each row one call.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType, TypeEngine

from platform_api.database.errors import WrongParameters

Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete
Rule = Callable[[Any], Any]
Arguments = tuple[Any, ...]

_EXPANDED = re.compile(r"__\[POSTCOMPILE_(\w+)\]")


class UnsupportedStatement(TypeError):
    """The expression says something that only SQLAlchemy's own execution could fulfil."""


class Compiled:
    """One statement for one dialect.

    Attributes:
        text: the SQL.
        names: the parameters in the order of `text`; a name may come more than once.
        table: the table that it writes to; None for a SELECT.
    """

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise UnsupportedStatement("columns take no defaults from Python: ids, times and the like are parameters")
        binds = _binds(compiled)
        self.table = None if isinstance(statement, Select | CompoundSelect) else statement.table
        self.text, self.names, self._constants = _expand(compiled, binds, dialect)
        self._expected = [name for name, uses in binds.items() if uses[0].required]
        self._count = len(self._expected)
        self._rules = [(name, rule) for name in self._expected if (rule := _bind_rule(binds[name], dialect))]
        self._pick = _picker(self.names)
        self._columns = _read_rules(statement, dialect)

    def arguments(self, parameters: dict[str, Any]) -> Arguments:
        """The arguments in the order of the text. Takes `parameters` over: it is changed.

        Raises:
            WrongParameters: one is missing or is none of the statement's.
        """
        try:
            for name, rule in self._rules:
                parameters[name] = rule(parameters[name])
            if len(parameters) != self._count:
                raise WrongParameters(self.text, self._expected, list(parameters))
            if self._constants:
                parameters.update(self._constants)
            return self._pick(parameters)
        except KeyError:
            raise WrongParameters(self.text, self._expected, list(parameters)) from None

    def reader(self, into: Callable[..., Any]) -> Rule:
        """What makes a value from each row."""
        rules = self._columns
        if not rules:
            return lambda row: into(*row)

        def read(row: Arguments) -> Any:
            values = list(row)
            for index, rule in rules:
                values[index] = rule(values[index])
            return into(*values)

        return read


def _binds(compiled: SQLCompiler) -> dict[str, list[BindParameter[Any]]]:
    """Every use of each parameter, those whose type is known first."""
    uses: dict[str, list[BindParameter[Any]]] = {}
    for bind, name in compiled.bind_names.items():
        uses.setdefault(name, []).append(bind)
    for several in uses.values():
        several.sort(key=lambda bind: isinstance(bind.type, NullType))
    return uses


def _expand(
    compiled: SQLCompiler, binds: Mapping[str, list[BindParameter[Any]]], dialect: Dialect
) -> tuple[str, list[str], dict[str, Any]]:
    """The text, names and constants, with constant lists (`status.in_((...))`) written out."""
    names: list[str] = []
    constants: dict[str, Any] = {}
    for name in compiled.positiontup or ():
        for key, value in _items(name, binds[name][0], dialect):
            names.append(key)
            if not binds[name][0].required:
                constants[key] = value

    def marks(found: re.Match[str]) -> str:
        return ", ".join("?" for _ in binds[found[1]][0].value or ()) or "SELECT 1 WHERE 1 != 1"

    return _EXPANDED.sub(marks, compiled.string), names, constants


def _items(name: str, bind: BindParameter[Any], dialect: Dialect) -> Iterator[tuple[str, Any]]:
    if bind.expanding and bind.required:
        raise UnsupportedStatement(f"'{name}' is a list of unknown length; write in_list(column, '{name}')")
    rule = _bind_rule([bind], dialect) or (lambda value: value)
    if bind.expanding:
        yield from ((f"{name}_{index}", rule(value)) for index, value in enumerate(bind.value or ()))
    else:
        yield name, None if bind.required else rule(bind.effective_value)


def _bind_rule(uses: list[BindParameter[Any]], dialect: Dialect) -> Rule | None:
    kind: TypeEngine[Any] = uses[0].type
    if isinstance(kind, NullType):
        raise UnsupportedStatement(f"the type of '{uses[0].key}' is unknown; write bindparam(..., type_=...)")
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _picker(names: list[str]) -> Callable[[Mapping[str, Any]], Arguments]:
    match names:
        case []:
            return lambda _: ()
        case [name]:
            return lambda parameters: (parameters[name],)
        case _:
            return itemgetter(*names)


def _read_rules(statement: Statement, dialect: Dialect) -> list[tuple[int, Rule]]:
    rules = (
        (index, column.type.dialect_impl(dialect).result_processor(dialect, None))
        for index, column in enumerate(statement.exported_columns)
    )
    return [(index, rule) for index, rule in rules if rule]


__all__ = ["Arguments", "Compiled", "Rule", "Statement", "UnsupportedStatement"]
