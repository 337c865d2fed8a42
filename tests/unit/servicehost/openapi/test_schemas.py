"""Types as OpenAPI's schemas have them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pytest
from tests.support.shop import AddOrder, ChangeOrder, FindOrders, HelloResponse, Line, OrderResponse, Size, catalog_of

from servicehost.contract.messages import Member, Message, Request
from servicehost.contract.scalars import EMPTY_GUID, Guid, Long
from servicehost.openapi.schemas import EXTENSION, Notation, Part, Schemas


class Tree(Message):
    """Holds itself."""

    name: str
    branches: list["Tree"]


class Holder(Request[Tree]):
    """Holds a message that it is answered with too."""

    tree: Tree


def another_line() -> type[Message]:
    """A class of a name that the shop has too."""

    class Line(Message):
        """A line of text."""

        text: str

    return Line


def schema(annotation: Any) -> Part:
    """The schema of a type."""
    catalog = catalog_of()
    return Schemas(catalog).of(catalog.types.node(annotation))


def component(message: type[Message], notation: Notation = Notation.AS_DECLARED, *requests: type[Request[Any]]) -> Any:
    """The component of a message, in a document of these requests."""
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
    """Formats say what JSON's types do not; null stands beside the type, as OpenAPI 3.1 has it."""
    assert expected == schema(annotation)


def test_a_list_says_how_xml_names_its_items() -> None:
    """In XML a list is an element with an element for each item, named as DataContract names them."""
    arrays = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
    items = {"type": "string", "format": "uuid", "xml": {"name": "guid", "namespace": arrays}}
    assert {"type": "array", "items": items, "xml": {"wrapped": True}} == schema(list[Guid])


def test_an_enumeration_is_its_names() -> None:
    """As they are on the wire."""
    catalog = catalog_of()
    schemas = Schemas(catalog)
    schemas.of(catalog.types.node(Size))
    expected = {"type": "string", "enum": ["Small", "Extra Large"], "description": "How large it is."}
    assert expected == schemas.components["SizeDto"]


def test_a_request_requires_what_the_host_refuses_to_miss() -> None:
    """A list marked required may be left out, since published clients drop empty ones."""
    assert ["OrderId", "Reason"] == component(ChangeOrder)["required"]


def test_what_must_be_given_is_not_empty() -> None:
    """The empty Guid, the empty text and null count as absent."""
    properties = component(ChangeOrder)["properties"]
    assert {"const": EMPTY_GUID} == properties["OrderId"]["not"]
    assert {"type": "string", "maxLength": 4000, "minLength": 1, "description": "Why."} == properties["Reason"]


def test_texts_and_lists_of_a_request_are_bounded() -> None:
    """Each by its member; those of dictionaries too, and those of messages inside."""
    properties = component(FindOrders, Notation.AS_DECLARED, FindOrders)["properties"]
    labels = properties["Labels"]
    assert (4000, 1000) == (properties["Text"]["maxLength"], properties["Sizes"]["maxItems"])
    assert (1000, 4000) == (labels["maxProperties"], labels["additionalProperties"]["maxLength"])
    assert {"type": "string", "maxLength": 4000} == labels["propertyNames"]
    assert 4000 == component(Line, Notation.AS_DECLARED, AddOrder)["properties"]["Note"]["maxLength"]


def test_texts_and_lists_of_an_answer_are_not_bounded() -> None:
    """Longer values that are stored already stay readable."""
    properties = component(OrderResponse, Notation.AS_DECLARED, FindOrders)["properties"]
    assert "maxItems" not in properties["Lines"]
    assert {"type": ["string", "null"]} == component(HelloResponse)["properties"]["UserName"]


def test_an_answer_requires_what_is_always_there() -> None:
    """All that is never null."""
    assert ["OrderId", "Placed", "Lines"] == component(OrderResponse)["required"]


def test_a_message_inside_a_request_requires_nothing() -> None:
    """What is absent there has its empty value, also when the same message is answered."""
    assert "required" not in component(Line, Notation.AS_DECLARED, AddOrder)
    assert "required" not in component(Tree, Notation.AS_DECLARED, Holder)


def test_an_unpublished_member_is_marked() -> None:
    """It is part of the document and says that it is an extension."""
    assert f"{EXTENSION} The act." == component(ChangeOrder)["properties"]["Action"]["description"]


def test_members_of_the_base_are_among_the_message_s_own() -> None:
    """A message is told whole, in the order of JSON."""

    class Small(Line):
        """Derives."""

        extra: Annotated[str | None, Member()] = None

    assert ["Extra", "ItemId", "Note", "Amount"] == list(component(Small)["properties"])


def test_a_message_that_holds_itself_refers_to_itself() -> None:
    """Its name is known before its schema is made."""
    branches = component(Tree)["properties"]["Branches"]
    assert "#/components/schemas/TreeDto" == branches["items"]["$ref"]


def test_a_message_in_camel_case_has_a_component_of_its_own() -> None:
    """With the members' names as clients of the operation's name read them."""
    assert ["userName"] == list(component(HelloResponse, Notation.CAMEL_CASE)["properties"])


def test_messages_inside_one_in_camel_case_are_in_camel_case_too() -> None:
    """All the way down."""
    status = component(OrderResponse, Notation.CAMEL_CASE)["properties"]["responseStatus"]
    assert "#/components/schemas/ResponseStatusCamelCaseDto" == status["anyOf"][0]["$ref"]


def test_a_value_in_a_query_has_no_null_and_no_names_for_xml() -> None:
    """A message in it is written as JSON."""
    catalog = catalog_of(AddOrder, FindOrders)
    schemas = Schemas(catalog)
    found = {m.name: m for request in (AddOrder, FindOrders) for m in catalog.types.message(request).members}
    assert {"type": "string", "format": "duration"} == schemas.given(found["Delay"])
    assert {"$ref": "#/components/schemas/LineDto"} == schemas.given(found["Line"])
    assert "xml" not in schemas.given(found["Sizes"])


def test_every_schema_ends_in_what_no_generator_puts_at_the_end_of_a_name() -> None:
    """Messages, parts of requests, answers in camelCase and enumerations."""
    catalog = catalog_of(ChangeOrder, FindOrders)
    schemas = Schemas(catalog)
    change, find = (catalog.types.message(request) for request in (ChangeOrder, FindOrders))
    names = [schemas.message(change), schemas.body(change, change.members[1:]), schemas.message(find)]
    names.append(schemas.message(catalog.types.message(OrderResponse), Notation.CAMEL_CASE))
    assert ["ChangeOrderDto", "ChangeOrderBodyDto", "FindOrdersDto", "OrderResponseCamelCaseDto"] == names
    assert all(name.endswith("Dto") for name in schemas.components)


def test_messages_of_one_name_are_kept_apart() -> None:
    """Two classes may have the same name in different modules."""
    other = another_line()
    catalog = catalog_of()
    schemas = Schemas(catalog)
    names = [schemas.message(catalog.types.message(each)) for each in (Line, other, Line)]
    assert ["LineDto", "Line2Dto", "LineDto"] == names
