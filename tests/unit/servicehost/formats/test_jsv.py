"""Tests of JSV."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.support.tracks import (
    AT,
    CAMEL,
    KEY,
    Derived,
    Done,
    Grade,
    Item,
    Kind,
    Nothing,
    Order,
    Plain,
    Tracks,
    decoded,
    encoded,
    read,
    track,
)

from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.formats.jsv import FORMAT, quote


def test_worked_example() -> None:
    """A message is one line without blanks; texts are quoted only if necessary."""
    expected = (
        '{Id:1,Name:"A ""b""",Key:01234567-89ab-cdef-0123-456789abcdef,At:2023-11-14T22:13:20Z,Len:PT1H30M,Ok:True,'
        'Tags:["a,b",c],Meta:{k:v},Kind:Rock,Price:1.50}'
    )
    assert expected == encoded(FORMAT, track()).decode()


def test_camel_case() -> None:
    """CamelCase changes the names of members, not the keys of dictionaries."""
    value = Derived(delta=1, charlie="No customer 5")
    assert "{delta:1,charlie:No customer 5,beta:0}" == encoded(FORMAT, value, style=CAMEL).decode()


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (Done, Done(), "{}"),
        (Nothing, Nothing(), "{}"),
        (Tracks, Tracks(results=[]), "{Total:0,Results:[]}"),
        (Item, Item(data=b""), '{Grade:NONE,Size:0,Weight:0.0,Data:""}'),
        (list[str | None], [None, "", "x"], '[,"",x]'),
        (list[list[int]], [[], [1]], "[[],[1]]"),
        (dict[str, str | None], {"": "a", "b:c": "d", "e": None}, '{"":a,"b:c":d}'),
        (dict[datetime, Grade], {AT: Grade.GOOD}, '{"2023-11-14T22:13:20Z":GOOD}'),
        (Kind, Kind.SPOKEN_WORD, "Spoken Word"),
        (str, "a,b", '"a,b"'),
        (str | None, None, ""),
        (timedelta, timedelta(1), "P1D"),
    ],
)
def test_written(annotation: Any, value: Any, expected: str) -> None:
    """Nulls are omitted, or empty in a list; empty texts are quoted."""
    assert expected == encoded(FORMAT, value, annotation).decode()


@pytest.mark.parametrize("text", ["", " a", "a\t", "a:b", "a,b", "{", "]", "\r", "a\nb", '"'])
def test_quoted(text: str) -> None:
    """A text is quoted if it is empty, contains a special character, or starts or ends with a blank."""
    assert f'"{text.replace(chr(34), chr(34) * 2)}"' == quote(text)


@pytest.mark.parametrize("text", ["a", "No customer 5", "it's", "a\\b", "\u00e9", "first@example.com"])
def test_not_quoted(text: str) -> None:
    """Other texts are unchanged."""
    assert text == quote(text)


@pytest.mark.parametrize(
    "body",
    [
        "{Name:x y,Count:1}",
        "{name:x y,COUNT:1,Nope:{a:[1,{b:c}]},Size:}",
        '{"Name":"x y","Count":"1"}',
        "\n{\n\tName: x y,\n\tCount: 1\n}\n",
        "{ Name : x y , Count : 1 , }",
        "\ufeff{Count:2,Name:x y,Count:1}",
    ],
)
def test_understood(body: str) -> None:
    """Names in any casing, optional quotes and blanks around tokens are accepted; unknown names are ignored."""
    assert {"name": "x y", "count": 1} == read(FORMAT, body.encode(), Plain)


def test_as_the_pages_show_it() -> None:
    """The indented JSV of a documentation page is accepted as a request."""
    body = (
        f"{{\n\tContactId: {KEY},\n\tItem: \n\t{{\n\t\tName: String,\n\t\tItems: \n\t\t[\n\t\t\t{{\n\t\t\t}}\n\t\t]\n\t}},"
        "\n\tGrades: \n\t{\n\t\tString: GOOD\n\t}\n}"
    )
    expected = {"contact_id": KEY, "item": Item(name="String", items=[Item()]), "grades": {"String": Grade.GOOD}}
    assert expected == read(FORMAT, body.encode(), Order)


@pytest.mark.parametrize("body", ["", " \n", "{}", "{ }"])
def test_nothing_given(body: str) -> None:
    """An empty body and an empty object contain no members."""
    assert {} == read(FORMAT, body.encode(), Plain)


def test_empty_and_null() -> None:
    """An empty text in quotes is a value; without quotes it is null."""
    assert {"name": ""} == read(FORMAT, b'{Name:"",Count:}', Plain)
    assert [None, "", None] == decoded(FORMAT, b'[,"",]', list[str | None])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{", "The body is not valid JSV: expected '}' at character 2."),
        ("{Name}", "The body is not valid JSV: expected a colon at character 6."),
        ("{Name:x", "The body is not valid JSV: expected '}' at character 8."),
        ('{Name:"x}', "The body is not valid JSV: expected a closing quote at character 10."),
        ('{Name:"x"y}', "The body is not valid JSV: expected '}' at character 10."),
        ("{Name:x}y", "The body is not valid JSV: expected nothing more at character 9."),
        ("{,}", "The body is not valid JSV: expected a name at character 2."),
        ("[" * 100000, "The body is not valid JSV: expected no more than 64 levels at character 65."),
        ("{a:" * 100000, "The body is not valid JSV: expected no more than 64 levels at character 193."),
        ("hello", "The body must be one object with the members of Plain."),
        ("[]", "The body must be one object with the members of Plain."),
    ],
)
def test_malformed(body: str, expected: str) -> None:
    """A malformed body is refused with the expected token and the position."""
    with pytest.raises(MalformedBody) as raised:
        read(FORMAT, body.encode(), Plain)
    assert expected == raised.value.message


def test_not_utf8() -> None:
    """A body that is not UTF-8 is refused."""
    with pytest.raises(MalformedBody, match="Send JSV in UTF-8"):
        read(FORMAT, b"{Name:\xff}", Plain)


def test_unreadable() -> None:
    """Values of a wrong type are errors that name their members."""
    with pytest.raises(UnreadableMembers) as raised:
        read(FORMAT, b"{ContactId:abc,Items:[{Size:x},y],Item:z}", Order)
    assert ["ContactId", "Items[0].Size", "Items[1]", "Item"] == [error.field for error in raised.value.fields]
