"""Rows of a message in CSV and JSON lines: its first list of messages, otherwise the message itself as one row."""

from collections.abc import Iterable
from dataclasses import dataclass

from servicehost.contract.status import ResponseError, ResponseStatus
from servicehost.contract.types import ListOf, MemberModel, MessageModel, Ref


@dataclass(frozen=True)
class Rows:
    """The rows of a message.

    Attributes:
        model: the message that has the rows.
        member: the list member that holds them.
        item: the message type of a row.
    """

    model: MessageModel
    member: MemberModel
    item: MessageModel

    def names_message(self, names: Iterable[str], *, undecided: bool) -> bool:
        """Whether names of columns, in any casing, belong to the message itself rather than to its rows.

        `undecided` is the result if all names fit both, or if neither fits.
        """
        lower = [name.lower() for name in names]
        own, row = self.model.by_lower_name, self.item.by_lower_name
        if any(name in own and name not in row for name in lower):
            return True
        return undecided and not any(name in row and name not in own for name in lower)


def rows_of(model: MessageModel) -> Rows | None:
    """The rows of a message; None if the message itself is one row. Errors are not rows."""
    if issubclass(model.python, ResponseStatus):
        return None
    for member in model.members:
        match member.core:
            case ListOf(Ref(item)) if not issubclass(item.python, ResponseError):
                return Rows(model, member, item)
    return None


def status_attribute(model: MessageModel) -> str | None:
    """The attribute that holds the error status; None if the message has none."""
    for member in model.members:
        match member.core:
            case Ref(inner) if issubclass(inner.python, ResponseStatus):
                return member.attribute
    return None


__all__ = ["Rows", "rows_of", "status_attribute"]
