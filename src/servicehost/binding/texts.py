"""Members of a message from texts: what path, query and form carry."""

from collections.abc import Mapping, Sequence
from typing import Any

from servicehost.binding.pairs import Pairs
from servicehost.contract.errors import FieldError
from servicehost.contract.scalars import EMPTY_GUID
from servicehost.contract.types import MemberModel, MessageModel
from servicehost.formats.text import UnreadableText, compile_text_reader


class TextMember:
    """One member and how its texts are read."""

    __slots__ = ("_read", "attribute", "name")

    def __init__(self, member: MemberModel) -> None:
        self.attribute = member.attribute
        self.name = member.name
        self._read = compile_text_reader(member.type)

    def read(self, text: str) -> Any:
        """The value that `text` writes; None for one that stands for an absent value.

        Raises:
            UnreadableText: it writes none.
        """
        value = self._read(text)
        return None if value == EMPTY_GUID else value

    def read_into(self, values: dict[str, Any], text: str, problems: list[FieldError]) -> None:
        """Put the value that `text` writes under the member's attribute, or say in `problems` why not."""
        try:
            value = self.read(text)
        except UnreadableText as error:
            problems.extend(error.errors(self.name))
        else:
            if value is not None:
                values[self.attribute] = value


class TextMembers:
    """All members of a message by name in any casing, read from pairs. Names that it does not know are ignored."""

    def __init__(self, model: MessageModel) -> None:
        self._by_name: Mapping[str, TextMember] = {
            name: TextMember(member) for name, member in model.by_lower_name.items()
        }

    def find(self, name: str) -> TextMember | None:
        """The member that `name` names, in any casing."""
        return self._by_name.get(name.lower())

    def read(self, pairs: Pairs, problems: list[FieldError]) -> dict[str, Any]:
        """The members that the pairs give, by attribute; what cannot be read is added to `problems`.

        A name given several times has its texts joined by commas, as lists are written.
        """
        texts: dict[str, str] = {}
        for name, text in pairs:
            if name in self._by_name:
                texts[name] = f"{texts[name]},{text}" if name in texts else text
        values: dict[str, Any] = {}
        for name, text in texts.items():
            self._by_name[name].read_into(values, text, problems)
        return values


def read_all(
    members: Sequence[TextMember | None], texts: Sequence[str | None], problems: list[FieldError]
) -> dict[str, Any]:
    """The values of members whose texts stand in the same order; no member or no text gives nothing."""
    values: dict[str, Any] = {}
    for member, text in zip(members, texts, strict=True):
        if member is not None and text is not None:
            member.read_into(values, text, problems)
    return values


__all__ = ["TextMember", "TextMembers", "read_all"]
