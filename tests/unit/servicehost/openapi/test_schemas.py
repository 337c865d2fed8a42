"""Types as OpenAPI schemas."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pytest
from tests.support.shop import AddOrder, ChangeOrder, FindOrders, HelloResponse, Line, OrderResponse, Size, catalog_of

from servicehost.contract.messages import Member, Message, Request
from servicehost.contract.scalars import EMPTY_GUID, Guid, Long
from servicehost.openapi.schemas import EXTENSION, Notation, Part, Schemas


class Tree(Message):
    """A recursive message."""

    name: str
    branches: list["Tree"]


class Holder(Request[Tree]):
    """Contains a message that is also in its response."""

    tree: Tree


def another_line() -> type[Message]:
    """Return a class with the same name as one of the shop."""

    class Line(Message):
        """A line of text."""

        text: str

    return Line


def schema(annotation: Any) -> Part:
    """Return the schema of a type."""
    catalog = catalog_of()
    return Schemas(catalog).of(catalog.types.node(annotation))


def component(message: type[Message], notation: Notation = Notation.AS_DECLARED, *requests: type[Request[Any]]) -> Any:
    """Return the component of a message, in a document of these requests."""
    catalog = catalog_of(*requests)
    schemas = Schemas(catalog)
    return schemas.components[schemas.message(catalog.types.message(message), notation)]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (str, {"type": "string"}),
        (bool, {"type": "boolean"}),
        (int, {"type": "integer", "format": "int32"}),
        (Long, {"type": "integer", "format": "int64"}),
        (float, {"type": "number", "format": "double"}),
        (Decimal, {"type": "number", "format": "decimal"}),
        (Guid, {"type": "string", "format": "uuid"}),
        (datetime, {"type": "string", "format": "date-time"}),
        (timedelta, {"type": "string", "format": "duration"}),
        (bytes, {"type": "string", "contentEncoding": "base64"}),
        (Guid | None, {"type": ["string", "null"], "format": "uuid"}),
        (Size, {"$ref": "#/components/schemas/SizeDto"}),
        (Line, {"$ref": "#/components/schemas/LineDto"}),
        (Line | None, {"anyOf": [{"$ref": "#/components/schemas/LineDto"}, {"type": "null"}]}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer", "format": "int32"}}),
        (
            dict[Guid, str],
            {
                "type": "object",
                "propertyNames": {"type": "string", "format": "uuid"},
                "additionalProperties": {"type": "string"},
            },
        ),
    ],
)
def test_every_type_has_a_schema(annotation: Any, expected: Part) -> None:
    """Formats refine JSON's types; null is a second type, as OpenAPI 3.1 defines."""
    assert expected == schema(annotation)


def test_a_list_says_how_xml_names_its_items() -> None:
    """In XML a list is an element with one element per item, named by DataContract's rules."""
    arrays = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
    items = {"type": "string", "format": "uuid", "xml": {"name": "guid", "namespace": arrays}}
    assert {"type": "array", "items": items, "xml": {"wrapped": True}} == schema(list[Guid])


def test_an_enumeration_is_its_names() -> None:
    """The schema lists the wire texts."""
    catalog = catalog_of()
    schemas = Schemas(catalog)
    schemas.of(catalog.types.node(Size))
    expected = {"type": "string", "enum": ["Small", "Extra Large"], "description": "How large it is."}
    assert expected == schemas.components["SizeDto"]


def test_a_request_requires_what_the_host_refuses_to_miss() -> None:
    """A list marked as required may be absent, since published clients omit empty ones."""
    assert ["OrderId", "Reason"] == component(ChangeOrder)["required"]


def test_what_must_be_given_is_not_empty() -> None:
    """The empty Guid, the empty text and null count as absent."""
    properties = component(ChangeOrder)["properties"]
    assert {"const": EMPTY_GUID} == properties["OrderId"]["not"]
    assert {"type": "string", "maxLength": 4000, "minLength": 1, "description": "Why."} == properties["Reason"]


