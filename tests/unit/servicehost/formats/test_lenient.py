"""Tests of lenient conversion."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.tracks import AT, KEY, Derived, Grade, Item, Kind, Order, Plain, Track, model_of, node_of

from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.formats.lenient import Number, compile_members_reader, compile_value_reader
from servicehost.formats.problems import MAX_PROBLEMS


def members(message: Any, tree: Any) -> dict[str, Any]:
    """The members read from a raw tree."""
    return dict(compile_members_reader(model_of(message))(tree))


def problems(message: Any, tree: Any) -> dict[str, str]:
    """The errors in a raw tree, by field."""
    with pytest.raises(UnreadableMembers) as raised:
        members(message, tree)
    return {error.field: error.message for error in raised.value.fields}


@pytest.mark.parametrize(
    ("message", "tree", "expected"),
    [
        (Plain, {"name": "x", "COUNT": 1}, {"name": "x", "count": 1}),
        (Plain, {"Nope": {"a": [1]}}, {}),
        (Plain, {"Name": None, "Count": None}, {}),
        (Plain, {"Name": "a", "name": "b"}, {"name": "b"}),
        (Plain, {"Name": "a", "name": None}, {}),
        (Plain, {"Count": "7", "Ok": "true", "Weight": "1.5"}, {"count": 7, "ok": True, "weight": 1.5}),
        (Plain, {"Name": 5}, {"name": "5"}),
        (Plain, {"Name": True}, {"name": "true"}),
        (Plain, {"Name": Number("1.50")}, {"name": "1.50"}),
        (Plain, {"Ok": 1, "Weight": 2}, {"ok": True, "weight": 2.0}),
        (Plain, {"Weight": Number("1E2")}, {"weight": 100.0}),
        (Plain, {"Name": "", "Count": "", "ConnectionId": ""}, {"name": ""}),
        (Plain, {"ConnectionId": KEY.replace("-", "").upper()}, {"connection_id": KEY}),
        (Plain, {"Roles": [f"{{{KEY}}}"]}, {"roles": [KEY]}),
        (Plain, {"Meta": {"a": 1, "b": None}}, {"meta": {"a": "1"}}),
        (Plain, {"Kind": "ROCK"}, {"kind": Kind.ROCK}),
        (Plain, {"Kind": 1}, {"kind": Kind.SPOKEN_WORD}),
        (Track, {"At": "/Date(1700000000000+1100)/", "Len": 90}, {"at": AT, "len": timedelta(seconds=90)}),
        (Item, {"Data": "AAE="}, {"data": b"\x00\x01"}),
        (Item, {"Data": {"0": 1, "1": 255}}, {"data": b"\x01\xff"}),
        (Item, {"Data": [1, 2]}, {"data": b"\x01\x02"}),
        (Item, {"Data": {}}, {"data": b""}),
        (Item, {"Data": ""}, {"data": b""}),
        (Order, {"Item": {"name": "x"}, "Items": [{}]}, {"item": Item(name="x"), "items": [Item()]}),
        (Order, {"Grades": {"a": 7}}, {"grades": {"a": Grade.GOOD}}),
        (Derived, {"alpha": "x", "delta": 1}, {"alpha": "x", "delta": 1}),
        (Plain, None, {}),
    ],
)
def test_understood(message: Any, tree: Any, expected: dict[str, Any]) -> None:
    """Supported forms are converted, and absent members stay absent."""
    assert expected == members(message, tree)


def test_all_problems_are_collected() -> None:
    """Every wrong member is reported with its path, its value and the expected value."""
    tree = {
        "contactid": "abc",
        "Item": {"Size": "x", "Items": [{"Grade": "Bad"}, {"Data": "!"}]},
        "Items": [None, 5],
        "Grades": {"a": "b"},
    }
    expected = {
        "ContactId": "'abc' is an Invalid value for 'ContactId': "
        "expected a Guid, 32 hexadecimal digits with or without dashes.",
        "Item.Size": "'x' is an Invalid value for 'Item.Size': "
        "expected a whole number from -9223372036854775808 to 9223372036854775807.",
        "Item.Items[0].Grade": "'Bad' is an Invalid value for 'Item.Items[0].Grade': expected one of NONE, GOOD.",
        "Item.Items[1].Data": "'!' is an Invalid value for 'Item.Items[1].Data': expected base64.",
        "Items[0]": "'null' is an Invalid value for 'Items[0]': expected no null here.",
        "Items[1]": "'5' is an Invalid value for 'Items[1]': expected an object.",
        "Grades[a]": "'b' is an Invalid value for 'Grades[a]': expected one of NONE, GOOD.",
    }
    assert expected == problems(Order, tree)


@pytest.mark.parametrize(
    ("message", "member", "value", "shown"),
    [
        (Plain, "Name", {"a": 1}, "{...}"),
        (Plain, "Name", ["a"], "[...]"),
        (Plain, "Count", True, "true"),
        (Plain, "Count", 2**31, "2147483648"),
        (Plain, "Count", Number("1.0"), "1.0"),
        (Plain, "Count", "x" * 100, "x" * 64 + "..."),
        (Plain, "Ok", 2, "2"),
        (Plain, "Size", 2**63, "9223372036854775808"),
        (Plain, "Weight", 10**400, "1" + "0" * 63 + "..."),
        (Plain, "Weight", False, "false"),
        (Plain, "ConnectionId", 5, "5"),
        (Plain, "Roles", "a,b", "a,b"),
        (Plain, "Meta", ["a"], "[...]"),
        (Plain, "Kind", 2, "2"),
        (Track, "At", 1700000000000, "1700000000000"),
        (Track, "Price", "NaN", "NaN"),
        (Item, "Data", [256], "[...]"),
        (Item, "Data", {"0": 1, "2": 2}, "{...}"),
        (Item, "Data", 5, "5"),
        (Item, "Items", {}, "{...}"),
    ],
)
def test_one_problem(message: Any, member: str, value: Any, shown: str) -> None:
    """A value of a wrong type is an error with the member's name and the shortened value."""
    [(field, text)] = problems(message, {member: value}).items()
    assert member == field
    assert text.startswith(f"'{shown}' is an Invalid value for '{member}': expected ")


