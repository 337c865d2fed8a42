"""Tests of CSV."""

from typing import Any

import pytest
from hypothesis import given
from tests.support.tracks import (
    AT,
    KEY,
    TEXTS,
    Derived,
    Done,
    Grade,
    Item,
    Nothing,
    Order,
    Plain,
    Track,
    Tracks,
    decoded,
    encoded,
    read,
    track,
)

from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.contract.messages import Message
from servicehost.contract.status import ErrorResponse, ResponseError, ResponseStatus
from servicehost.formats.csv import FORMAT, guard, unguard

HEADER = "Id,Name,Key,At,Len,Ok,Tags,Meta,Kind,Price,Note\r\n"
ROW = (
    '1,"A ""b""",01234567-89ab-cdef-0123-456789abcdef,2023-11-14T22:13:20Z,PT1H30M,True,'
    '"[""a,b"",c]","{k:v}",Rock,1.50,\r\n'
)


class Saved(Message):
    """A response with a list of errors, which are not rows."""

    errors: list[ResponseError] | None = None
    contact_id: str | None = None
    response_status: ResponseStatus | None = None


def test_worked_example() -> None:
    """A message is a header and a row; lists and dictionaries are JSV in a cell."""
    assert HEADER + ROW == encoded(FORMAT, track()).decode()


def test_rows() -> None:
    """If a response has a list of messages, only that list is written."""
    assert HEADER + ROW * 2 == encoded(FORMAT, Tracks(total=2, results=[track(), track()])).decode()


@pytest.mark.parametrize("results", [None, []])
def test_no_rows(results: list[Track] | None) -> None:
    """An empty list is a header alone."""
    assert HEADER == encoded(FORMAT, Tracks(results=results)).decode()


def test_empty_success() -> None:
    """An empty success is a header and an empty row."""
    assert b"ResponseStatus\r\n\r\n" == encoded(FORMAT, Done())


@pytest.mark.parametrize("message", [ErrorResponse, Done, Tracks, Saved])
def test_error(message: Any) -> None:
    """An error is a header and one row with the status, without the other members of the response."""
    status = ResponseStatus(error_code="NotFound", message="No, none")
    body = encoded(FORMAT, message(response_status=status))
    assert b'ResponseStatus\r\n"{ErrorCode:NotFound,Message:""No, none""}"\r\n' == body
    assert status == decoded(FORMAT, body, message).response_status


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (Nothing, Nothing(), "\r\n\r\n"),
        (Derived, Derived(charlie=""), 'Delta,Charlie,Beta,Alpha\r\n0,"",0,\r\n'),
        (Saved, Saved(errors=[ResponseError(message="a")]), 'Errors,ContactId,ResponseStatus\r\n"[{Message:a}]",,\r\n'),
        (list[Item], [Item(grade=Grade.GOOD)], 'Name,Grade,Size,Weight,Data,Items\r\n,GOOD,0,0.0,"",\r\n'),
        (list[str], ["a", "b,c"], 'a,"b,c"\r\n'),
        (list[int | None], [1, None], "1,\r\n"),
        (dict[str, int], {"a": 1}, '"{a:1}"\r\n'),
        (str | None, None, "\r\n"),
    ],
)
def test_written(annotation: Any, value: Any, expected: str) -> None:
    """Columns are the members in JSON order; a list of scalars is one row without a header."""
    assert expected == encoded(FORMAT, value, annotation).decode()


@pytest.mark.parametrize("text", ["=1+1", "@a", "\ta", "\r", "\n", "+a", "-1+a", "+cmd|' /C calc'!A0", "'=1", "''@"])
def test_formulas_are_guarded(text: str) -> None:
    """A text that a spreadsheet would evaluate, or strip of an apostrophe, gets an apostrophe in front."""
    assert f"'{text}" == guard(text)


@pytest.mark.parametrize(
    "text", ["+61 (0)400 000-000", "-5", "-1.5", "+", "a=b", "'a", "O'Hara", "first@example.com", ""]
)
def test_others_are_not(text: str) -> None:
    """Phone numbers, numbers and all other texts are unchanged."""
    assert text == guard(text)


