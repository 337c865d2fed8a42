"""Tests of names with steps, as clients and browsers write the parts of a member."""

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
    counts: Annotated[dict[str, int], Member()]
    groups: Annotated[dict[str, list[str]], Member()]
    ways: Annotated[list[Way], Member()]
    phone: Annotated[Phone | None, Member()] = None
    count: Annotated[int, Member()] = 0


def members() -> TextMembers:
    """The members of the request as texts."""
    return TextMembers(TypeModel().message(Order))


def read(query: str) -> dict[str, Any]:
    """The members that a query gives, as built-in values."""
    problems: list[FieldError] = []
    values: dict[str, Any] = msgspec.to_builtins(members().read(parse_pairs(query.encode()), problems))
    assert problems == []
    return values


def refused(query: str) -> list[str]:
    """The fields that a query gives wrongly."""
    return [problem.field for problem in problems_of(query)]


def problems_of(query: str) -> list[FieldError]:
    """What a query gives wrongly."""
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
    """Every form of a list that clients and browsers send is that list."""
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


def invalid(text: str, field: str, expected: str) -> FieldError:
    """The refusal of a text."""
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
    """It repeats the beginning of the text, names the part and says what would be right."""
    assert expected == problems_of(query)


@pytest.mark.parametrize(("expected", "name"), [(None, ".a"), (None, "[a]"), (None, "a"), (None, "")])
def test_names_without_steps(expected: None, name: str) -> None:
    """A name has steps only behind a beginning."""
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
    """As many steps as a value may be deep; the casing of keys is kept."""
    assert expected == read_steps(name)


def test_a_name_is_not_read_beyond_the_greatest_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step more than a value may have is enough to refuse it."""
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
    """Whatever follows the step of an item is a step of that item."""
    query = "ways[][phone][number]=1&ways[].name=a"
    expected = {"ways": [{"Phone": {"Number": "1"}}, {"Name": "a"}]}

    assert expected == without_absent(read(query))


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

    assert expected == members().read(pairs, problems)
    assert problems == []


def test_steps_beyond_the_limit_are_not_kept() -> None:
    """A name of any length costs no more than the steps that are read."""
    assert read_steps("meta" + "[a]" * 64) == Stepped("meta", ("a",) * 64)
    assert read_steps("meta" + "[a]" * 65) == Stepped("meta", None)
    assert read_steps("meta" + ".a" * 200_000) == Stepped("meta", None)
