"""Endpoints of operations in OpenAPI."""

from typing import Annotated, Any, ClassVar

from tests.support.shop import ChangeOrder, FindOrders, Page, Ping, catalog_of, shop

from servicehost.contract.messages import Member, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.openapi.endpoints import DocumentedEndpoint, endpoints


class Answering(Request[None]):
    """Has its own verb at a path where another operation accepts all."""

    routes = (Route("/things/{Id}", verbs=("POST",)),)

    id: Guid = EMPTY_GUID


class Asking(Request[None]):
    """Accepts all verbs at the same path, spelled differently."""

    changes_state: ClassVar[bool] = False
    routes = (Route("/Things/{ThingId}"),)

    thing_id: Guid = EMPTY_GUID


class Files(Request[None]):
    """Takes the rest of the path, at a path that another route declares without it."""

    changes_state: ClassVar[bool] = False
    routes = (Route("/files/{Path*}", verbs=("GET",)), Route("/files/{ignore}/info", verbs=("GET",)))

    path: str | None = None


class Twins(Request[None]):
    """Has two routes with the same literals."""

    routes = (Route("/twins/{Name}"), Route("/twins"))

    name: Annotated[str | None, Member()] = None


class Unreachable(Request[None]):
    """Changes state, and has a route that accepts only GET."""

    routes = (Route("/never", verbs=("GET",)),)


def found(*requests: type[Request[Any]]) -> list[DocumentedEndpoint]:
    """Return the endpoints of a catalog of these requests."""
    return endpoints(catalog_of(*requests))


def addresses(*requests: type[Request[Any]]) -> list[str]:
    """Return method and path of each endpoint."""
    return [f"{endpoint.method} {endpoint.path}" for endpoint in found(*requests)]


def ids(*requests: type[Request[Any]]) -> list[str]:
    """Return the id of each endpoint."""
    return [endpoint.operation_id for endpoint in found(*requests)]


def test_an_operation_that_changes_state_is_posted() -> None:
    """A route for all verbs means POST, because GET would be rejected."""
    expected = ["POST /api/orders/{OrderId}/cancel", "POST /api/orders/{OrderId}/ship", "POST /api/ChangeOrder"]
    assert expected == addresses(ChangeOrder)


def test_an_operation_that_reads_is_got_and_posted() -> None:
    """A route for all verbs means both, since published clients also post reading requests."""
    expected = ["GET /api/orders", "POST /api/orders", "GET /api/FindOrders", "POST /api/FindOrders"]
    assert expected == addresses(FindOrders)


def test_declared_verbs_count_but_for_a_get_that_changes_state() -> None:
    """Rejected methods are not documented."""
    assert ["POST /api/ping", "POST /api/Ping"] == addresses(Ping)


def test_a_route_that_answers_nothing_is_left_out() -> None:
    """A state-changing operation whose route accepts only GET is documented at its name only."""
    assert ["POST /api/Unreachable"] == addresses(Unreachable)


def test_ids_are_made_of_the_name_and_what_the_route_says() -> None:
    """The plain name is the id at the path made of it, independent of the routes."""
    assert ["ChangeOrder_orders_cancel", "ChangeOrder_orders_ship", "ChangeOrder"] == ids(ChangeOrder)


def test_the_second_method_of_a_path_is_named_in_the_id() -> None:
    """The first method needs no suffix."""
    assert ["FindOrders_orders", "FindOrders_orders_post", "FindOrders", "FindOrders_post"] == ids(FindOrders)


def test_ids_that_would_be_the_same_are_numbered() -> None:
    """Numbers follow the order of declaration, so that a later route changes none of them."""
    assert ["Twins_twins", "Twins_twins_2", "Twins"] == ids(Twins)


def test_every_id_is_used_once() -> None:
    """OpenAPI requires unique operation ids."""
    names = [endpoint.operation_id for endpoint in endpoints(shop())]
    assert len(names) == len(set(names))


def test_the_stronger_route_has_the_method() -> None:
    """If two routes match the same path, the one that the host chooses is documented."""
    expected = {"POST /api/things/{Id}": "Answering", "GET /api/things/{Id}": "Asking"}
    shared = [endpoint for endpoint in found(Answering, Asking) if "{" in endpoint.path]
    assert expected == {f"{endpoint.method} {endpoint.path}": endpoint.operation.name for endpoint in shared}


def test_a_path_that_two_operations_spell_otherwise_is_spelled_once() -> None:
    """The placeholder has the name of the first route, and sets the member of each."""
    (asking,) = [endpoint for endpoint in found(Answering, Asking) if endpoint.operation_id == "Asking_things"]
    ((name, member),) = asking.placeholders
    assert ("Id", "ThingId") == (name, member.name if member else None)


def test_an_unpublished_operation_is_left_out_and_takes_its_method_away() -> None:
    """A page that accepts GET hides only the GET of the same path."""
    assert addresses(ChangeOrder) == addresses(ChangeOrder, Page)


def test_the_rest_of_a_path_is_a_placeholder_like_any_other() -> None:
    """OpenAPI has no wildcards."""
    assert "GET /api/files/{Path}" in addresses(Files)


def test_an_ignored_placeholder_fills_no_member() -> None:
    """It is documented nevertheless, since the path contains it."""
    (info,) = [endpoint for endpoint in found(Files) if endpoint.path.endswith("/info")]
    assert (("ignore", None),) == info.placeholders


def test_the_path_decides_its_placeholders_and_what_the_route_sets() -> None:
    """Other members are in the body; an unpublished one only if nothing sets it."""
    cancel, _, named = found(ChangeOrder)
    assert ["Reason", "Lines"] == [member.name for member in cancel.bodily]
    assert ["OrderId", "Reason", "Lines", "Action"] == [member.name for member in named.bodily]


def test_a_get_has_a_query_and_no_body() -> None:
    """All members that the path does not set are in the query, those of the base type last."""
    first = found(FindOrders)[0]
    assert ["Text", "Sizes", "Labels", "Cheapest", "PageSize"] == [member.name for member in first.queried]
    assert () == first.bodily


def test_what_is_posted_is_in_the_body_whatever_place_a_member_states() -> None:
    """The stated place applies to pages; a password in a query would appear in logs."""
    _, route, _, named = found(FindOrders)
    assert [] == [member.name for member in route.queried]
    assert [] == [member.name for member in named.queried]
