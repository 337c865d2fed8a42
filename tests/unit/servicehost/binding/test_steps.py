"""Tests of names with steps, which stand for parts of a member."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.binding import steps
from servicehost.binding.pairs import parse_pairs
from servicehost.binding.steps import Stepped, read_steps
from servicehost.binding.texts import TextMembers
from servicehost.contract.errors import FieldError
from servicehost.contract.messages import Member, Message, Request
from servicehost.contract.scalars import Guid
from servicehost.contract.types import TypeModel
from servicehost.formats.lenient import MAX_DEPTH

ONE = "0193a1b2-0000-7000-8000-000000000001"
TWO = "0193a1b2-0000-7000-8000-000000000002"


class Phone(Message):
    """A nested message."""

    number: str | None = None
    kind: int | None = None


class Way(Message):
    """A message with a nested message."""

    name: str | None = None
    phone: Phone | None = None


class Order(Request[None]):
    """A request with members of every kind that can have parts."""

    ids: Annotated[list[Guid], Member()]
    tags: Annotated[list[str], Member()]
    meta: Annotated[dict[str, str], Member()]
    counts: Annotated[dict[str, int], Member()]
    groups: Annotated[dict[str, list[str]], Member()]
    ways: Annotated[list[Way], Member()]
    phone: Annotated[Phone | None, Member()] = None
    count: Annotated[int, Member()] = 0


def members() -> TextMembers:
    """The text readers of the request's members."""
    return TextMembers(TypeModel().message(Order))


def read(query: str) -> dict[str, Any]:
    """The members read from a query, as built-in values."""
    problems: list[FieldError] = []
    values: dict[str, Any] = msgspec.to_builtins(members().read(parse_pairs(query.encode()), problems))
    assert problems == []
    return values


def refused(query: str) -> list[str]:
    """The fields of the errors in a query."""
    return [problem.field for problem in problems_of(query)]


def problems_of(query: str) -> list[FieldError]:
    """The errors in a query."""
    problems: list[FieldError] = []
    members().read(parse_pairs(query.encode()), problems)
    return problems


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
    """All forms of a list that clients and browsers send are equivalent."""
    assert {"ids": [ONE, TWO]} == read(query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Meta[Key]=a&meta[key]=b", {"meta": {"Key": "a", "key": "b"}}),
        ("meta[a.b]=1", {"meta": {"a.b": "1"}}),
        ("meta.Key=1", {"meta": {"Key": "1"}}),
        ("meta[0]=x", {"meta": {"0": "x"}}),
        ("groups[a][]=1&groups[a][]=2&groups[b]=3,4", {"groups": {"a": ["1", "2"], "b": ["3", "4"]}}),
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
    """Parts are combined into dictionaries, messages and lists by the member's type."""
    assert expected == without_absent(read(query))


def without_absent(value: Any) -> Any:
    """The value without its empty members."""
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
    """Parts that do not fit the member are refused by name, never ignored."""
    assert [field] == refused(query)


def invalid(text: str, field: str, expected: str) -> FieldError:
    """The error for a text."""
    return FieldError(field, f"'{text}' is an Invalid value for '{field}': {expected}.", "SerializationException")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            f"ids={ONE}&ids[]={TWO}",
            [invalid(ONE, "Ids", "expected the whole value or its parts, not both")],
        ),
        ("count[x]=1", [invalid("1", "Count", "no part '[x]' is expected here")]),
        (f"count[{'x' * 99}]={'1' * 99}", [invalid("1" * 64, "Count", f"no part '[{'x' * 64}]' is expected here")]),
        (
            f"ids[0={'1' * 99}",
            [
                invalid(
                    "1" * 64,
                    "ids[0",
                    "the steps of its name cannot be read, write them as Name[Key], Name[0] or Name[]",
                )
            ],
        ),
        ("ids[][x]=1", [invalid("1", "Ids[]", "no part '[x]' is expected here")]),
        ("counts[Key][x]=1", [invalid("1", "Counts[Key]", "no part '[x]' is expected here")]),
        (
            "counts[Key]=many",
            [invalid("many", "Counts[Key]", "expected a whole number from -2147483648 to 2147483647")],
        ),
    ],
)
def test_what_a_refusal_says(query: str, expected: list[FieldError]) -> None:
    """An error contains the start of the text, the part and the expected value."""
    assert expected == problems_of(query)


@pytest.mark.parametrize(("expected", "name"), [(None, ".a"), (None, "[a]"), (None, "a"), (None, "")])
def test_names_without_steps(expected: None, name: str) -> None:
    """A name without a member name in front has no steps."""
    assert expected is read_steps(name)


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        (Stepped("ids", ("",)), "Ids[]"),
        (Stepped("a", ("B", "0", "c")), "A[B].0[c]"),
        (Stepped("a", None), "a[b"),
        (Stepped("a", ("0",) * 64), f"a{'[0]' * 64}"),
        (Stepped("a", None), f"a{'[0]' * 65}"),
    ],
)
def test_names_with_steps(expected: Stepped, name: str) -> None:
    """A name may have as many steps as a value may have levels; keys keep their casing."""
    assert expected == read_steps(name)


def test_a_name_is_not_read_beyond_the_greatest_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is parsed up to one step beyond the maximum depth."""
    taken: list[re.Match[str]] = []

    def counted(text: str) -> Iterator[re.Match[str]]:
        for step in each_step(text):
            taken.append(step)
            yield step

    each_step = steps._each_step
    monkeypatch.setattr(steps, "_each_step", counted)

    assert Stepped("a", None) == read_steps(f"a{'[0]' * 1000}")
    assert MAX_DEPTH + 1 == len(taken)


def test_an_item_may_have_parts_of_its_own() -> None:
    """Steps after an item's step belong to the item."""
    query = "ways[][phone][number]=1&ways[].name=a"
    expected = {"ways": [{"Phone": {"Number": "1"}}, {"Name": "a"}]}

    assert expected == without_absent(read(query))


@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), min_size=1), st.text(min_size=1)
    )
)
def test_dictionaries_come_back(meta: dict[str, str]) -> None:
    """A dictionary with any keys and texts survives a round trip."""
    pairs = [(f"meta[{key}]", text) for key, text in meta.items()]
    problems: list[FieldError] = []

    expected = {"meta": meta} if meta else {}

    assert expected == members().read(pairs, problems)
    assert problems == []


def test_steps_beyond_the_limit_are_not_kept() -> None:
    """Steps beyond the limit are not stored, so a long name costs no more."""
    assert read_steps("meta" + "[a]" * 64) == Stepped("meta", ("a",) * 64)
    assert read_steps("meta" + "[a]" * 65) == Stepped("meta", None)
    assert read_steps("meta" + ".a" * 200_000) == Stepped("meta", None)
