"""Tests of JSON."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.support.tracks import (
    AT,
    CAMEL,
    KEY,
    STYLE,
    Base,
    Derived,
    Done,
    Grade,
    Item,
    Nothing,
    Order,
    Plain,
    Track,
    Tracks,
    encoded,
    model_of,
    node_of,
    read,
    track,
)

from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.contract.scalars import EMPTY_GUID
from servicehost.contract.status import ErrorResponse, ResponseError, ResponseStatus
from servicehost.formats._plain import camel_case, compile_plain
from servicehost.formats.json import FORMAT, compile_strict_reader


def test_worked_example() -> None:
    """A message is one line: names as declared, no nulls, dashed Guids, ISO dates, decimals with their scale."""
    expected = (
        '{"Id":1,"Name":"A \\"b\\"","Key":"01234567-89ab-cdef-0123-456789abcdef","At":"2023-11-14T22:13:20Z",'
        '"Len":"PT1H30M","Ok":true,"Tags":["a,b","c"],"Meta":{"k":"v"},"Kind":"Rock","Price":1.50}'
    )
    assert expected == encoded(FORMAT, track()).decode()


def test_camel_case() -> None:
    """CamelCase changes the names of members, not the keys of dictionaries."""
    expected = '{"total":1,"results":[{"id":1,"key":"00000000-0000-0000-0000-000000000000",'
    expected += '"at":"2023-11-14T22:13:20Z","len":"PT0S","ok":false,"meta":{"Key":"v"},"kind":"Rock","price":0}]}'
    value = Tracks(total=1, results=[Track(id=1, at=AT, meta={"Key": "v"})])
    assert expected == encoded(FORMAT, value, style=CAMEL).decode()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Id", "id"), ("ID", "id"), ("URLPath", "urlPath"), ("ABTest", "abTest"), ("UserID", "userID"), ("x", "x")],
)
def test_camel_case_names(name: str, expected: str) -> None:
    """The first word of a name is in lower case, including abbreviations."""
    assert expected == camel_case(name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Done(), "{}"),
        (Nothing(), "{}"),
        (Tracks(), '{"Total":0}'),
        (Tracks(results=[]), '{"Total":0,"Results":[]}'),
        (Derived(charlie="c"), '{"Delta":0,"Charlie":"c","Beta":0}'),
        (Item(grade=Grade.GOOD, data=b"\x00"), '{"Grade":"GOOD","Size":0,"Weight":0.0,"Data":"AA=="}'),
        (Item(weight=float("nan")), '{"Grade":"NONE","Size":0,"Weight":null,"Data":""}'),
        (
            ErrorResponse(
                response_status=ResponseStatus(error_code="NotFound", errors=[ResponseError(field_name="X")])
            ),
            '{"ResponseStatus":{"ErrorCode":"NotFound","Errors":[{"FieldName":"X"}]}}',
        ),
    ],
)
def test_written(value: Any, expected: str) -> None:
    """Null is omitted, empty values are not; inherited members come last."""
    assert expected == encoded(FORMAT, value).decode()


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (list[Item | None], [None], "[null]"),
        (list[str], ["a"], '["a"]'),
        (dict[str, str | None], {"a": None, "b": "c"}, '{"b":"c"}'),
        (dict[int, timedelta], {1: timedelta(1)}, '{"1":"P1D"}'),
        (list[Grade], [Grade.GOOD], '["GOOD"]'),
        (Decimal, Decimal("NaN"), "null"),
        (str | None, None, "null"),
        (timedelta | None, None, "null"),
    ],
)
def test_written_alone(annotation: Any, value: Any, expected: str) -> None:
    """Lists keep nulls, dictionaries omit them."""
    assert expected == encoded(FORMAT, value, annotation).decode()


@pytest.mark.parametrize("message", [Plain, ErrorResponse, Base, Done])
def test_usual_messages_are_written_in_c(message: Any) -> None:
    """Messages of strings, numbers, Guids and dates are written by msgspec alone."""
    assert compile_plain(node_of(message), STYLE) is None


@pytest.mark.parametrize("message", [Track, Item, Derived, Tracks])
def test_other_messages_are_converted(message: Any) -> None:
    """Messages with durations, decimals, numbered enumerations or inherited members are converted first."""
    assert compile_plain(node_of(message), STYLE) is not None


def test_reading_a_request() -> None:
    """A reader returns the members in the body; null is the same as absent."""
    body = f'{{"ConnectionId":"{KEY}","Name":null,"Count":1,"Roles":["{KEY}"]}}'.encode()
    assert {"connection_id": KEY, "count": 1, "roles": [KEY]} == read(FORMAT, body, Plain)


@pytest.mark.parametrize("body", [b"", b"  \r\n", b"null", b"{}", b"\xef\xbb\xbf{}", b'{"Nope":[{}]}'])
def test_nothing_given(body: bytes) -> None:
    """An empty body, null and an object without known names contain no members."""
    assert {} == read(FORMAT, body, Plain)


def test_last_of_a_repeated_name() -> None:
    """If a name is repeated, the last value counts."""
    assert {"count": 2} == read(FORMAT, b'{"Count":1,"Count":2}', Plain)
    assert {"count": 2} == read(FORMAT, b'{"count":1,"COUNT":2}', Plain)


def test_empty_guid_is_a_value() -> None:
    """The reader returns the empty Guid; merging decides whether it means absent."""
    assert {"connection_id": EMPTY_GUID} == read(FORMAT, f'{{"ConnectionId":"{EMPTY_GUID}"}}'.encode(), Plain)


def test_bytes_of_javascript() -> None:
    """A JavaScript byte array, written as an object, is accepted."""
    assert {"item": Item(data=b"\x01\x02\x03")} == read(FORMAT, b'{"Item":{"Data":{"0":1,"1":2,"2":3}}}', Order)


def test_digits_survive() -> None:
    """A decimal keeps the digits of the body, unlike a double."""
    values = read(FORMAT, b'{"Price":0.1000000000000000000000001}', Track)
    assert Decimal("0.1000000000000000000000001") == values["price"]


def test_all_problems_at_once() -> None:
    """All unreadable members are reported together, in body order."""
    with pytest.raises(UnreadableMembers) as raised:
        read(FORMAT, b'{"Count":3000000000,"ConnectionId":"abc","Size":1e3,"Name":"x"}', Plain)
    assert ["Count", "ConnectionId", "Size"] == [error.field for error in raised.value.fields]
    assert {"SerializationException"} == {error.code for error in raised.value.fields}
    assert {"name": "x"} == raised.value.values


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", "The body is not valid JSON: it ends too early or has a wrong escape."),
        (b'{"Count":1,}', "The body is not valid JSON at byte 12."),
        (b"hello", "The body is not valid JSON at byte 1."),
        (b'{"Name":"\xff"}', "The body is not UTF-8. Send JSON in UTF-8."),
        (
            b'{"Count":' + b"9" * 5000 + b"}",
            "The body is JSON with a number that is out of range. Send fewer digits.",
        ),
        (b"[]", "The body must be one object with the members of Plain."),
        (b'"x"', "The body must be one object with the members of Plain."),
    ],
)
def test_malformed(body: bytes, expected: str) -> None:
    """A malformed body is refused with the position, without internals of the parser."""
    with pytest.raises(MalformedBody) as raised:
        read(FORMAT, body, Plain)
    assert expected == raised.value.message


def test_strict_reading_knows_plain_members_only() -> None:
    """A message with members that msgspec cannot read alone has no strict reader."""
    assert compile_strict_reader(model_of(Plain)) is not None
    assert compile_strict_reader(model_of(Track)) is None
    assert compile_strict_reader(model_of(Order)) is None
