"""The OpenAPI document of a service: every published operation at each of its endpoints."""

from collections.abc import Mapping, Sequence
from typing import Final

from servicehost.contract.catalog import Catalog, Operation, Service
from servicehost.contract.messages import SignInNeed
from servicehost.formats.codec import Format
from servicehost.formats.registry import HOST_FORMATS
from servicehost.openapi.content import Content
from servicehost.openapi.endpoints import DocumentedEndpoint, endpoints
from servicehost.openapi.inputs import Inputs
from servicehost.openapi.responses import HEADERS, Responses
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
    "basic": {"type": "http", "scheme": "basic", "description": "E-mail address and password in each request."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": ACCESS,
        "description": "The cookies that Authenticate sets. Pages of other sites cannot use them to change data.",
    },
}

_UNTAGGED: Final = "operations"
"""Tag of operations without routes."""


def document(catalog: Catalog, formats: Sequence[Format] = HOST_FORMATS) -> Part:
    """Return the OpenAPI 3.1 document of a service in these formats. It never changes: build it once."""
    schemas, content = Schemas(catalog), Content(formats, catalog.service.namespace)
    inputs, answers = Inputs(schemas, content), Responses(catalog, schemas, content)
    served = endpoints(catalog)
    paths: dict[str, Part] = {}
    for endpoint in served:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(
            endpoint, catalog.service, inputs, answers
        )
    return {
        **_head(catalog.service),
        "tags": [{"name": name} for name in sorted({_tag(endpoint.operation) for endpoint in served})],
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
    """Return the description of the document, which covers all that applies to every operation."""
    return " ".join(
        [
            f"Every operation is served at its routes and at `{service.mount}/` with its name.",
            "PUT, PATCH and DELETE work like POST unless a route names its methods;",
            "an operation that changes data rejects GET, except with a bearer token.",
            "Members may be in the path, the query, a form (urlencoded or multipart) or the body; names are not case-sensitive.",
            "The response format is chosen by a suffix of the path (`.xml`), by `?format=`, or by the Accept header.",
            "An error contains a ResponseStatus; in XML it is a member of the operation's own response.",
            f"At `{service.mount}/` with a name, bodies are JSON or forms, responses are JSON unless the path or the query",
            "selects another format, and errors and the host's own messages have camelCase names; generated clients",
            "should use these paths.",
        ]
    )


def _operation(endpoint: DocumentedEndpoint, service: Service, inputs: Inputs, answers: Responses) -> Part:
    operation, body = endpoint.operation, inputs.body(endpoint)
    description = operation.request.description
    return {
        "operationId": endpoint.operation_id,
        "tags": [_tag(operation)],
        "summary": operation.name,
        **({"description": description} if description else {}),
        "externalDocs": {"url": f"{service.base_url}/json/metadata?op={operation.name}"},
        "security": _security(operation),
        "parameters": inputs.parameters(endpoint),
        **({"requestBody": body} if body else {}),
        "responses": answers.of(endpoint),
    }


def _security(operation: Operation) -> list[Part]:
    """Return the accepted security schemes, with the required role; an empty one if the caller may be unknown."""
    access = operation.contract.access
    if access.sign_in is SignInNeed.OPEN:
        return []
    roles = [access.role] if access.role else []
    schemes: list[Part] = [{scheme: list(roles)} for scheme in _SECURITY]
    return schemes if access.authenticated else [{}, *schemes]


def _tag(operation: Operation) -> str:
    """Return the first literal of the first route, which groups operations on the same resource."""
    segments = [
        segment for route in operation.contract.routes[:1] for segment in parse_template(route.template).segments
    ]
    return next((segment for segment in segments if segment), _UNTAGGED)


__all__ = ["document"]
