"""The OpenAPI document of a service: every published operation, at every place where it is served."""

from collections.abc import Mapping, Sequence
from typing import Final

from servicehost.contract.catalog import Catalog, Operation, Service
from servicehost.formats.codec import Format
from servicehost.formats.registry import HOST_FORMATS
from servicehost.openapi.answers import HEADERS, Answers
from servicehost.openapi.content import Content
from servicehost.openapi.inputs import Inputs
from servicehost.openapi.places import Place, places
from servicehost.openapi.schemas import Part, Schemas
from servicehost.routing import parse_template
from servicehost.security.cookies import ACCESS

_SECURITY: Final[Mapping[str, Part]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of Authenticate or GetAccessToken.",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "E-mail address and password with each request."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": ACCESS,
        "description": "The cookies that Authenticate sets. A page of another site cannot use them to change anything.",
    },
}

_UNTAGGED: Final = "operations"
"""The tag of operations without routes."""


def document(catalog: Catalog, formats: Sequence[Format] = HOST_FORMATS) -> Part:
    """The OpenAPI 3.1 document of a service that speaks these formats. It depends on nothing else: make it once."""
    schemas, content = Schemas(catalog), Content(formats, catalog.service.namespace)
    inputs, answers = Inputs(schemas, content), Answers(catalog.types, schemas, content)
    served = places(catalog)
    paths: dict[str, Part] = {}
    for place in served:
        paths.setdefault(place.path, {})[place.method.lower()] = _operation(place, catalog.service, inputs, answers)
    return {
        **_head(catalog.service),
        "tags": [{"name": name} for name in sorted({_tag(place.operation) for place in served})],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.components.items())),
            "requestBodies": dict(sorted(inputs.components.items())),
            "responses": dict(sorted(answers.components.items())),
            "headers": dict(HEADERS),
            "securitySchemes": dict(_SECURITY),
        },
    }


def _head(service: Service) -> Part:
    return {
        "openapi": "3.1.0",
        "info": {"title": service.name, "version": service.version, "description": _about(service)},
        "servers": [{"url": service.public_url}],
        "externalDocs": {"url": f"{service.base_url}/metadata", "description": "The documentation pages."},
    }


def _about(service: Service) -> str:
    """What holds for every operation, so that none needs to say it."""
    return " ".join(
        [
            f"Every operation is served at its routes and at `{service.mount}/` with its name.",
            "What is documented for POST is answered to PUT, PATCH and DELETE too, unless a route names its methods;",
            "an operation that changes something refuses GET, except with a bearer token.",
            "Members are understood in path, query, form (urlencoded or multipart) and body, by names in any casing.",
            "The format of an answer is chosen by a suffix of the path (`.xml`), by `?format=`, or by Accept.",
            "An error has a ResponseStatus that says why; in XML it is a member of the operation's own response.",
            f"At `{service.mount}/` with a name, bodies are JSON or forms, answers are JSON unless the path or the query",
            "asks for another format, and refusals and the host's own messages have camelCase names; generated clients",
            "are best served there.",
        ]
    )


def _operation(place: Place, service: Service, inputs: Inputs, answers: Answers) -> Part:
    operation, body = place.operation, inputs.body(place)
    description = operation.request.description
    return {
        "operationId": place.operation_id,
        "tags": [_tag(operation)],
        "summary": operation.name,
        **({"description": description} if description else {}),
        "externalDocs": {"url": f"{service.base_url}/json/metadata?op={operation.name}"},
        "security": _security(operation),
        "parameters": inputs.parameters(place),
        **({"requestBody": body} if body else {}),
        "responses": answers.of(place),
    }


def _security(operation: Operation) -> list[Part]:
    """Any one of the ways to sign in, with the role that is asked for; nothing where anybody may call."""
    access = operation.contract.access
    roles = [access.role] if access.role else []
    return [{scheme: list(roles)} for scheme in _SECURITY] if access.authenticated else []


def _tag(operation: Operation) -> str:
    """The first literal of the first route: operations on the same things stand together."""
    segments = [
        segment for route in operation.contract.routes[:1] for segment in parse_template(route.template).segments
    ]
    return next((segment for segment in segments if segment), _UNTAGGED)


__all__ = ["document"]
