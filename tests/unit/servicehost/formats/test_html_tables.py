"""Tests of HTML tables: columns, values above the table, and the last cell of each row."""

from dataclasses import dataclass
from html import escape

import pytest

from servicehost.contract.scalars import EMPTY_GUID
from servicehost.formats._html_tables import MOST_COLUMNS, Column, counted, is_empty, table

HEAD = '<th scope="col" title="{0}">{0}</th>'
CELL = '<td data-name="{}">{}</td>'
DEFINITION = '<div><dt title="{0}">{0}</dt><dd>{1}</dd></div>'


@dataclass
class Row:
    """A row of a table."""

    name: str | None = None
    place: str | None = None
    id: str | None = None


def column(name: str, *, is_id: bool = False) -> Column:
    """The column of an attribute."""
    return Column(name, name, name, escape, is_id)


NAME, PLACE, ID = column("name"), column("place"), column("id", is_id=True)


def expected_table(head: str, *rows: str) -> str:
    """A table as it is written."""
    caption = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table class="records">'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def more(*entries: str) -> str:
    """The last cell of a row."""
    return f'<td data-name="More"><details><summary>More</summary><dl>{"".join(entries)}</dl></details></td>'


def test_columns_that_differ() -> None:
    """A member that differs between rows has a column; a Guid is in the last cell instead."""
    rows = [Row("Sun", "Sky", "1"), Row("Moon", None, "2")]
    head = HEAD.format("name") + HEAD.format("place") + '<th scope="col">More</th>'

    assert table([ID, NAME, PLACE], rows) == expected_table(
        head,
        CELL.format("name", "Sun") + CELL.format("place", "Sky") + more(DEFINITION.format("id", "1")),
        CELL.format("name", "Moon") + "<td></td>" + more(DEFINITION.format("id", "2")),
    )


def test_what_is_the_same_in_every_row() -> None:
    """A value that is the same in every row is shown once above the table."""
    rows = [Row("Sun", "Sky", "1"), Row("Moon", "Sky", "1")]
    same = DEFINITION.format("place", "Sky") + DEFINITION.format("id", "1")

    assert table([NAME, PLACE, ID], rows) == (
        f"<details><summary>The same in every row</summary><dl>{same}</dl></details>"
        + expected_table(HEAD.format("name"), CELL.format("name", "Sun"), CELL.format("name", "Moon"))
    )


def test_one_row() -> None:
    """A table of a single row shows nothing above it."""
    head = HEAD.format("name") + '<th scope="col">More</th>'

    assert table([NAME, ID], [Row("Sun", None, "1")]) == expected_table(
        head, CELL.format("name", "Sun") + more(DEFINITION.format("id", "1"))
    )


def test_rows_that_are_all_the_same() -> None:
    """Equal rows keep their columns."""
    rows = [Row("Sun"), Row("Sun")]

    assert table([NAME], rows) == expected_table(HEAD.format("name"), *[CELL.format("name", "Sun")] * 2)


def test_rows_of_ids_alone() -> None:
    """If rows differ only in Guids, these have columns."""
    rows = [Row(id="1"), Row(id="2")]

    assert table([ID], rows) == expected_table(HEAD.format("id"), CELL.format("id", "1"), CELL.format("id", "2"))


def test_a_row_without_more() -> None:
    """The last cell of a row without further values is empty."""
    rows = [Row("Sun", None, "1"), Row("Moon", None, EMPTY_GUID)]

    assert table([NAME, ID], rows).endswith(f"{CELL.format('name', 'Moon')}<td></td></tr></tbody></table></div>")


def test_more_members_than_fit() -> None:
    """The first members that fit have columns, in order; the others are in the last cell."""
    names = [f"m{number}" for number in range(MOST_COLUMNS + 2)]
    row_class = type("Wide", (), {})
    rows = []
    for start in ("a", "b"):
        row = row_class()
        for name in names:
            setattr(row, name, start + name)
        rows.append(row)

    html = table([column(name) for name in names], rows)

    assert [name for name in names if HEAD.format(name) in html] == names[:MOST_COLUMNS]
    assert more(*[DEFINITION.format(name, f"a{name}") for name in names[MOST_COLUMNS:]]) in html


def test_nothing() -> None:
    """There is no table without rows or without values."""
    assert table([NAME], []) == ""
    assert table([NAME], [Row(), Row()]) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, True), ("", True), ([], True), ({}, True), (EMPTY_GUID, True), (0, False), (False, False), ("0", False)],
)
def test_is_empty(value: object, expected: bool) -> None:
    """Null, empty texts and empty Guids are empty; 0 and false are not."""
    assert expected is is_empty(value)


def test_counted() -> None:
    """A summary has the noun in singular or plural."""
    assert ["1 row", "0 rows", "2 entries"] == [
        counted("row")([1]),
        counted("row")([]),
        counted("entry", "entries")([1, 2]),
    ]
