"""Tests of CSV for spreadsheets."""

import csv
import enum
import io
from datetime import UTC, datetime
from typing import Annotated, Any, Optional

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.contract.messages import Member, Message
from servicehost.contract.status import ResponseError, ResponseStatus
from servicehost.contract.types import ListOf, Ref, Scalar, TypeModel
from servicehost.formats.csv import unguard
from servicehost.formats.flat_csv import FlatCsv, compile_encoder, parse_flat


class Colour(enum.StrEnum):
    """An enumeration."""

    RED = "Red"


class Address(Message):
    """A message in a nested message."""

    street: str | None = None
    number: int = 0


class Person(Message):
    """A message in a row."""

    name: str | None = None
    address: Address | None = None
    friend: Annotated[Optional["Person"], Member()] = None


class Line(Message):
    """A row."""

    id: int = 0
    person: Person | None = None
    tags: list[str] = msgspec.field(default_factory=list)
    numbers: list[int | None] = msgspec.field(default_factory=list)
    colours: list[Colour] = msgspec.field(default_factory=list)
    phones: list[Address] = msgspec.field(default_factory=list)
    meta: dict[str, str] = msgspec.field(default_factory=dict)
    at: datetime | None = None
    loud: bool = False


class Lines(Message):
    """A response with rows."""

    lines: list[Line] = msgspec.field(default_factory=list)
    total: int = 0
    response_status: ResponseStatus | None = None


HEADER = [
    "Id",
    "Person.Name",
    "Person.Address.Street",
    "Person.Address.Number",
    "Person.Friend",
    "Tags",
    "Numbers",
    "Colours",
    "Phones",
    "Meta",
    "At",
    "Loud",
]


def written(value: Message, wish: FlatCsv | None = None) -> str:
    """A message in the flat form."""
    return compile_encoder(Ref(TypeModel().message(type(value))), wish or FlatCsv())(value).decode()


def table(text: str) -> list[list[str]]:
    """The rows as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(text, newline="")))


def test_members_of_messages_inside_have_columns() -> None:
    """Each member of a nested message has a column, named by its path."""
    line = Line(
        id=1,
        person=Person(name="Sun", address=Address(street="Long Road, 1", number=7), friend=Person(name="Moon")),
        tags=["a", "b,c"],
        numbers=[1, None, 3],
        colours=[Colour.RED],
        phones=[Address(street="x", number=2)],
        meta={"k": "v"},
        at=datetime(2026, 11, 21, 17, tzinfo=UTC),
        loud=True,
    )
    expected = [
        "1", "Sun", "Long Road, 1", "7", "{Name:Moon}", "a; b,c", "1; ; 3", "Red", "[{Street:x,Number:2}]", "{k:v}",
        "2026-11-21T17:00:00Z", "True",
    ]  # fmt: skip

    assert [HEADER, expected] == table(written(Lines(lines=[line])))


def test_nothing_inside() -> None:
    """If a nested message is null, all of its columns are empty."""
    assert ["2", "", "", "", "", "", "", "", "[]", "{}", "", "False"] == table(written(Lines(lines=[Line(id=2)])))[1]


def test_no_rows() -> None:
    """An empty list is a header alone."""
    assert [HEADER] == table(written(Lines()))


def test_list_of_messages() -> None:
    """The response to a batch is also a table."""
    encode = compile_encoder(ListOf(Ref(TypeModel().message(Address))), FlatCsv())

    assert b"Street,Number\r\na,1\r\n" == encode([Address(street="a", number=1)])


def test_scalar() -> None:
    """A scalar is one cell."""
    assert b"x\r\n" == compile_encoder(Scalar.STRING, FlatCsv())("x")


def test_error() -> None:
    """An error is one row with its own columns."""
    status = ResponseStatus(error_code="NotFound", message="Not here.", errors=[ResponseError(error_code="x")])
    header, row = table(written(Lines(lines=[Line()], response_status=status)))
    told = dict(zip(header, row, strict=True))

    assert ("NotFound", "Not here.") == (told["ResponseStatus.ErrorCode"], told["ResponseStatus.Message"])


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1"])
def test_formulas(text: str) -> None:
    """A text that a spreadsheet would evaluate is guarded, in a nested message and in a list."""
    line = Line(person=Person(name=text), tags=[text, "b"])

    row = table(written(Lines(lines=[line])))[1]

    assert (f"'{text}", f"'{text}; b") == (row[1], row[5])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_survive(text: str) -> None:
    """Every text in a row is exactly one cell and survives a round trip."""
    row = table(written(Lines(lines=[Line(person=Person(name=text))])))[1]

    assert (text, len(HEADER)) == (unguard(row[1]), len(row))


def test_byte_order_mark() -> None:
    """The byte order mark is written only if requested."""
    encode: Any = compile_encoder(Ref(TypeModel().message(Address)), FlatCsv(bom=True))

    assert b"\xef\xbb\xbfStreet,Number\r\n,0\r\n" == encode(Address())
    assert "Street,Number\r\n,0\r\n" == written(Address())


@pytest.mark.parametrize(
    ("flat", "bom", "expected"),
    [
        ("true", "", FlatCsv()),
        ("True", "TRUE", FlatCsv(bom=True)),
        ("1", "1", FlatCsv(bom=True)),
        ("true", "false", FlatCsv()),
        ("false", "true", None),
        ("", "", None),
        ("yes", "", None),
    ],
)
def test_parse(flat: str, bom: str, expected: FlatCsv | None) -> None:
    """The flat form is requested with `true` or `1`."""
    assert expected == parse_flat(flat, bom)
