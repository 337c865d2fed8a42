"""SQLAlchemy expressions compiled to SQL text with ordered parameters, once for each dialect.

Each execution then builds only one tuple of arguments, and each row costs one call.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Boolean, CompoundSelect, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType, TypeEngine

from platform_api.database._rows import Arguments, Group, RowReader, as_tuple, compile_bind
from platform_api.database.columns import AnyColumn, Rule
from platform_api.database.errors import WrongParameters

Value = TypeVar("Value")
Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete

_is_plain_text = re.compile(r"[\w .:@/-]{0,64}", re.ASCII).fullmatch


class UnsupportedStatement(TypeError):
    """The expression requires a feature of SQLAlchemy's own execution."""


class PlainConstants(SQLCompiler):
    """Writes the constants of a statement into its text, because a partial index applies only if its condition is visible.

    Only numbers, truth values and short texts of harmless characters are written; all others are bound. A mix-in for the
    statement compiler of each dialect.
    """

    def visit_bindparam(self, bindparam: BindParameter[Any], *places: Any, **options: Any) -> str:
        """Return the constant, or the placeholder of a parameter."""
        if _is_plain(bindparam, self.dialect):
            options["literal_binds"] = True
        text: str = super().visit_bindparam(bindparam, *places, **options)  # type: ignore[no-untyped-call]
        return text


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
        self.text = compiled.string
        self.names = list(compiled.positiontup or ())
        self._expected = [name for name, uses in binds.items() if uses[0].required]
        rules = {name: rule for name in self._expected if (rule := _bind_rule(binds[name], dialect))}
        self._bind = compile_bind(self.names, rules, _bound_constants(self.names, binds, dialect))
        self._read_rules = _read_rules(statement, dialect)

    def arguments(self, parameters: Mapping[str, Any]) -> Arguments:
        """Return the arguments in the order of the text.

        Raises:
            WrongParameters: a parameter is missing or unknown.
        """
        if len(parameters) == len(self._expected):
            try:
                return self._bind(parameters)
            except KeyError:
                if parameters.keys() == set(self._expected):
                    raise
        raise WrongParameters(self.text, self._expected, list(parameters)) from None

    def reader(self, into: Callable[..., Value], group: Group[Any] | None = None) -> "RowReader[Value]":
        """Return the reader that makes values of rows."""
        return RowReader(into, self._read_rules, group)


def _binds(compiled: SQLCompiler) -> dict[str, list[BindParameter[Any]]]:
    """Yield every use of each parameter, those with a known type first."""
    uses: dict[str, list[BindParameter[Any]]] = {}
    for bind, name in compiled.bind_names.items():
        uses.setdefault(name, []).append(bind)
    for several in uses.values():
        several.sort(key=lambda bind: isinstance(bind.type, NullType))
    return uses


def _is_plain(bind: BindParameter[Any], dialect: Dialect) -> bool:
    if bind.required or bind.callable is not None or bind.value is None:
        return False
    if isinstance(bind.type, NullType):
        return False
    if not isinstance(bind.type, Boolean) and bind.type.dialect_impl(dialect).bind_processor(dialect):
        return False
    values = bind.value if bind.expanding else [bind.value]
    return all(isinstance(value, int) or (isinstance(value, str) and _is_plain_text(value)) for value in values)


def _bound_constants(
    names: Sequence[str], binds: Mapping[str, list[BindParameter[Any]]], dialect: Dialect
) -> dict[str, Any]:
    """Return the values that the statement contains, in bound form."""
    constants: dict[str, Any] = {}
    for name in names:
        bind = binds[name][0]
        if bind.expanding:
            raise UnsupportedStatement(f"'{name}' is a list that is not plain or not constant; use in_list")
        if not bind.required:
            rule = _bind_rule([bind], dialect)
            constants[name] = rule(bind.effective_value) if rule else bind.effective_value
    return constants


def _bind_rule(uses: list[BindParameter[Any]], dialect: Dialect) -> Rule | None:
    kind: TypeEngine[Any] = AnyColumn() if isinstance(uses[0].type, NullType) else uses[0].type
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _read_rules(statement: Statement, dialect: Dialect) -> dict[int, Rule]:
    rules = (
        (index, column.type.dialect_impl(dialect).result_processor(dialect, None))
        for index, column in enumerate(statement.exported_columns)
    )
    return {index: rule for index, rule in rules if rule}


__all__ = [
    "Arguments",
    "Compiled",
    "Group",
    "PlainConstants",
    "RowReader",
    "Rule",
    "Statement",
    "UnsupportedStatement",
    "as_tuple",
]
