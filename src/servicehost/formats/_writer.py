"""One function for each message type that writes it as text, made from Python source when the type is compiled.

A call for each member is what writing text costs in Python. The text formats (XML, JSV, CSV) therefore describe the
members of a type as `Part`s, and get one function that has them all in two or three expressions. It takes half the time
of a closure for each member, which `python -m benchmarks writers` measures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

Write = Callable[[Any], str]
"""A value -> its text."""


@dataclass(frozen=True)
class Part:
    """How one member of a message is written.

    Attributes:
        attribute: the attribute that holds the value.
        before: what stands before the text of the value.
        after: what stands behind it.
        write: makes the text; None for values whose plain text needs no care (Guids, integers).
        null: what stands for the whole part when the value is None; None when it never is.
        empty: what stands for the whole part when the text of the value would be empty; None when it never is.
    """

    attribute: str
    before: str
    after: str
    write: Write | None = None
    null: str | None = None
    empty: str | None = None


@dataclass(frozen=True)
class Shortcut:
    """When the writer of a string need not be called: most strings are fine as they are.

    Attributes:
        write: the writer.
        test: a Python expression of `value` that is true when `value` is its own text.
        names: what the expression uses beside.
    """

    write: Write
    test: str
    names: Mapping[str, Any]


def compile_writer(
    name: str, parts: Sequence[Part], shortcut: Shortcut | None = None, *, start: str = "", end: str = ""
) -> Write:
    """The function that writes `start`, then the parts of a message, then `end`; `name` is for tracebacks."""
    source = _Source(shortcut)
    for number, part in enumerate(parts):
        source.add(part, number)
    text = f"def write(message):\n{source.steps}    return {start!r} {source.pieces} {end!r}\n"
    exec(compile(text, f"<writer of {name}>", "exec"), source.scope)  # noqa: S102 - of names and constants of the contract
    return cast("Write", source.scope["write"])


class _Source:
    """The source of one writer, as it grows part by part.

    Adjacent literals are joined by Python when it compiles them, so that constants cost nothing.
    """

    def __init__(self, shortcut: Shortcut | None) -> None:
        self._shortcut = shortcut
        self.steps = ""
        self.pieces = ""
        self.scope: dict[str, Any] = dict(shortcut.names) if shortcut else {}

    def add(self, part: Part, number: int) -> None:
        """Write this part too. A part with a choice is computed in a step of its own."""
        self.scope[f"write{number}"] = part.write
        if part.null is None and part.empty is None and not self._may_be_short(part):
            self.pieces += f" {self._text(part, number, f'message.{part.attribute}')}"
            return
        self.steps += f"    value = message.{part.attribute}\n    part{number} = {self._choice(part, number)}\n"
        self.pieces += f" f'{{part{number}}}'"

    def _may_be_short(self, part: Part) -> bool:
        return self._shortcut is not None and part.write is self._shortcut.write

    def _choice(self, part: Part, number: int) -> str:
        text = self._text(part, number, "value")
        if part.empty is not None:
            text = f"({text} if value else {part.empty!r})"
        return text if part.null is None else f"{part.null!r} if value is None else {text}"

    def _text(self, part: Part, number: int, value: str) -> str:
        computed = f"write{number}({value})" if part.write else value
        if self._shortcut and self._may_be_short(part):
            computed = f"value if {self._shortcut.test} else {computed}"
        return f"{part.before!r} f'{{{computed}}}' {part.after!r}"


__all__ = ["Part", "Shortcut", "Write", "compile_writer"]
