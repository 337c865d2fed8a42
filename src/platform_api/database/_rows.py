"""Between values and rows: what is left of a statement for each execution and each row.

One transaction runs many small statements, and a loop over the parameters of each cost more than SQLite itself. So every
statement gets one function that binds its parameters, and one that reads a row, made from Python source once.
"""

import keyword
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import starmap
from typing import Any, Generic, TypeVar, cast

from platform_api.database.columns import OrNone, Rule

Value = TypeVar("Value")
Arguments = tuple[Any, ...]
Bind = Callable[..., Arguments]
"""Parameters by name -> the arguments in the order of the text."""


class UnusableName(ValueError):
    """A parameter has a name that is none in Python."""


def compile_bind(
    parameters: Sequence[str], order: Sequence[str], rules: Mapping[str, Rule], constants: Mapping[str, Any]
) -> Bind:
    """The function that takes `parameters` and gives the arguments of a statement.

    Args:
        parameters: the names that it takes, all of them and no others.
        order: the names of parameters and constants in the order of the text.
        rules: how the parameters that need it are bound.
        constants: what the statement itself gives.

    Raises:
        UnusableName: a parameter has a name that is none in Python.
    """
    scope: dict[str, Any] = {}
    terms = {name: name for name in parameters}
    for number, (name, value) in enumerate(constants.items()):
        scope[f"_constant{number}"] = value
        terms[name] = f"_constant{number}"
    for name in parameters:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise UnusableName(f"a parameter cannot be called '{name}'")
    steps = "".join(f"    {name} = {_applied(rule, name, scope)}\n" for name, rule in rules.items())
    takes = f"*, {', '.join(parameters)}" if parameters else ""
    return cast(
        "Bind", _made(f"def bind({takes}):\n{steps}    return ({_listed(terms[name] for name in order)})\n", scope)
    )


def as_tuple(*columns: Any) -> Arguments:
    """A row as it comes, only with its columns read. Given as what rows become, it costs no call for each of them."""
    return columns


class RowReader(Generic[Value]):
    """Makes values of rows.

    Args:
        into: called with the columns of a row.
        rules: how the columns that need it are read, by their index.
        width: how many columns there are.

    Attributes:
        one: row -> value.
    """

    __slots__ = ("_into", "_rules", "one")

    def __init__(self, into: Callable[..., Value], rules: Mapping[int, Rule], width: int) -> None:
        self._into = into
        self._rules = rules
        self.one = _compile_read(into, rules, width)

    def all(self, rows: list[Arguments]) -> list[Value]:
        """The values of many rows; they are read column by column, in a third of the time."""
        if not self._rules or not rows:
            unread: Any = rows if self._into is as_tuple else starmap(self._into, rows)
            return list(unread)
        kept = list(zip(*rows, strict=True))
        columns: list[Iterable[Any]] = list(kept)
        for index, rule in self._rules.items():
            columns[index] = rule.each(kept[index]) if isinstance(rule, OrNone) else map(rule, kept[index])
        made: Any = zip(*columns, strict=True) if self._into is as_tuple else map(self._into, *columns)
        return list(made)


def _compile_read(into: Callable[..., Value], rules: Mapping[int, Rule], width: int) -> Callable[[Arguments], Value]:
    scope: dict[str, Any] = {"_into": into}
    names = [f"column{index}" for index in range(width)]
    read = [
        _applied(rules[index], name, scope, str(index)) if index in rules else name for index, name in enumerate(names)
    ]
    text = f"def read(row):\n    ({_listed(names)}) = row\n    return _into({_listed(read)})\n"
    return cast("Callable[[Arguments], Value]", _made(text, scope))


def _applied(rule: Rule, name: str, scope: dict[str, Any], suffix: str | None = None) -> str:
    """The expression of what a rule makes of the variable `name`."""
    called = f"_rule_{suffix or name}"
    scope[called] = rule.rule if isinstance(rule, OrNone) else rule
    applied = f"{called}({name})"
    return f"None if {name} is None else {applied}" if isinstance(rule, OrNone) else applied


def _listed(terms: Iterable[str]) -> str:
    return "".join(f"{term}, " for term in terms)


def _made(text: str, scope: dict[str, Any]) -> Any:
    """The function that the source defines."""
    exec(compile(text, "<statement>", "exec"), scope)  # noqa: S102 - of names of columns and parameters
    return scope[text.partition("(")[0].removeprefix("def ")]


__all__ = ["Arguments", "Bind", "RowReader", "UnusableName", "as_tuple", "compile_bind"]