def test_what_could_be_read_is_handed_over() -> None:
    """The error contains the members that could be read, so that missing ones can be reported too."""
    with pytest.raises(UnreadableMembers) as raised:
        members(Plain, {"Name": "x", "Count": "y"})
    assert {"name": "x"} == raised.value.values


def test_problems_are_limited() -> None:
    """The number of reported errors is limited."""
    assert MAX_PROBLEMS == len(problems(Plain, {"Roles": ["x"] * 1000}))


@pytest.mark.parametrize("tree", ["x", 5, [], True])
def test_no_members(tree: Any) -> None:
    """A body that is not an object is malformed."""
    with pytest.raises(MalformedBody, match="one object with the members of Plain"):
        members(Plain, tree)


@pytest.mark.parametrize(
    ("annotation", "tree", "expected"),
    [
        (Item | None, None, None),
        (list[int], None, []),
        (Item, None, Item()),
        (list[int | None], [1, None], [1, None]),
        (dict[int, str | None], {"1": None}, {1: None}),
    ],
)
def test_whole_values(annotation: Any, tree: Any, expected: Any) -> None:
    """An absent complete value is null if that is allowed, otherwise empty."""
    assert expected == compile_value_reader(node_of(annotation))(tree)


def test_wrong_key() -> None:
    """A key of the wrong type is an error, even if it is empty."""
    with pytest.raises(UnreadableMembers) as raised:
        compile_value_reader(node_of(dict[int, str]))({"x": "a", "": "b"})
    assert ["[x]", "[]"] == [error.field for error in raised.value.fields]


def test_value_of_another_kind() -> None:
    """A body of the wrong kind is malformed."""
    with pytest.raises(MalformedBody, match="expected a list"):
        compile_value_reader(node_of(list[int]))("x")
