"""The OpenAPI document of a service."""

import enum
import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.support.shop import (
    SERVICE,
    AddOrder,
    ChangeOrder,
    FindOrders,
    Hello,
    LookAround,
    Ping,
    catalog_of,
    nothing,
    shop,
)

from servicehost.contract.catalog import Catalog
from servicehost.formats.codec import Style
from servicehost.formats.registry import HOST_FORMATS, WIRE_FORMATS
from servicehost.openapi import as_json, document

EVERY_FORMAT = ["application/json", "application/xml", "application/jsv", "text/jsv", "text/csv", "text/jsonl"]


FORMATS = [each for each in WIRE_FORMATS if each.name in ("json", "xml", "jsv", "csv", "jsonl")]


def read(catalog: Catalog) -> Any:
    """Return the document as a client reads it."""
    return json.loads(as_json(document(catalog, FORMATS)))


@functools.cache
def of_shop() -> Any:
    """Return the document of the whole shop."""
    return read(shop())


def resolved(whole: Any, part: Any) -> Any:
    """Return a part, following a reference."""
    while "$ref" in part:
        _, kind, name = part["$ref"].removeprefix("#/").split("/")
        part = whole["components"][kind][name]
    return part


def responses(whole: Any, method: str, path: str) -> dict[str, Any]:
    """Return the responses of an endpoint by status."""
    found = whole["paths"][path][method]["responses"]
    return {status: resolved(whole, response) for status, response in found.items()}


def bodies(whole: Any, method: str, path: str) -> Any:
    """Return the bodies of an endpoint by media type."""
    return resolved(whole, whole["paths"][path][method]["requestBody"])["content"]


