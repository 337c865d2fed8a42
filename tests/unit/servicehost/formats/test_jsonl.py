"""Tests of JSON lines."""

from typing import Any

import pytest
from tests.support.tracks import (
    CAMEL,
    KEY,
    Base,
    Done,
    Item,
    Order,
    Plain,
    Tracks,
    decoded,
    encoded,
    read,
    track,
)

from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.contract.status import ErrorResponse, ResponseStatus
from servicehost.formats.jsonl import FORMAT

LINE = (
    b'{"Id":1,"Name":"A \\"b\\"","Key":"01234567-89ab-cdef-0123-456789abcdef","At":"2023-11-14T22:13:20Z",'
    b'"Len":"PT1H30M","Ok":true,"Tags":["a,b","c"],"Meta":{"k":"v"},"Kind":"Rock","Price":1.50}'
)


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (Done, Done(), b"{}"),
        (Tracks, Tracks(total=2, results=[track(), track()]), LINE + b"\n" + LINE + b"\n"),
        (Tracks, Tracks(), b""),
        (list[Base], [Base(beta=1), Base(alpha="a")], b'{"Beta":1}\n{"Beta":0,"Alpha":"a"}\n'),
        (list[int], [1, 2], b"1\n2\n"),
        (int, 1, b"1"),
    ],
)
def test_written(annotation: Any, value: Any, expected: bytes) -> None:
    """A list, also in a response, has a line for each item; other values are JSON, so an empty success is {}."""
    assert expected == encoded(FORMAT, value, annotation)


@pytest.mark.parametrize("message", [ErrorResponse, Done, Tracks])
def test_error(message: Any) -> None:
    """An error is one line with the status."""
    status = ResponseStatus(error_code="NotFound")
    body = encoded(FORMAT, message(response_status=status))
    assert body.endswith(b'"ResponseStatus":{"ErrorCode":"NotFound"}}')
    assert status == decoded(FORMAT, body, message).response_status


def test_camel_case() -> None:
    """CamelCase changes the names in every line."""
    assert b'{"beta":1}\n' == encoded(FORMAT, [Base(beta=1)], list[Base], CAMEL)


@pytest.mark.parametrize(
    "body", ['{"Name":"x","Count":1}', '{"name":"x",\r\n "COUNT":"1",\n"Nope":[]}\n', '\ufeff{"Count":1,"Name":"x"}']
)
def test_one_object(body: str) -> None:
    """A single object is the request, even if it contains line breaks."""
    assert {"name": "x", "count": 1} == read(FORMAT, body.encode(), Plain)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'{{"ContactId":"{KEY}","Items":[{{"Name":"a"}}]}}', {"contact_id": KEY, "items": [Item(name="a")]}),
        ('{"Name":"a"}\r\n\r\n{"size":2}\n', {"items": [Item(name="a"), Item(size=2)]}),
        ('{"Name":"a"}\n', {"items": [Item(name="a")]}),
        ('{"Items":[]}', {"items": []}),
        ("{}\n{}", {"items": [Item(), Item()]}),
        ("{}", {}),
        ('{"Nope":1}', {}),
        ("", {}),
    ],
)
def test_lines_of_a_request(body: str, expected: dict[str, Any]) -> None:
    """Several objects are the request's list; a single one is the request unless its names are those of an item."""
    assert expected == read(FORMAT, body.encode(), Order)


def test_one_line_of_a_response() -> None:
    """In a response, a single object is a row unless its names are those of the response."""
    assert [track()] == decoded(FORMAT, LINE, Tracks).results
    assert 5 == decoded(FORMAT, b'{"Total":5}', Tracks).total


def test_list() -> None:
    """A list has an item for each line."""
    assert [Base(beta=1), Base()] == decoded(FORMAT, b'{"Beta":1}\n{}\n', list[Base])
    assert [] == decoded(FORMAT, b"", list[Base])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{}\n{}", "The body has 2 lines. Send one object in each request."),
        (b"{", "The body is not valid JSON: it ends too early or has a wrong escape."),
        (b"{}\n}", "The body is not valid JSON at byte 1."),
        (b"[]", "The body must be one object with the members of Plain."),
    ],
)
def test_malformed(body: bytes, expected: str) -> None:
    """Invalid JSON and too many objects are refused."""
    with pytest.raises(MalformedBody) as raised:
        read(FORMAT, body, Plain)
    assert expected == raised.value.message


def test_unreadable() -> None:
    """Values of a wrong type are errors that name line and member."""
    with pytest.raises(UnreadableMembers) as raised:
        read(FORMAT, b'{"Name":"a"}\n{"Size":"x"}\n5\n', Order)
    assert ["Items[1].Size", "Items[2]"] == [error.field for error in raised.value.fields]
