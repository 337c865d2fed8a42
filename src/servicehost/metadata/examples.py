"""Sample request and response on the page of an operation."""

from typing import Final
from urllib.parse import urlsplit

from servicehost.contract.catalog import Operation, Service
from servicehost.formats.codec import Format
from servicehost.samples import sample_text

_PREFERRED: Final = ("POST", "PUT", "PATCH", "GET", "DELETE")
"""Verbs in order of preference, for a route that accepts several."""

_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "DELETE"})


def request_example(operation: Operation, format_: Format, service: Service) -> str:
    """Return the sample request for the first route of the operation, with a body unless the verb has none."""
    verb = _verb(operation)
    head = [
        f"{verb} {_path(operation, format_, service)} HTTP/1.1 ",
        f"Host: {urlsplit(service.public_url).netloc} ",
        f"Accept: {format_.sample_content_type}",
    ]
    if verb in _WITHOUT_BODY:
        return "\n".join(head)
    body = sample_text(operation.request, format_.name, service.namespace)
    return "\n".join([*head, *_content_lines(format_, body)])


def response_example(operation: Operation, format_: Format, service: Service) -> str | None:
    """Return the sample response; None if the operation has no response."""
    if operation.response is None:
        return None
    body = sample_text(operation.response, format_.name, service.namespace)
    return "\n".join(["HTTP/1.1 200 OK", *_content_lines(format_, body)])


def _content_lines(format_: Format, body: str) -> list[str]:
    return [f"Content-Type: {format_.sample_content_type}", "Content-Length: length", "", body]


def _verb(operation: Operation) -> str:
    routes = operation.contract.routes
    verbs = routes[0].verbs if routes else ()
    return next((verb for verb in _PREFERRED if verb in verbs), verbs[0] if verbs else "POST")


def _path(operation: Operation, format_: Format, service: Service) -> str:
    if operation.contract.routes:
        return service.base_path + operation.contract.routes[0].template
    kind = "reply" if operation.response else "oneway"
    return f"{service.base_path}/{format_.name}/{kind}/{operation.name}"


__all__ = ["request_example", "response_example"]
