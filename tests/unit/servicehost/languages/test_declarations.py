"""The declarations from which a language writes its source."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, ClassVar

import pytest

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Member, Message, Request, Route
from servicehost.contract.status import ResponseStatus
from servicehost.contract.types import Scalar
from servicehost.languages import Options, snippet
from servicehost.languages.declarations import Attribute, OperationDeclaration, Shape, Source
from servicehost.languages.generator import source as write_source
from servicehost.languages.typescript import TypeScript

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SERVICE = Service("Acme", "https://api.example.com", "http://schemas.example.com/acme", "Acme.ServiceModel")


class Recorder(TypeScript):
    """A language that records its source."""

    library: ClassVar[frozenset[str]] = frozenset({"ResponseStatus", "ResponseError"})

    def __init__(self) -> None:
        self.given: list[Source] = []

    def write(self, source: Source) -> Iterable[str]:
        """Write nothing."""
        self.given.append(source)
        return []


def prepared(catalog: Catalog, **query: str) -> Source:
    """Return the source of a whole file for a language with a client library."""
    recorder = Recorder()
    write_source(catalog, recorder, Options.from_query(query.items()), NOW)
    return recorder.given[0]


def shape(source: Source, name: str) -> Shape:
    """Return the declaration of a message."""
    return next(each for each in source.shapes if each.name == name)


async def _answer(_message: object, _call: Call) -> None:
    return None


def operation_of(*routes: Route) -> OperationDeclaration:
    """Return the operation of a request with these routes."""

    class Ask(Request[ResponseStatus]):
        """Ask."""

    Ask.routes = routes
    found = shape(prepared(Catalog(SERVICE, {Ask: _answer})), "Ask").operation
    assert found is not None
    return found


def test_types_of_the_client_library_are_named_but_not_declared(catalog: Catalog) -> None:
    """Undeclared types are listed, so that a language can import them."""
    source = prepared(catalog)
    assert source.undeclared == ("ResponseStatus",)
    assert "ResponseStatus" not in [each.name for each in source.types]


def test_the_scalars_and_markers_that_are_used(catalog: Catalog) -> None:
    """The used scalars and markers are listed once, for imports."""
    source = prepared(catalog)
    assert source.scalars == {Scalar.STRING, Scalar.INT, Scalar.GUID, Scalar.DATETIME}
    assert source.markers == ("IGet", "IPost")


def test_the_namespace_is_that_of_the_service_unless_asked_for(catalog: Catalog) -> None:
    """The option GlobalNamespace overrides the namespace."""
    assert prepared(catalog).namespaces == ("Acme.ServiceModel",)
    assert prepared(catalog, GlobalNamespace="Other").namespaces == ("Other",)


@pytest.mark.parametrize(
    ("routes", "verb", "marker"),
    [
        ((), "POST", None),
        ((Route("/a"),), "POST", None),
        ((Route("/a", ("GET",)),), "GET", "IGet"),
        ((Route("/a", ("PUT",)), Route("/b", ("PUT",))), "PUT", "IPut"),
        ((Route("/a", ("GET", "PUT")),), "POST", None),
        ((Route("/a", ("GET",)), Route("/b", ("PUT",))), "POST", None),
    ],
)
def test_the_verb_of_a_request(routes: tuple[Route, ...], verb: str, marker: str | None) -> None:
    """The verb comes from the routes; otherwise it is POST, without a marker."""
    operation = operation_of(*routes)
    assert (verb, marker) == (operation.verb, operation.marker)


def test_the_properties_of_a_base_are_inherited(catalog: Catalog) -> None:
    """Own properties come before inherited ones."""
    search = shape(prepared(catalog), "SearchGreetings")
    assert search.base == "PagedModel"
    assert [each.name for each in search.properties] == ["Text", "PageNumber", "PageSize"]


def test_what_is_required(catalog: Catalog) -> None:
    """Members are required if the contract says so, or if their value type is not nullable."""
    hello = shape(prepared(catalog), "Hello")
    expected = {"Name": True, "Id": True, "FriendIds": True, "Tone": True, "Labels": False, "When": False}
    assert expected == {each.name: each.required for each in hello.own}
    assert [each.name for each in hello.own if each.nullable_value] == ["When"]


def test_what_the_contract_states_is_an_attribute(catalog: Catalog) -> None:
    """Stated properties become an attribute; a member without any has none."""
    hello = shape(prepared(catalog), "Hello")
    arguments = (("DataType", "string"), ("Description", "Who to greet"), ("IsRequired", True), ("Name", "Name"))
    assert hello.own[0].attributes == (Attribute("ApiMember", named=arguments),)
    assert hello.own[1].attributes == ()


def test_only_operations_are_described(catalog: Catalog) -> None:
    """The docstrings of other types are for developers of the service."""
    described = [each.name for each in prepared(catalog).shapes if each.description]
    assert sorted(described) == ["Forget", "Hello", "SearchGreetings"]


def test_messages_that_answer_in_camel_case_say_so() -> None:
    """Their wire names are camelCase, as clients read them."""

    class SignInResponse(Message):
        """Who is signed in."""

        camel_case: ClassVar[bool] = True

        user_id: Annotated[str | None, Member("The user")] = None

    class SignIn(Request[SignInResponse]):
        """Sign in."""

    answer = shape(prepared(Catalog(SERVICE, {SignIn: _answer})), "SignInResponse")
    assert [(each.name, each.wire) for each in answer.own] == [("UserId", "userId")]


def test_a_snippet_has_no_exchange_and_no_header(catalog: Catalog) -> None:
    """Routes and return markers appear only in files."""
    recorder, operation = Recorder(), catalog.find("Hello")
    assert operation is not None
    snippet(catalog, operation, recorder)
    source = recorder.given[0]
    assert (False, ()) == (source.whole, source.header)
    assert all(each.operation is None for each in source.shapes)


def test_a_response_status_is_added_on_demand() -> None:
    """The option adds it to responses that lack it."""

    class Answer(Message):
        """An answer."""

    class Ask(Request[Answer]):
        """Ask."""

    catalog = Catalog(SERVICE, {Ask: _answer})
    assert [each.name for each in shape(prepared(catalog, AddResponseStatus="True"), "Answer").own] == [
        "ResponseStatus"
    ]
    assert shape(prepared(catalog), "Answer").own == ()
