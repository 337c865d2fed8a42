"""Tests of the contract file with .NET names."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import msgspec
import pytest
from tests.support.contracts import request
from tests.support.shop import AddOrder, ChangeOrder, FindOrders, Hello, LookAround, Page, Ping, Size, catalog_of, shop

from servicehost.contract.messages import Member, Request
from servicehost.contract.metadata_types import MetadataTypes, contract_file
from servicehost.contract.scalars import Guid, Long


def file_of(*requests: type[Request[Any]]) -> Any:
    """The contract file of a catalog of these requests."""
    return contract_file(catalog_of(*requests))


def operation(asked: type[Request[Any]]) -> Any:
    """The entry of one operation in the file."""
    (found,) = file_of(asked)["operations"]
    return found


def member(annotation: Any) -> Any:
    """The entry of a member of this type in the file."""
    (found,) = operation(request({"thing": annotation}))["request"]["properties"]
    return found


@pytest.mark.parametrize(
    ("annotation", "name", "arguments", "namespace"),
    [
        (str | None, "String", None, "System"),
        (bool, "Boolean", None, "System"),
        (int, "Int32", None, "System"),
        (Long, "Int64", None, "System"),
        (float, "Double", None, "System"),
        (Decimal, "Decimal", None, "System"),
        (Guid, "Guid", None, "System"),
        (datetime, "DateTime", None, "System"),
        (timedelta, "TimeSpan", None, "System"),
        (bytes, "Byte[]", None, "System"),
        (Guid | None, "Nullable`1", ["Guid"], "System"),
        (Size | None, "Nullable`1", ["Size"], "System"),
        (Size, "Size", None, "Acme.Shop"),
        (list[Guid], "List`1", ["Guid"], "System.Collections.Generic"),
        (list[list[int]], "List`1", ["List<Int32>"], "System.Collections.Generic"),
        (dict[str, Size], "Dictionary`2", ["String", "Size"], "System.Collections.Generic"),
    ],
)
def test_types_have_the_names_of_dotnet(
    annotation: Any, name: str, arguments: list[str] | None, namespace: str
) -> None:
    """Types have .NET names with the number of their arguments, and the arguments separately."""
    found = member(annotation)
    assert (name, arguments, namespace) == (found["type"], found.get("genericArgs"), found["namespace"])


def test_defaults_are_omitted() -> None:
    """Default values are omitted: an ordinary string member has only its name and type."""
    assert {"name": "Thing", "type": "String", "namespace": "System"} == member(str | None)


def test_a_member_has_the_stated_properties() -> None:
    """A member states its description, its location, its displayed type and that it is required."""
    stated = member(Annotated[str | None, Member("A thing.", required=True, place="form", data_type="Guid")])
    expected = {"description": "A thing.", "isRequired": True, "paramType": "form", "displayType": "Guid"}
    assert expected == {name: stated[name] for name in expected}


def test_a_reference_that_is_never_null_says_so() -> None:
    """A reference type that is never null states it, because .NET's name does not."""
    assert (True, None) == (member(str).get("notNull"), member(int).get("notNull"))


def test_enforced_is_stated_only_if_it_does_not_follow() -> None:
    """`enforced` is stated only if it does not follow from the type and the required mark."""
    assert False is member(Annotated[str | None, Member(required=True, enforced=False)])["enforced"]
    assert "enforced" not in member(Annotated[str | None, Member(required=True)])


def test_an_unpublished_member_is_left_out() -> None:
    """An unpublished member is left out."""
    assert ["OrderId", "Reason", "Lines"] == [each["name"] for each in operation(ChangeOrder)["request"]["properties"]]


def test_an_unpublished_operation_is_left_out() -> None:
    """An unpublished operation, such as a page of a web application, is left out."""
    assert [] == file_of(Page)["operations"]


def test_a_base_type_is_an_entry_of_its_own() -> None:
    """A base type is an entry of its own; the derived type names it and lists only its own members."""
    found = file_of(FindOrders)
    told = found["operations"][0]["request"]
    assert {"name": "Paged", "namespace": "Acme.Shop"} == told["inherits"]
    assert "PageSize" not in [each["name"] for each in told["properties"]]
    assert "Paged" in [each["name"] for each in found["types"]]


def test_requests_and_responses_are_not_among_the_other_types() -> None:
    """Requests and responses are listed with their operations, not with other types."""
    assert ["Line", "ResponseError", "ResponseStatus", "Size"] == [
        each["name"] for each in file_of(AddOrder, FindOrders)["types"] if each["name"] != "Paged"
    ]


def test_an_enumeration_has_identifiers_and_what_they_are_on_the_wire() -> None:
    """An enumeration has identifiers as names and separate wire values."""
    (size,) = [each for each in file_of(FindOrders)["types"] if each["name"] == "Size"]
    assert ["Small", "ExtraLarge"] == size["enumNames"]
    assert ["Small", "Extra Large"] == size["enumMemberValues"]


def test_routes_have_their_verbs_unless_they_answer_all() -> None:
    """Routes list their verbs as declared, or none if they support all."""
    assert [{"path": "/ping", "verbs": "GET,POST"}] == operation(Ping)["routes"]
    assert [{"path": "/orders"}] == operation(FindOrders)["routes"]


def test_actions_of_an_operation_that_changes_state() -> None:
    """The actions of an operation that changes state do not include GET."""
    assert ["POST", "PUT", "PATCH", "DELETE"] == operation(ChangeOrder)["actions"]
    assert ["ANY"] == operation(FindOrders)["actions"]


def test_the_method_of_clients_is_the_one_that_a_route_names() -> None:
    """The clients' method is the one that a route names, or POST if routes name none or several."""
    assert ["PUT", "POST", "POST"] == [operation(each)["method"] for each in (AddOrder, FindOrders, Ping)]


def test_access_is_stated() -> None:
    """Required access is stated; a public operation states nothing."""
    assert (True, ["clerk"]) == (operation(Ping)["requiresAuth"], operation(Ping)["requiredRoles"])
    assert "requiresAuth" not in operation(LookAround)


def test_an_operation_without_response_returns_void() -> None:
    """An operation without a response returns void and has no return type."""
    assert True is operation(Ping)["returnsVoid"]
    assert "returnType" not in operation(Ping)
    assert {"name": "OrderResponse", "namespace": "Acme.Shop"} == operation(AddOrder)["returnType"]


def test_the_host_s_own_messages_have_a_data_contract() -> None:
    """The host's own messages have a data contract, their own namespace, and members in declared order."""
    told = operation(Hello)["request"]
    assert ("ServiceStack", {}) == (told["namespace"], told["dataContract"])
    assert {"order": 1} == told["properties"][0]["dataMember"]


def test_the_file_names_its_service() -> None:
    """The file states the service's address and the namespaces of its types."""
    whole = contract_file(shop())
    assert "https://shop.example.com/api" == msgspec.convert(whole, MetadataTypes).config.base_url
    assert ["Acme.Shop", "ServiceStack", "System", "System.Collections.Generic"] == whole["namespaces"]


def test_the_file_is_plain_json() -> None:
    """The file survives a round trip through JSON."""
    whole = contract_file(shop())
    assert whole == msgspec.json.decode(msgspec.json.encode(whole))
