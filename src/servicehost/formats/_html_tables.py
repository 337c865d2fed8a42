"""HTML tables of messages for people: the columns in which rows differ, limited to the width of a screen.

| members | shown |
|---|---|
| empty in every row | not at all |
| equal in all of several rows | once, above the table |
| the first `MOST_COLUMNS` others, Guids excepted | in a column each |
| the rest | in the last cell of each row, which expands to all of them |
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from servicehost.contract.scalars import EMPTY_GUID

Show = Callable[[Any], str]
"""Converts a value other than null to HTML."""

NOTHING: Final = '<p class="quiet">Nothing.</p>'
MOST_COLUMNS: Final = 6
"""The number of columns that fit in a window of 1,280 pixels."""

_EMPTY: Final[tuple[object, ...]] = ("", b"", [], {}, EMPTY_GUID)


def is_empty(value: object) -> bool:
    """Whether there is nothing to show. 0 and `false` are not empty."""
    return value is None or value in _EMPTY


def counted(one: str, many: str = "") -> Show:
    """A summary of a collection: the number of items and their noun in singular or plural."""
    return lambda values: f"{len(values):,} {one if len(values) == 1 else many or one + 's'}"


@dataclass(frozen=True)
class Column:
    """A column for one member of the messages in a table.

    Attributes:
        attribute: the attribute of a row that holds the value.
        heading: the name in words.
        name: the exact name.
        show: converts a value to HTML.
        is_id: whether it is a Guid, which is not shown in a column.
    """

    attribute: str
    heading: str
    name: str
    show: Show
    is_id: bool

    @property
    def head(self) -> str:
        """The cell in the table head."""
        return f'<th scope="col" title="{escape(self.name)}">{escape(self.heading)}</th>'

    def is_used(self, rows: Sequence[Any]) -> bool:
        """Whether any row has a value to show."""
        return any(not is_empty(getattr(row, self.attribute)) for row in rows)

    def is_same(self, rows: Sequence[Any]) -> bool:
        """Whether all rows have the same value."""
        first = getattr(rows[0], self.attribute)
        return all(getattr(row, self.attribute) == first for row in rows)

    def cell(self, row: Any) -> str:
        """The cell in a row."""
        value = getattr(row, self.attribute)
        return "<td></td>" if is_empty(value) else f'<td data-name="{escape(self.heading)}">{self.show(value)}</td>'

    def definition(self, row: Any) -> str:
        """The entry in a definition list; empty if the row has no value to show."""
        value = getattr(row, self.attribute)
        if is_empty(value):
            return ""
        return f'<div><dt title="{escape(self.name)}">{escape(self.heading)}</dt><dd>{self.show(value)}</dd></div>'


def table(columns: Sequence[Column], rows: Sequence[Any]) -> str:
    """The table of these rows; empty if there is nothing to show."""
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
