"""Tables of messages for people: what differs between rows, in columns that fit a screen.

| members | stand |
|---|---|
| that hold nothing in any row | nowhere |
| that hold the same in every row of several | once, above the table |
| the first `MOST_COLUMNS` others that are no Guids | in a column each |
| the rest | in the row's last cell, which opens to all of them |
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from servicehost.contract.scalars import EMPTY_GUID

Show = Callable[[Any], str]
"""A value that is not null -> HTML."""

NOTHING: Final = '<p class="quiet">Nothing.</p>'
MOST_COLUMNS: Final = 6
"""As many columns as a window of 1,280 pixels shows whole."""

_EMPTY: Final[tuple[object, ...]] = ("", b"", [], {}, EMPTY_GUID)


def is_empty(value: object) -> bool:
    """Whether there is nothing to show: unlike 0 and `false`, which are something."""
    return value is None or value in _EMPTY


def counted(one: str, many: str = "") -> Show:
    """The summary of a collection: the number of its items, and their noun in singular or plural."""
    return lambda values: f"{len(values):,} {one if len(values) == 1 else many or one + 's'}"


@dataclass(frozen=True)
class Column:
    """One member of the messages of a table.

    Attributes:
        attribute: where rows have its value.
        heading: the words for people.
        name: the exact name.
        show: the HTML of a value.
        is_id: it is a Guid, which people do not read.
    """

    attribute: str
    heading: str
    name: str
    show: Show
    is_id: bool

    @property
    def head(self) -> str:
        """Its cell in the head of the table."""
        return f'<th scope="col" title="{escape(self.name)}">{escape(self.heading)}</th>'

    def is_used(self, rows: Sequence[Any]) -> bool:
        """Whether any row has something there."""
        return any(not is_empty(getattr(row, self.attribute)) for row in rows)

    def is_same(self, rows: Sequence[Any]) -> bool:
        """Whether all rows have the same there."""
        first = getattr(rows[0], self.attribute)
        return all(getattr(row, self.attribute) == first for row in rows)

    def cell(self, row: Any) -> str:
        """Its cell in a row."""
        value = getattr(row, self.attribute)
        return "<td></td>" if is_empty(value) else f'<td data-name="{escape(self.heading)}">{self.show(value)}</td>'

    def definition(self, row: Any) -> str:
        """Its entry in a definition list; nothing when the row has nothing there."""
        value = getattr(row, self.attribute)
        if is_empty(value):
            return ""
        return f'<div><dt title="{escape(self.name)}">{escape(self.heading)}</dt><dd>{self.show(value)}</dd></div>'


def table(columns: Sequence[Column], rows: Sequence[Any]) -> str:
    """The table of these rows; empty when there is nothing to show."""
    used = [column for column in columns if column.is_used(rows)]
    if not used:
        return ""
    same = [column for column in used if column.is_same(rows)] if len(rows) > 1 else []
    differing = [column for column in used if column not in same] or used
    shown = [column for column in differing if not column.is_id][:MOST_COLUMNS] or differing[:MOST_COLUMNS]
    more = [column for column in differing if column not in shown]
    repeated = same if differing is not used else []
    return _repeated(repeated, rows) + _whole(shown, more, rows)


def _repeated(columns: Sequence[Column], rows: Sequence[Any]) -> str:
    if not columns:
        return ""
    entries = "".join([column.definition(rows[0]) for column in columns])
    return f"<details><summary>The same in every row</summary><dl>{entries}</dl></details>"


def _whole(shown: Sequence[Column], more: Sequence[Column], rows: Sequence[Any]) -> str:
    caption = counted("row")(rows)
    head = "".join([column.head for column in shown]) + ('<th scope="col">More</th>' if more else "")
    body = "".join([f"<tr>{_row(shown, more, row)}</tr>" for row in rows])
    return (
        f'<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table class="records">'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(shown: Sequence[Column], more: Sequence[Column], row: Any) -> str:
    cells = "".join([column.cell(row) for column in shown])
    entries = "".join([column.definition(row) for column in more])
    if not more:
        return cells
    if not entries:
        return f"{cells}<td></td>"
    return f'{cells}<td data-name="More"><details><summary>More</summary><dl>{entries}</dl></details></td>'


__all__ = ["MOST_COLUMNS", "NOTHING", "Column", "Show", "counted", "is_empty", "table"]
