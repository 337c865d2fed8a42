"""Tests of values in a path, a query string or a form."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.support.tracks import AT, KEY, Base, Item, Kind, node_of

from servicehost.contract.scalars import Guid
from servicehost.formats.text import UnreadableText, compile_text_reader


def reading(annotation: Any, text: str) -> Any:
    """The value read from a text."""
    return compile_text_reader(node_of(annotation))(text)


@pytest.mark.parametrize(
    ("annotation", "text", "expected"),
    [
        (str, "a,b {c}", "a,b {c}"),
        (Guid, "0123456789ABCDEF0123456789abcdef", KEY),
        (Guid | None, "{01234567-89ab-cdef-0123-456789abcdef}", KEY),
        (datetime, "/Date(1700000000000)/", AT),
        (Kind, "rock", Kind.ROCK),
        (Decimal, "1.50", Decimal("1.50")),
        (list[int], "1,2,3", [1, 2, 3]),
        (list[int], "[1, 2,3]", [1, 2, 3]),
        (list[int] | None, "7", [7]),
        (list[int], "[]", []),
        (list[str], '"a,b",c', ["a,b", "c"]),
        (list[str], '["a,b","c\\n"]', ["a,b", "c\n"]),
        (list[str], "[a,b c]", ["a", "b c"]),
        (list[str], "[1.50,true]", ["1.50", "true"]),
        (list[str | None], "a,", ["a", None]),
        (dict[str, int], "{a:1,b:2}", {"a": 1, "b": 2}),
        (dict[str, int], '{"a": 1}', {"a": 1}),
        (Base, "{alpha:x,Beta:2}", Base(alpha="x", beta=2)),
        (Base, '{"ALPHA":"x"}', Base(alpha="x")),
        (list[Base], "{Beta:1},{Beta:2}", [Base(beta=1), Base(beta=2)]),
        (Item, "{Items:[{Name:x}]}", Item(items=[Item(name="x")])),
        (int | None, "", None),
        (list[int], "", None),
    ],
)
def test_understood(annotation: Any, text: str, expected: Any) -> None:
    """Scalars are plain texts, lists and objects are JSV or JSON, and an empty text is an absent value."""
    assert expected == reading(annotation, text)


@pytest.mark.parametrize(
    ("annotation", "text", "explanation", "fields"),
    [
        (bool, "maybe", "expected true or false", ["X"]),
        (list[int], "1,a,b", "'a' at '[1]' is invalid, expected a whole number", ["X[1]", "X[2]"]),
        (list[int], "[1,2", "expected ']' at character 5", ["X"]),
        (Base, "x", "expected an object", ["X"]),
        (Base, "{beta:a}", "'a' at 'Beta' is invalid", ["X.Beta"]),
        (dict[str, int], "{a:b}", "'b' at '[a]' is invalid", ["X[a]"]),
        (list[int], "1,,2", "'null' at '[1]' is invalid", ["X[1]"]),
        (list[int], "[" * 100000, "expected no more than 64 levels", ["X"]),
    ],
)
def test_not_understood(annotation: Any, text: str, explanation: str, fields: list[str]) -> None:
    """An invalid text is refused with the expected value and the position."""
    with pytest.raises(UnreadableText) as raised:
        reading(annotation, text)
    assert str(raised.value).startswith(explanation)
    assert fields == [error.field for error in raised.value.errors("X")]


def test_message_of_a_bad_value() -> None:
    """An error message contains the value, the member and the expected value."""
    with pytest.raises(UnreadableText) as raised:
        reading(bool, "maybe")
    assert "'maybe' is an Invalid value for 'Ok': expected true or false." == raised.value.errors("Ok")[0].message
