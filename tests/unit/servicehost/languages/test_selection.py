"""Selection and order of the types in a file."""

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import ClassVar

import pytest

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Message, Request
from servicehost.contract.references import Declared
from servicehost.languages import LANGUAGES, Options, source
from servicehost.languages.language import Order
from servicehost.languages.ordering import arranged
from servicehost.languages.selection import Universe, types_of

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

ALL = [
    "Forget",
    "Greeting",
    "Hello",
    "HelloResponse",
    "PagedModel",
    "ResponseError",
    "ResponseStatus",
    "SearchGreetings",
    "Tone",
]


def declared_in(catalog: Catalog, **query: str) -> list[str]:
    """Return the names of the declared types of a file, sorted."""
    text = source(catalog, LANGUAGES["mjs"], Options.from_query(list(query.items())), NOW)
    return sorted(re.findall(r"export (?:class|var) (\w+)", text))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ALL),
        ({"IncludeTypes": "Hello"}, ["Hello"]),
        ({"IncludeTypes": "hello, TONE"}, ["Hello", "Tone"]),
        ({"IncludeTypes": "Forget.*"}, ["Forget"]),
        ({"IncludeTypes": "Greeting.*"}, ["Greeting", "Tone"]),
        ({"IncludeTypes": "Tone.*"}, ["Tone"]),
        (
            {"IncludeTypes": "Hello.*"},
            [name for name in ALL if name not in ("Forget", "PagedModel", "SearchGreetings")],
        ),
        ({"IncludeTypes": "*.PagedModel"}, [name for name in ALL if name not in ("Forget", "Hello")]),
        ({"IncludeTypes": "Acme.ServiceModel/*"}, ALL),
        ({"IncludeTypes": "Elsewhere/*"}, []),
        ({"IncludeTypes": "Nobody,{tag}"}, []),
        ({"ExcludeTypes": "services"}, ["Greeting", "PagedModel", "ResponseError", "ResponseStatus", "Tone"]),
        ({"ExcludeTypes": "types"}, ["Forget", "Hello", "HelloResponse", "SearchGreetings"]),
        ({"ExcludeTypes": "Hello.*"}, ["Forget", "PagedModel", "SearchGreetings"]),
        ({"IncludeTypes": "Hello.*", "ExcludeTypes": "Tone,Greeting,types"}, ["Hello", "HelloResponse"]),
        ({"AddServiceStackTypes": "False"}, [name for name in ALL if not name.startswith("Response")]),
    ],
)
def test_the_types_of_a_file(catalog: Catalog, query: dict[str, str], expected: list[str]) -> None:
    """IncludeTypes and ExcludeTypes accept names in any casing, with their dependencies."""
    assert expected == declared_in(catalog, **query)


async def _answer(_message: object, _call: Call) -> None:
    return None


def test_operations_that_are_not_published_have_no_types() -> None:
    """Neither their requests nor their responses are declared, even on request."""

    class Shown(Request[None]):
        """Do something."""

    class Inside(Message):
        """An answer of the web app."""

    class Hidden(Request[Inside]):
        """A page of the web app."""

        published: ClassVar[bool] = False

    service = Service("Acme", "https://api.example.com", "http://schemas.example.com/acme", "Acme.ServiceModel")
    catalog = Catalog(service, {Shown: _answer, Hidden: _answer})
    assert declared_in(catalog) == ["Shown"]
    assert declared_in(catalog, IncludeTypes="Hidden.*,*.Inside") == []


def whole_file(catalog: Catalog, order: Order) -> list[str]:
    """Return the names of all types in an order."""
    universe = Universe(catalog)
    answers = {operation.request: operation.response for operation in catalog if operation.response}
    return names(arranged(order, universe.others, universe.responses, universe.requests, answers))


def snippet_of(catalog: Catalog, order: Order) -> list[str]:
    """Return the names of the types of one operation in an order."""
    operation = catalog.find("SearchGreetings")
    assert operation is not None
    assert operation.response is not None
    return names(arranged(order, types_of(operation), [], [], {operation.request: operation.response}))


def names(types: list[Declared]) -> list[str]:
    """Return the names of types."""
    return [declared.name for declared in types]


@pytest.mark.parametrize(
    ("listed", "order", "expected"),
    [
        (whole_file, Order.BY_NAME, "Forget Greeting Hello HelloResponse PagedModel ResponseError ResponseStatus SearchGreetings Tone"),
        (whole_file, Order.AS_REGISTERED, "Hello SearchGreetings Forget HelloResponse Tone PagedModel Greeting ResponseStatus ResponseError"),
        (whole_file, Order.DEPENDENCIES_FIRST, "Tone PagedModel Greeting ResponseError ResponseStatus HelloResponse Hello SearchGreetings Forget"),
        (whole_file, Order.UNSORTED_DEPENDENCIES_FIRST, "Tone PagedModel Greeting ResponseError ResponseStatus HelloResponse Hello SearchGreetings Forget"),
        (snippet_of, Order.BY_NAME, "Greeting HelloResponse PagedModel ResponseError ResponseStatus SearchGreetings Tone"),
        (snippet_of, Order.AS_REGISTERED, "SearchGreetings PagedModel HelloResponse Greeting Tone ResponseStatus ResponseError"),
        (snippet_of, Order.DEPENDENCIES_FIRST, "PagedModel Tone Greeting ResponseError ResponseStatus HelloResponse SearchGreetings"),
        (snippet_of, Order.UNSORTED_DEPENDENCIES_FIRST, "Tone Greeting ResponseError ResponseStatus HelloResponse PagedModel SearchGreetings"),
    ],
)  # fmt: skip
def test_the_orders(
    catalog: Catalog, listed: Callable[[Catalog, Order], list[str]], order: Order, expected: str
) -> None:
    """Each order applies to whole files and to the snippets of pages."""
    assert expected.split() == listed(catalog, order)


@pytest.mark.parametrize("pattern", ["*.{}", "{}.*", "{}", "{}/*"])
def test_thousands_of_patterns_cost_no_more_than_they_are(catalog: Catalog, pattern: str) -> None:
    """Each pattern costs little more than a look-up, not a search through all types."""
    universe = Universe(catalog)
    options = Options.from_query(
        [("IncludeTypes", ",".join(pattern.format(f"name{number}") for number in range(5000)))]
    )
    universe.selected(options)
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        universe.selected(options)
    finally:
        sys.setprofile(before)
    assert calls < 40 * 5000