def test_texts_and_lists_of_a_request_are_bounded() -> None:
    """Each member has bounds, also in dictionaries and nested messages."""
    properties = component(FindOrders, Notation.AS_DECLARED, FindOrders)["properties"]
    labels = properties["Labels"]
    assert (4000, 1000) == (properties["Text"]["maxLength"], properties["Sizes"]["maxItems"])
    assert (1000, 4000) == (labels["maxProperties"], labels["additionalProperties"]["maxLength"])
    assert {"type": "string", "maxLength": 4000} == labels["propertyNames"]
    assert 4000 == component(Line, Notation.AS_DECLARED, AddOrder)["properties"]["Note"]["maxLength"]


def test_texts_and_lists_of_an_answer_are_not_bounded() -> None:
    """Longer values that are already stored remain readable."""
    properties = component(OrderResponse, Notation.AS_DECLARED, FindOrders)["properties"]
    assert "maxItems" not in properties["Lines"]
    assert {"type": ["string", "null"]} == component(HelloResponse)["properties"]["UserName"]


def test_an_answer_requires_what_is_always_there() -> None:
    """Members that are never null are required."""
    assert ["OrderId", "Placed", "Lines"] == component(OrderResponse)["required"]


def test_a_message_inside_a_request_requires_nothing() -> None:
    """Absent members get their empty value, even if the message is also in a response."""
    assert "required" not in component(Line, Notation.AS_DECLARED, AddOrder)
    assert "required" not in component(Tree, Notation.AS_DECLARED, Holder)


def test_an_unpublished_member_is_marked() -> None:
    """Its description says that it is an extension."""
    assert f"{EXTENSION} The act." == component(ChangeOrder)["properties"]["Action"]["description"]


def test_members_of_the_base_are_among_the_message_s_own() -> None:
    """The schema contains all members, in JSON order."""

    class Small(Line):
        """Derives."""

        extra: Annotated[str | None, Member()] = None

    assert ["Extra", "ItemId", "Note", "Amount"] == list(component(Small)["properties"])


def test_a_message_that_holds_itself_refers_to_itself() -> None:
    """Its name is known before its schema is built."""
    branches = component(Tree)["properties"]["Branches"]
    assert "#/components/schemas/TreeDto" == branches["items"]["$ref"]


def test_a_message_in_camel_case_has_a_component_of_its_own() -> None:
    """Its member names are those that clients of the operation's name read."""
    assert ["userName"] == list(component(HelloResponse, Notation.CAMEL_CASE)["properties"])


def test_messages_inside_one_in_camel_case_are_in_camel_case_too() -> None:
    """This applies to all levels."""
    status = component(OrderResponse, Notation.CAMEL_CASE)["properties"]["responseStatus"]
    assert "#/components/schemas/ResponseStatusCamelCaseDto" == status["anyOf"][0]["$ref"]


def test_a_value_in_a_query_has_no_null_and_no_names_for_xml() -> None:
    """A message in a query is written as JSON."""
    catalog = catalog_of(AddOrder, FindOrders)
    schemas = Schemas(catalog)
    found = {m.name: m for request in (AddOrder, FindOrders) for m in catalog.types.message(request).members}
    assert {"type": "string", "format": "duration"} == schemas.given(found["Delay"])
    assert {"$ref": "#/components/schemas/LineDto"} == schemas.given(found["Line"])
    assert "xml" not in schemas.given(found["Sizes"])


def test_every_schema_ends_in_what_no_generator_puts_at_the_end_of_a_name() -> None:
    """This applies to messages, parts of requests, camelCase responses and enumerations."""
    catalog = catalog_of(ChangeOrder, FindOrders)
    schemas = Schemas(catalog)
    change, find = (catalog.types.message(request) for request in (ChangeOrder, FindOrders))
    names = [schemas.message(change), schemas.body(change, change.members[1:]), schemas.message(find)]
    names.append(schemas.message(catalog.types.message(OrderResponse), Notation.CAMEL_CASE))
    assert ["ChangeOrderDto", "ChangeOrderBodyDto", "FindOrdersDto", "OrderResponseCamelCaseDto"] == names
    assert all(name.endswith("Dto") for name in schemas.components)


def test_messages_of_one_name_are_kept_apart() -> None:
    """Two classes in different modules may have the same name."""
    other = another_line()
    catalog = catalog_of()
    schemas = Schemas(catalog)
    names = [schemas.message(catalog.types.message(each)) for each in (Line, other, Line)]
    assert ["LineDto", "Line2Dto", "LineDto"] == names