@given(text=TEXTS)
def test_guards_come_off(text: str) -> None:
    """Every text survives a round trip through `guard` and `unguard`."""
    assert text == unguard(guard(text))


@pytest.mark.parametrize(
    "body",
    [
        "Name,Count\r\nx y,1\r\n",
        "COUNT,name,Nope,Size\n1,x y,z,",
        '"Name","Count"\r"x y","1"\r',
        "\ufeffName,Count,\r\nx y,1,\r\n\r\n",
        '{"Name":"x y","Count":1}',
        '\ufeff \n{"name":"x y","count":"1"}',
    ],
)
def test_understood(body: str) -> None:
    """The header names members in any casing; a body that starts with a brace is JSON."""
    assert {"name": "x y", "count": 1} == read(FORMAT, body.encode(), Plain)


@pytest.mark.parametrize("body", ["", "\r\n", "Name,Count\r\n", "{}"])
def test_nothing_given(body: str) -> None:
    """An empty body and a header alone give no members."""
    assert {} == read(FORMAT, body.encode(), Plain)


def test_empty_and_null() -> None:
    """An empty text in quotes is a value; without quotes it is null."""
    assert {"name": ""} == read(FORMAT, b'Name,Count\r\n"",', Plain)
    assert {} == read(FORMAT, b"Name,Count\r\n,", Plain)


def test_cells_with_line_breaks() -> None:
    """A quoted cell may contain quotes, commas and line breaks."""
    assert {"name": 'a"\r\nb,'} == read(FORMAT, b'Name\r\n"a""\r\nb,"\r\n', Plain)


def test_rows_of_a_request() -> None:
    """Rows under the names of the items are the list; a row under the names of the request is the request."""
    assert {"items": [Item(name="a"), Item(size=2)]} == read(FORMAT, b"Name,Size\r\na,\r\n,2\r\n", Order)
    body = f'ContactId,Items\r\n{KEY},"[{{Name:a}}]"\r\n'.encode()
    assert {"contact_id": KEY, "items": [Item(name="a")]} == read(FORMAT, body, Order)


def test_one_column_of_nulls() -> None:
    """An empty line is a row if the header has one column."""
    assert [Done(), Done()] == decoded(FORMAT, b"ResponseStatus\r\n\r\n\r\n", list[Done])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('Name\r\n"x', "The body is not valid CSV: record 2 has a misplaced quote."),
        ('Name\r\n"x"y\r\n', "The body is not valid CSV: record 2 has a misplaced quote."),
        ("Name\r\na,b\r\n", "The body has a row of 2 cells under a header of 1."),
        ("Name\r\na\r\nb\r\n", "The body has 2 rows, and Plain takes one. Send one at a time."),
        ("{", "The body is not valid JSON: it ends too early or has a wrong escape."),
    ],
)
def test_malformed(body: str, expected: str) -> None:
    """A body that is not CSV for this request is refused with the reason."""
    with pytest.raises(MalformedBody) as raised:
        read(FORMAT, body.encode(), Plain)
    assert expected == raised.value.message


def test_not_utf8() -> None:
    """A body that is not UTF-8 is refused."""
    with pytest.raises(MalformedBody, match="Send CSV in UTF-8"):
        read(FORMAT, b"Name\r\n\xff", Plain)


def test_unreadable() -> None:
    """Values of a wrong type are errors that name row and member."""
    with pytest.raises(UnreadableMembers) as raised:
        read(FORMAT, b"Name,Size,Items\r\na,1,\r\na,x,y\r\n", Order)
    assert ["Items[1].Size", "Items[1].Items"] == [error.field for error in raised.value.fields]


def test_dates_survive() -> None:
    """Dates survive a round trip."""
    assert [Track(id=1, at=AT, name="'=x")] == decoded(
        FORMAT, encoded(FORMAT, [Track(id=1, at=AT, name="'=x")], list[Track]), list[Track]
    )
