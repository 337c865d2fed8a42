"""Tests of the length limits of texts and lists in requests, in every format and place."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
import pytest

from servicehost.binding.forms import read_form
from servicehost.binding.pairs import NO_PAIRS, parse_pairs
from servicehost.binding.request import NO_BODY, Binding
from servicehost.binding.texts import TextMembers
from servicehost.contract.errors import FieldError, InvalidFields, UnreadableMembers
from servicehost.contract.lengths import default_length
from servicehost.contract.messages import Member, Message, Request
from servicehost.contract.types import TypeModel
from servicehost.formats.batches import compile_items_reader
from servicehost.formats.codec import Style
from servicehost.formats.registry import WIRE_FORMATS

STYLE = Style("urn:lengths")
FORMATS = {format_.name: format_ for format_ in WIRE_FORMATS}


class Part(Message):
    """A nested message."""

    note: Annotated[str | None, Member(length=3)] = None


class Base(Message):
    """The base of the request."""

    alias: Annotated[str | None, Member(length=3, published=False)] = None


class Send(Base, Request[None]):
    """A request with texts and lists of every kind."""

    text: Annotated[str | None, Member(length=3)] = None
    texts: Annotated[list[str] | None, Member(length=3, items=2)] = None
    numbers: Annotated[list[int] | None, Member(items=2)] = None
    labels: Annotated[dict[str, str] | None, Member(length=3, items=2)] = None
    part: Part | None = None
    parts: Annotated[list[Part] | None, Member(items=2)] = None


class Flat(Request[None]):
    """A request that the strict JSON reader supports."""

    text: Annotated[str | None, Member(length=3)] = None
    texts: Annotated[list[str] | None, Member(length=3, items=2)] = None
    labels: Annotated[dict[str, str] | None, Member(length=3, items=2)] = None


TOO_LONG: list[tuple[dict[str, Any], str, str]] = [
    ({"Text": "abcd"}, "Text", "has 4 characters; send at most 3"),
    ({"Text": 1234}, "Text", "has 4 characters; send at most 3"),
    ({"Alias": "abcd"}, "Alias", "has 4 characters; send at most 3"),
    ({"Texts": ["abc", "abcd"]}, "Texts[1]", "has 4 characters; send at most 3"),
    ({"Texts": ["a", "b", "c"]}, "Texts", "has 3 items; send at most 2"),
    ({"Numbers": [1, 2, 3]}, "Numbers", "has 3 items; send at most 2"),
    ({"Labels": {"a": "abcd"}}, "Labels[a]", "has 4 characters; send at most 3"),
    ({"Labels": {"abcd": "a"}}, "Labels[abcd]", "has 4 characters; send at most 3"),
    ({"Labels": {"a": "1", "b": "2", "c": "3"}}, "Labels", "has 3 entries; send at most 2"),
    ({"Part": {"Note": "abcd"}}, "Part.Note", "has 4 characters; send at most 3"),
    ({"Parts": [{"Note": "abcd"}]}, "Parts[0].Note", "has 4 characters; send at most 3"),
    ({"Parts": [{}, {}, {}]}, "Parts", "has 3 items; send at most 2"),
]
LONGEST = {
    "Text": "a\U0001f600\u0345",
    "Alias": "abc",
    "Texts": ["abc", "abc"],
    "Numbers": [1, 2],
    "Labels": {"abc": "abc", "a": "b"},
    "Part": {"Note": "abc"},
    "Parts": [{"Note": "abc"}, {}],
}


def refused(read: Callable[[], object]) -> list[FieldError]:
    """The fields that are refused."""
    with pytest.raises((UnreadableMembers, InvalidFields)) as raised:
        read()
    error: Any = raised.value
    return list(error.fields)


def json_of(tree: Any) -> bytes:
    """A tree in JSON."""
    return msgspec.json.encode(tree)


def xml_of(tree: dict[str, Any]) -> bytes:
    """The members of a request in XML."""
    return f"<Send>{_elements(tree)}</Send>".encode()


def _elements(tree: dict[str, Any]) -> str:
    return "".join(f"<{name}>{_content(name, value)}</{name}>" for name, value in tree.items())


def _content(name: str, value: Any) -> str:
    if name == "Labels":
        return "".join(f"<e><Key>{key}</Key><Value>{text}</Value></e>" for key, text in value.items())
    if isinstance(value, dict):
        return _elements(value)
    if isinstance(value, list):
        return "".join(f"<i>{_content('', item)}</i>" for item in value)
    return str(value)


def csv_of(tree: dict[str, Any]) -> bytes:
    """The members of a request as a CSV header and row, with nested values in JSV."""
    row = ",".join('"' + cell(value).replace('"', '""') + '"' for value in tree.values())
    return f"{','.join(tree)}\r\n{row}\r\n".encode()


def cell(value: Any) -> str:
    """A value as JSV."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{name}:{cell(inner)}" for name, inner in value.items()) + "}"
    return "[" + ",".join(map(cell, value)) + "]" if isinstance(value, list) else str(value)


BODIES: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "json": json_of,
    "jsonl": json_of,
    "msgpack": msgspec.msgpack.encode,
    "xml": xml_of,
    "jsv": lambda tree: cell(tree).encode(),
    "csv": csv_of,
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(("tree", "field", "reason"), TOO_LONG)
def test_what_is_too_long_is_refused_in_every_format(name: str, tree: dict[str, Any], field: str, reason: str) -> None:
    """An error has the field, the size and the limit, but not the value, which may be a password."""
    if name in ("csv", "jsonl") and "Parts" in tree:
        tree = tree | {"Text": "a"}  # else the first list of messages would be the rows
    read = FORMATS[name].reader(TypeModel().message(Send), STYLE)
    assert [FieldError(field, f"'{field}' {reason}.", "Length")] == refused(lambda: read(BODIES[name](tree)))


