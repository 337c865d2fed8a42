"""Tests of names with steps, as clients and browsers write the parts of a member."""

from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.binding.pairs import parse_pairs
from servicehost.binding.steps import Stepped, read_steps
from servicehost.binding.texts import TextMembers
from servicehost.contract.errors import FieldError
from servicehost.contract.messages import Member, Message, Request
from servicehost.contract.scalars import Guid
from servicehost.contract.types import TypeModel

ONE = "0193a1b2-0000-7000-8000-000000000001"
TWO = "0193a1b2-0000-7000-8000-000000000002"


class Phone(Message):
    """A message inside another."""

    number: str | None = None
    kind: int | None = None


class Way(Message):
    """A message with one inside."""

    name: str | None = None
    phone: Phone | None = None


class Order(Request[None]):
    """A request with members of every kind that has parts."""

    ids: Annotated[list[Guid], Member()]
    tags: Annotated[list[str], Member()]
    meta: Annotated[dict[str, str], Member()]
    ways: Annotated[list[Way], Member()]
    phone: Annotated[Phone | None, Member()] = None
    count: Annotated[int, Member()] = 0


MEMBERS = TextMembers(TypeModel().message(Order))


def read(query: str) -> dict[str, Any]:
    """The members that a query gives, as built-in values."""
    problems: list[FieldError] = []
    values: dict[str, Any] = msgspec.to_builtins(MEMBERS.read(parse_pairs(query.encode()), problems))
    assert problems == []
    return values


def refused(query: str) -> list[str]:
    """The fields that a query gives wrongly."""
    problems: list[FieldError] = []
    MEMBERS.read(parse_pairs(query.encode()), problems)
    return [problem.field for problem in problems]


@pytest.mark.parametrize(
    "query",
    [
        f"Ids={ONE},{TWO}",
        f"ids=[{ONE},{TWO}]",
        f'ids=["{ONE}","{TWO}"]',
        f"Ids={ONE}&ids={TWO}",
        f"Ids[]={ONE}&ids[]={TWO}",
        f"Ids%5B%5D={ONE}&Ids%5B%5D={TWO}",
        f"Ids[0]={ONE}&Ids[1]={TWO}",
        f"Ids[7]={TWO}&Ids[3]={ONE}",
        f"Ids={{{ONE}}},{{{TWO}}}",
        f"Ids=[{{{ONE}}},{{{TWO}}}]",
        f'Ids=["{{{ONE}}}", "{{{TWO}}}"]',
        f"Ids={{{ONE}}}&Ids={{{TWO}}}",
        f"Ids[]={{{ONE}}}&Ids[]={{{TWO}}}",
        f"Ids=({ONE}),({TWO})",
    ],
)
def test_lists(query: str) -> None:
    """Every form of a list that clients and browsers send is that list."""
    assert {"ids": [ONE, TWO]} == read(query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Meta[Key]=a&meta[key]=b", {"meta": {"Key": "a", "key": "b"}}),
        ("meta[a.b]=1", {"meta": {"a.b": "1"}}),
        ("meta.Key=1", {"meta": {"Key": "1"}}),
        ("meta[0]=x", {"meta": {"0": "x"}}),
        ("Phone.Number=1&phone.KIND=2", {"phone": {"Number": "1", "Kind": 2}}),
        ("phone[number]=1&phone[kind]=2", {"phone": {"Number": "1", "Kind": 2}}),
        ("Phone[Number]=1&Phone[Number]=2", {"phone": {"Number": "2"}}),
        ("phone[unknown]=1&phone[number]=2", {"phone": {"Number": "2"}}),
        ("ways[1][phone][number]=2&ways[0].name=a", {"ways": [{"Name": "a"}, {"Phone": {"Number": "2"}}]}),
        ("ways[]={Name:a,Phone:{Kind:3}}", {"ways": [{"Name": "a", "Phone": {"Kind": 3}}]}),
        ('ways[0][phone]={"number":"5"}', {"ways": [{"Phone": {"Number": "5"}}]}),
        ("tags[]=a,b&tags[]=c", {"tags": ["a,b", "c"]}),
        ("unknown[]=1&unknown.part=2&count=3", {"count": 3}),
    ],
)
def test_parts(query: str, expected: dict[str, Any]) -> None:
    """Parts of dictionaries, messages and lists are put together by the member's type."""
    assert expected == without_absent(read(query))


def without_absent(value: Any) -> Any:
    """The value without members that hold nothing."""
    if isinstance(value, dict):
        return {name: without_absent(part) for name, part in value.items() if part is not None}
    return [without_absent(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("ids[]=no-guid", "Ids[0]"),
        ("ids[x]=1", "Ids"),
        (f"ids[-1]={ONE}", "Ids"),
        (f"ids[1234567890]={ONE}", "Ids"),
        (f"ids[0][0]={ONE}", "Ids[0]"),
        (f"ids={ONE}&ids[]={TWO}", "Ids"),
        (f"ids[]={TWO}&ids={ONE}", "Ids"),
        (f"ids[0={ONE}", "ids[0"),
        (f"ids]={ONE}&ids[]x={TWO}", "ids[]x"),
        (f"ids{'[0]' * 65}={ONE}", f"ids{'[0]' * 65}"[:64]),
        ("count[]=1", "Count"),
        ("count[0]=1", "Count"),
        ("count.x=1", "Count"),
        ("phone[kind]=many", "Phone.Kind"),
        ("phone[number]=1&phone={Number:2}", "Phone"),
        ("ways[2][phone][kind]=many", "Ways[0].Phone.Kind"),
        ("ways[2][phone][kind][deeper]=1", "Ways[2][phone][kind]"),
    ],
)
def test_refusals(query: str, field: str) -> None:
    """Parts that make no value of the member are refused by name, never ignored."""
    assert [field] == refused(query)


@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), min_size=1), st.text(min_size=1)
    )
)
def test_dictionaries_come_back(meta: dict[str, str]) -> None:
    """Whatever keys and texts a dictionary has, it is read as it was."""
    pairs = [(f"meta[{key}]", text) for key, text in meta.items()]
    problems: list[FieldError] = []

    expected = {"meta": meta} if meta else {}

    assert expected == MEMBERS.read(pairs, problems)
    assert problems == []


def test_steps_beyond_the_limit_are_not_kept() -> None:
    """A name of any length costs no more than the steps that are read."""
    assert read_steps("meta" + "[a]" * 64) == Stepped("meta", ("a",) * 64)
    assert read_steps("meta" + "[a]" * 65) == Stepped("meta", None)
    assert read_steps("meta" + ".a" * 200_000) == Stepped("meta", None)
