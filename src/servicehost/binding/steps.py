"""Names with steps, which clients send for parts of a member: `ids[]`, `ids[0]`, `meta[Key]`, `phone.number`.

The parts of one member are combined into one raw tree, according to the member's type:

| type | steps |
|---|---|
| list | `[]` appends an item; `[0]`, `[1]`... give its position, and gaps are allowed |
| dictionary | `[Key]` |
| message | `[Member]` or `.Member` in any casing |
| any other type | not allowed |

The text of each final part is read in the form of its type (`servicehost.formats.text`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from servicehost.contract.types import ListOf, MapOf, Ref, TypeNode, without_null
from servicehost.formats.lenient import MAX_DEPTH
from servicehost.formats.problems import MAX_SHOWN, Problem
from servicehost.formats.text import UnreadableText, tree_parser

Part = tuple[Sequence[str], str]
"""The steps to a part, and its text."""

APPENDED: Final = ""
"""The step `[]`, which appends an item."""

_name = re.compile(r"([^.\[]+)((?:\.[^.\[\]]+|\[[^\[\]]*\])+)").fullmatch
_each_step = re.compile(r"\.([^.\[\]]+)|\[([^\[\]]*)\]").finditer
_head = re.compile(r"[^.\[]+").match
_number = re.compile(r"[0-9]{1,9}").fullmatch
"""Matches the position of an item. Gaps between positions are not stored, so a large position costs nothing."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """A name with steps: the lower-case name of the member, and the steps; None if the steps are malformed."""

    member: str
    steps: tuple[str, ...] | None


def read_steps(name: str) -> Stepped | None:
    """The steps of a name; None for a name without steps."""
    head = _head(name)
    if head is None or head.end() == len(name):
        return None
    found = _name(name)
    each = islice(_each_step(found[2]), MAX_DEPTH + 1) if found else ()
    steps = tuple(step[1] or step[2] or APPENDED for step in each)
    return Stepped(head[0].lower(), steps if steps and len(steps) <= MAX_DEPTH else None)


def grow(node: TypeNode, parts: Sequence[Part]) -> Any:
    """The raw tree of the parts of a value of one type.

    Raises:
        UnreadableText: a step does not match the type, or parts contradict each other; the error names the part.
    """
    whole = [text for steps, text in parts if not steps]
    if len(whole) == len(parts):
        return tree_parser(node)(whole[-1])
    if whole:
        raise _unreadable(whole[0], "expected the whole value or its parts, not both")
    match without_null(node):
        case ListOf(item):
            return _items(item, parts)
        case MapOf(value=value):
            return {step: _below(step, value, each) for step, each in _by_step(parts)}
        case Ref(model):
            return {
                step: _below(step, member.type, each)
                for step, each in _by_step(parts)
                if (member := model.by_lower_name.get(step.lower())) is not None
            }
        case _:
            raise _nowhere(parts[0])


def _items(item: TypeNode, parts: Sequence[Part]) -> list[Any]:
    placed: dict[int, list[Part]] = {}
    appended = []
    for steps, text in parts:
        if steps[0] == APPENDED:
            appended.append(_below("[]", item, [(steps[1:], text)]))
        elif _number(steps[0]):
            placed.setdefault(int(steps[0]), []).append((steps[1:], text))
        else:
            raise _nowhere((steps, text))
    return [_below(f"[{number}]", item, placed[number]) for number in sorted(placed)] + appended


def _by_step(parts: Sequence[Part]) -> Iterable[tuple[str, list[Part]]]:
    grouped: dict[str, list[Part]] = {}
    for steps, text in parts:
        grouped.setdefault(steps[0], []).append((steps[1:], text))
    return grouped.items()


def _below(step: str, node: TypeNode, parts: Sequence[Part]) -> Any:
    try:
        return grow(node, parts)
    except UnreadableText as error:
        shown = step if step.startswith("[") else f"[{step[:MAX_SHOWN]}]"
        raise UnreadableText([problem.under(shown) for problem in error.problems]) from None


def _nowhere(part: Part) -> UnreadableText:
    steps, text = part
    return _unreadable(text, f"no part '[{steps[0][:MAX_SHOWN]}]' is expected here")


def _unreadable(text: str, expected: str) -> UnreadableText:
    return UnreadableText([Problem(text[:MAX_SHOWN], expected)])


__all__ = ["APPENDED", "Part", "Stepped", "grow", "read_steps"]
