"""Reads members of a message from texts in path, query and form."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from servicehost.binding.pairs import Pairs
from servicehost.binding.steps import Part, grow, read_steps
from servicehost.contract.errors import FieldError
from servicehost.contract.scalars import EMPTY_GUID
from servicehost.contract.types import MemberModel, MessageModel
from servicehost.formats.problems import MAX_SHOWN, Problem
from servicehost.formats.text import UnreadableText, compile_text_reader, compile_tree_reader


class TextMember:
    """One member and the reader of its texts."""

    __slots__ = ("_read", "_read_tree", "_type", "attribute", "name")

    def __init__(self, member: MemberModel) -> None:
        self.attribute = member.attribute
        self.name = member.name
        self._type = member.type
        self._read = compile_text_reader(member.type, member.bounds)
        self._read_tree = compile_tree_reader(member.type, member.bounds)

    def read(self, text: str) -> Any:
        """The value of a text; None for a text that stands for an absent value.

        Raises:
            UnreadableText: the text is not a value of the member's type.
        """
        value = self._read(text)
        return None if value == EMPTY_GUID else value

    def read_into(self, values: dict[str, Any], text: str, problems: list[FieldError]) -> None:
        """Store the value of the text under the member's attribute, or add an error to `problems`."""
        self._put(values, lambda: self.read(text), problems)

    def read_parts_into(self, values: dict[str, Any], parts: Sequence[Part], problems: list[FieldError]) -> None:
        """Store the value of the combined parts under the member's attribute, or add an error to `problems`."""
        self._put(values, lambda: self._read_tree(grow(self._type, parts)), problems)

    def _put(self, values: dict[str, Any], read: Callable[[], Any], problems: list[FieldError]) -> None:
        try:
            value = read()
        except UnreadableText as error:
            problems.extend(error.errors(self.name))
        else:
            if value is not None:
                values[self.attribute] = value


class TextMembers:
    """All members of a message, found by name in any casing and read from pairs. Unknown names are ignored."""

    def __init__(self, model: MessageModel) -> None:
        self._by_name: Mapping[str, TextMember] = {
            name: TextMember(member) for name, member in model.by_lower_name.items()
        }

    def find(self, name: str) -> TextMember | None:
        """The member with this name, in any casing."""
        return self._by_name.get(name.lower())

    def read(self, pairs: Pairs, problems: list[FieldError]) -> dict[str, Any]:
        """The members given in the pairs, by attribute; errors are added to `problems`.

        The texts of a repeated name are joined by commas, as in lists.
        """
        texts: dict[str, list[str]] = {}
        parts: dict[str, list[Part]] = {}
        for name, text in pairs:
            if name in self._by_name:
                texts.setdefault(name, []).append(text)
            elif (stepped := read_steps(name)) is not None and stepped.member in self._by_name:
                if stepped.steps is None:
                    problems.append(_unreadable_name(name, text))
                else:
                    parts.setdefault(stepped.member, []).append((stepped.steps, text))
        values: dict[str, Any] = {}
        for name, given in texts.items():
            text = ",".join(given)
            if name in parts:
                parts[name].append(((), text))
            else:
                self._by_name[name].read_into(values, text, problems)
        for name, stepped_parts in parts.items():
            self._by_name[name].read_parts_into(values, stepped_parts, problems)
        return values


def _unreadable_name(name: str, text: str) -> FieldError:
    expected = "the steps of its name cannot be read, write them as Name[Key], Name[0] or Name[]"
    return Problem(text[:MAX_SHOWN], expected, (name[:MAX_SHOWN],)).error


def read_all(
    members: Sequence[TextMember | None], texts: Sequence[str | None], problems: list[FieldError]
) -> dict[str, Any]:
    """The values of members from their texts, which are in the same order. Pairs with None are skipped."""
    values: dict[str, Any] = {}
    for member, text in zip(members, texts, strict=True):
        if member is not None and text is not None:
            member.read_into(values, text, problems)
    return values


__all__ = ["TextMember", "TextMembers", "read_all"]
