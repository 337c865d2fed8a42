"""Text writers as generated source: one function for each message type, compiled once.

In Python, writing text costs mostly the calls, one for each member. The text formats (XML, JSV, CSV) therefore describe
the members of a type as `Part`s and get one function that writes them all in two or three expressions. It takes half
the time of a closure for each member; `python -m benchmarks writers` measures it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

Write = Callable[[Any], str]
"""Converts a value to its text."""


@dataclass(frozen=True)
class Part:
    """The form of one member in the text of a message.

    Attributes:
        attribute: the attribute of the value.
        before: text before the value.
        after: text after the value.
        write: makes the text of the value; None if `str` is enough (Guids, integers).
        null: replaces the whole part if the value is None; None if the value is never None.
        empty: replaces the whole part if the value's text is empty; None if it never is.
    """

    attribute: str
    before: str
    after: str
    write: Write | None = None
    null: str | None = None
    empty: str | None = None


@dataclass(frozen=True)
class Shortcut:
    """A test for strings that need no conversion, so that their writer is not called.

    Attributes:
        write: the writer for all other strings.
        test: a Python expression of `value`, true if the string can be written unchanged.
        names: other names that the expression uses.
    """

    write: Write
    test: str
    names: Mapping[str, Any]


def compile_writer(
    name: str, parts: Sequence[Part], shortcut: Shortcut | None = None, *, start: str = "", end: str = ""
) -> Write:
    """The function that writes `start`, the parts of a message, then `end`; `name` appears in tracebacks."""
    source = _Source(shortcut)
    for number, part in enumerate(parts):
        source.add(part, number)
    text = f"def write(message):\n{source.steps}    return {start!r} {source.pieces} {end!r}\n"
    exec(compile(text, f"<writer of {name}>", "exec"), source.scope)  # noqa: S102 - made of contract names
    return cast("Write", source.scope["write"])


class _Source:
    """The source of one writer, built part by part.

    Python joins adjacent literals when it compiles them, so constant text costs nothing.
    """

    def __init__(self, shortcut: Shortcut | None) -> None:
        self._shortcut = shortcut
        self.steps = ""
        self.pieces = ""
        self.scope: dict[str, Any] = dict(shortcut.names) if shortcut else {}

    def add(self, part: Part, number: int) -> None:
        """Add the code of a part. A part with a condition is computed in a statement of its own."""
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