def examples(whole: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield every JSON example: its location, its schema, the example."""
    for kind in ("requestBodies", "responses"):
        for name, part in whole["components"][kind].items():
            content = part["content"]["application/json"]
            yield f"{kind}/{name}", content["schema"], content["example"]


@pytest.mark.parametrize("catalog", [shop(), catalog_of()], ids=["shop", "empty"])
def test_it_is_valid_openapi(catalog: Catalog) -> None:
    """Every reference resolves, every id is unique, every placeholder is a parameter."""
    assert [] == list(OpenAPIV31SpecValidator(read(catalog)).iter_errors())


def test_every_example_is_of_its_schema() -> None:
    """Formats are checked too: a Guid with dashes, a date with a time zone."""
    whole = of_shop()
    for where, schema, example in examples(whole):
        validator = OAS31Validator({**whole, **schema}, format_checker=oas31_format_checker)
        assert [] == [f"{where}: {error.message}" for error in validator.iter_errors(example)]


@pytest.mark.parametrize("media", EVERY_FORMAT)
def test_a_request_is_read_from_its_example(media: str) -> None:
    """The example in each format is equivalent to the one in JSON."""
    content = bodies(of_shop(), "post", "/api/orders/{OrderId}/cancel")
    style, model = Style(SERVICE.namespace), shop().types.message(ChangeOrder)
    (format_,) = [each for each in FORMATS if media in each.media_types]
    example = content[media]["example"]
    body = example if isinstance(example, str) else json.dumps(example)
    values = dict(format_.reader(model, style)(body.encode()))
    assert ("String", 1) == (values["reason"], len(values["lines"]))


def test_a_route_speaks_every_format() -> None:
    """Forms are omitted: generators treat them as a second way to send the body."""
    whole = of_shop()
    assert EVERY_FORMAT == list(responses(whole, "put", "/api/orders")["200"]["content"])
    assert EVERY_FORMAT == list(bodies(whole, "put", "/api/orders"))


def test_the_path_of_a_name_speaks_json() -> None:
    """The path decides the format of bodies and of responses; other supported formats are not documented."""
    whole = of_shop()
    assert ["application/json"] == list(bodies(whole, "post", "/api/AddOrder"))
    assert ["application/json"] == list(responses(whole, "post", "/api/AddOrder")["200"]["content"])


def test_formats_that_are_added_are_documented() -> None:
    """The document contains exactly the given formats."""
    whole = document(catalog_of(AddOrder), FORMATS[:1])
    assert EVERY_FORMAT[:1] == list(bodies(whole, "put", "/api/orders"))


def test_a_page_is_answered_and_never_read() -> None:
    """HTML is only a response format, requested by the `format` name."""
    whole = json.loads(as_json(document(catalog_of(AddOrder), HOST_FORMATS)))
    assert "text/html" in responses(whole, "put", "/api/orders")["200"]["content"]
    assert "text/html" not in bodies(whole, "put", "/api/orders")


def test_rows_are_texts() -> None:
    """CSV and JSON lines do not have the structure of the message."""
    content = responses(of_shop(), "put", "/api/orders")["200"]["content"]
    assert {"type": "string", "contentMediaType": "text/csv"} == content["text/csv"]["schema"]
    assert {"$ref": "#/components/schemas/OrderResponseDto"} == content["application/xml"]["schema"]


def test_refusals_at_a_name_are_in_camel_case() -> None:
    """Clients of these paths read only camelCase names; on routes names are as declared."""
    whole = of_shop()
    named, route = responses(whole, "post", "/api/AddOrder"), responses(whole, "put", "/api/orders")
    assert ["responseStatus"] == list(named["400"]["content"]["application/json"]["example"])
    assert ["ResponseStatus"] == list(route["400"]["content"]["application/json"]["example"])


def test_only_the_host_s_own_answers_at_a_name_are_in_camel_case() -> None:
    """Other responses keep their names, as generated clients read them."""
    whole = of_shop()
    named, route = responses(whole, "post", "/api/Hello"), responses(whole, "post", "/api/greetings")
    assert {"userName": "String"} == named["200"]["content"]["application/json"]["example"]
    assert {"UserName": "String"} == route["200"]["content"]["application/json"]["example"]
    order = responses(whole, "post", "/api/AddOrder")["200"]["content"]["application/json"]["example"]
    assert ["OrderId", "Placed", "Total", "Lines"] == list(order)


def test_an_example_of_a_success_has_no_status() -> None:
    """The status is absent unless the request failed."""
    content = responses(of_shop(), "put", "/api/orders")["200"]["content"]
    assert "ResponseStatus" not in content["application/json"]["example"]
    assert "String" not in content["application/xml"]["example"].partition("<ResponseStatus")[2]


def test_an_operation_without_response_answers_204() -> None:
    """The response has no content."""
    answers = responses(read(catalog_of(Ping)), "post", "/api/ping")
    assert "200" not in answers
    assert "content" not in answers["204"]


def test_an_act_is_documented_with_every_refusal() -> None:
    """These are the errors of the host, and those of handlers of state-changing operations."""
    expected = [200, 400, 401, 403, 404, 405, 408, 409, 410, 413, 414, 415, 429, 431, 500, 503]
    assert expected == list(map(int, responses(of_shop(), "post", "/api/ChangeOrder")))


def test_the_server_itself_answers_in_plain_text() -> None:
    """Errors before the request is parsed are documented as plain text in addition to the formats."""
    answers = responses(of_shop(), "post", "/api/ChangeOrder")

    assert ["400", "408", "414", "431"] == [
        status for status, each in answers.items() if "text/plain" in each.get("content", {})
    ]


def test_a_reading_has_no_state_to_conflict_with_and_no_body() -> None:
    """The errors for conflicts, expired items and large bodies are absent."""
    expected = [200, 400, 401, 403, 404, 405, 414, 429, 431, 500, 503]
    assert expected == list(map(int, responses(of_shop(), "get", "/api/orders")))


def test_what_names_nothing_is_never_not_found() -> None:
    """A request without members has no id that could be wrong."""
    assert "404" not in responses(read(catalog_of(LookAround)), "get", "/api/LookAround")


def test_a_refusal_says_its_code_and_its_headers() -> None:
    """They match those of the host."""
    refused = responses(of_shop(), "put", "/api/orders")["429"]
    status = refused["content"]["application/json"]["example"]["ResponseStatus"]
    assert ("TooManyRequests", []) == (status["ErrorCode"], status["Errors"])
    assert ["Retry-After", "X-Request-Id"] == list(refused["headers"])


class Code(enum.Enum):
    """Error codes of a service."""

    SoldOut = 409, "The book is sold out."
    TooLate = 409, "The order has left."
    NotFound = 404, "There is no such order."

    def __init__(self, status: int, when: str) -> None:
        self.status = status
        self.when = when


def test_a_service_lists_its_error_codes() -> None:
    """The description of each error status lists the codes that the service has for it; other statuses keep theirs."""
    catalog = Catalog(SERVICE, {ChangeOrder: nothing}, error_codes=Code)
    told = responses(read(catalog), "post", "/api/ChangeOrder")
    plain = responses(of_shop(), "post", "/api/ChangeOrder")

    codes = "\n\n- `SoldOut`: The book is sold out.\n- `TooLate`: The order has left."
    assert plain["409"]["description"] + codes == told["409"]["description"]
    assert plain["429"]["description"] == told["429"]["description"]


def test_a_bad_request_names_the_field() -> None:
    """All errors are listed together, each with its member."""
    refused = responses(of_shop(), "put", "/api/orders")["400"]
    (error,) = refused["content"]["application/json"]["example"]["ResponseStatus"]["Errors"]
    assert {"ErrorCode": "NotEmpty", "FieldName": "ContactId", "Message": "'Contact Id' must not be empty."} == error


def test_a_caller_signs_in_by_any_of_the_schemes() -> None:
    """The required role is stated; public operations have no scheme."""
    paths = of_shop()["paths"]
    assert [{"bearer": []}, {"basic": []}, {"cookie": []}] == paths["/api/orders"]["put"]["security"]
    assert [{"bearer": ["clerk"]}, {"basic": ["clerk"]}, {"cookie": ["clerk"]}] == paths["/api/ping"]["post"][
        "security"
    ]
    assert [] == paths["/api/greetings"]["post"]["security"]


def test_the_server_is_the_public_url() -> None:
    """The address of a request does not matter."""
    assert [{"url": "https://shop.example.com"}] == of_shop()["servers"]


def test_operations_on_the_same_things_have_the_same_tag() -> None:
    """The tag is the first literal of the first route; operations without routes share one."""
    whole = read(catalog_of(ChangeOrder, LookAround))
    assert [{"name": "operations"}, {"name": "orders"}] == whole["tags"]
    assert ["orders"] == whole["paths"]["/api/ChangeOrder"]["post"]["tags"]


def test_a_list_in_a_query_repeats_its_name_and_an_object_is_json() -> None:
    """A query cannot express objects otherwise."""
    parameters = read(catalog_of(FindOrders))["paths"]["/api/orders"]["get"]["parameters"]
    by_name = {parameter["name"]: parameter for parameter in parameters}
    expected = {"type": "array", "items": {"$ref": "#/components/schemas/SizeDto"}, "maxItems": 1000}
    assert expected == by_name["Sizes"]["schema"]
    assert ["application/json"] == list(by_name["Labels"]["content"])


def test_a_parameter_is_required_when_its_absence_is_refused() -> None:
    """A parameter in the path is always required."""
    parameters = read(catalog_of(FindOrders))["paths"]["/api/orders"]["get"]["parameters"]
    assert ["Text"] == [parameter["name"] for parameter in parameters if parameter.get("required")]


def test_a_body_is_required_at_a_name_when_one_of_its_members_is() -> None:
    """Generated clients send it there; on a route the members may be in the query instead."""
    whole = of_shop()["components"]["requestBodies"]
    assert (True, False) == (whole["ChangeOrderAsJson"]["required"], whole["HelloAsJson"]["required"])
    assert "required" not in whole["ChangeOrderBody"]


def test_places_that_leave_the_same_open_share_a_body() -> None:
    """Two routes of one operation differ in the members that they set."""
    paths = of_shop()["paths"]
    cancel, ship = (paths[f"/api/orders/{{OrderId}}/{act}"]["post"]["requestBody"] for act in ("cancel", "ship"))
    assert cancel == ship


def test_the_names_of_host_and_operations_are_told() -> None:
    """These are the title, the summary, the description, and the link to the page."""
    whole = read(catalog_of(Hello))
    operation = whole["paths"]["/api/Hello"]["post"]
    assert "Shop" == whole["info"]["title"]
    assert ("Hello", "Greet a person.") == (operation["summary"], operation["description"])
    assert "https://shop.example.com/api/json/metadata?op=Hello" == operation["externalDocs"]["url"]