@pytest.mark.parametrize("name", BODIES)
def test_what_is_as_long_as_may_be_is_read_in_every_format(name: str) -> None:
    """A value of exactly the maximum length is accepted; lengths are in code points."""
    read = FORMATS[name].reader(TypeModel().message(Send), STYLE)
    values = read(BODIES[name](LONGEST))
    expected = {
        "text": "a\U0001f600\u0345",
        "alias": "abc",
        "texts": ["abc", "abc"],
        "numbers": [1, 2],
        "labels": {"abc": "abc", "a": "b"},
        "part": Part(note="abc"),
        "parts": [Part(note="abc"), Part()],
    }
    assert expected == values


@pytest.mark.parametrize(
    "tree", [{"Text": "abcd"}, {"Texts": ["abcd"]}, {"Texts": ["a", "b", "c"]}, {"Labels": {"abcd": "a"}}]
)
def test_the_strict_reader_of_json_has_the_same_bounds(tree: dict[str, Any]) -> None:
    """The strict JSON reader enforces the same limits, because its results are not checked again."""
    read = FORMATS["json"].reader(TypeModel().message(Flat), STYLE)
    assert ["Length"] == [error.code for error in refused(lambda: read(json_of(tree)))]


def test_every_member_that_is_too_long_is_named_beside_what_is_wrong_otherwise() -> None:
    """Length errors are reported together with other errors."""
    read = FORMATS["json"].reader(TypeModel().message(Send), STYLE)
    errors = refused(lambda: read(json_of({"Text": "abcd", "Numbers": ["x"], "Part": {"Note": "abcd"}})))
    expected = [("Text", "Length"), ("Numbers[0]", "SerializationException"), ("Part.Note", "Length")]
    assert expected == [(error.field, error.code) for error in errors]


def test_requests_of_a_batch_have_the_same_bounds() -> None:
    """Errors in a batch name the position of the request."""
    read = compile_items_reader(FORMATS["json"], TypeModel().message(Send), STYLE, 100)
    assert ["[1].Text"] == [error.field for error in refused(lambda: read(json_of([{}, {"Text": "abcd"}])))]


QUERIES = [
    ("Text=abcd", "Text"),
    ("text=ab&TEXT=c", "Text"),
    ("Alias=abcd", "Alias"),
    ("Texts=a,b,c", "Texts"),
    ("Texts=a&Texts=b&Texts=c", "Texts"),
    ("Texts=abcd", "Texts[0]"),
    ("Texts[0]=a&Texts[1]=b&Texts[2]=c", "Texts"),
    ("Texts[]=abcd", "Texts[0]"),
    ("Labels[a]=abcd", "Labels[a]"),
    ("Part.Note=abcd", "Part.Note"),
    ("Labels={a:abcd}", "Labels[a]"),
    ("Part={Note:abcd}", "Part.Note"),
    ('Parts=[{"Note":"abcd"}]', "Parts[0].Note"),
]


def bound(*placeholders: str) -> Binding:
    """The request on a path with placeholders."""
    model = TypeModel().message(Send)
    return Binding(model, TextMembers(model), placeholders=placeholders)


@pytest.mark.parametrize(("query", "field"), QUERIES)
def test_texts_of_a_query_are_bounded(query: str, field: str) -> None:
    """The joined texts of a repeated name are limited."""
    pairs = parse_pairs(quote(query, safe="=&").encode())
    errors = refused(lambda: bound().bind((), pairs, NO_PAIRS, NO_BODY))
    assert [(field, "Length")] == [(error.field, error.code) for error in errors]


@pytest.mark.parametrize(("query", "field"), QUERIES)
async def test_texts_of_a_form_are_bounded(query: str, field: str) -> None:
    """Texts of a form are limited like those of a query."""
    form = await read_form("application/x-www-form-urlencoded", quote(query, safe="=&").encode())
    errors = refused(lambda: bound().bind((), NO_PAIRS, form, NO_BODY))
    assert [(field, "Length")] == [(error.field, error.code) for error in errors]


def test_texts_of_a_path_are_bounded() -> None:
    """Texts of a path are limited."""
    errors = refused(lambda: bound("Text").bind(("abcd",), NO_PAIRS, NO_PAIRS, NO_BODY))
    assert [("Text", "Length")] == [(error.field, error.code) for error in errors]


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("Surname", 200),
        ("TradingName", 200),
        ("EmailAddress", 254),
        ("email", 254),
        ("ConfirmPassword", 200),
        ("SearchText", 200),
        ("Token", 512),
        ("RefreshToken", 512),
        ("ReturnUrl", 2048),
        ("Description", 4000),
        ("Action", 4000),
    ],
)
def test_a_text_without_a_declared_length_has_that_of_its_name(name: str, length: int) -> None:
    """A member without a declared length has the default for its name."""
    assert length == default_length(name)


def test_a_message_without_declared_limits_is_bounded() -> None:
    """Texts and lists of a message without declared limits are limited."""

    class Silent(Request[None]):
        notes: list[str] | None = None

    member = TypeModel().message(Silent).members[0]
    assert (4000, 1000) == member.bounds
