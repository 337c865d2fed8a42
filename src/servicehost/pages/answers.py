"""Pages for the answer of an operation or its error."""

from collections.abc import Sequence
from typing import Final

from servicehost.contract.catalog import Operation, Service
from servicehost.contract.errors import ServiceError
from servicehost.pages.templates import Templates

_TEMPLATES: Final = Templates("servicehost.pages")


def answer_page(
    service: Service,
    operation: Operation,
    content: str,
    *,
    others: Sequence[tuple[str, str]] = (),
    total: int | None = None,
    next_page: str | None = None,
) -> str:
    """Return the page of an answer.

    Args:
        service: the service that answered.
        operation: the operation that was called.
        content: the answer as HTML.
        others: titles and addresses of the same answer in other formats.
        total: number of rows on all pages.
        next_page: address of the next page.
    """
    return _TEMPLATES.render(
        "answer.html",
        service=service,
        operation=operation,
        content=content,
        others=others,
        total=total,
        next_page=next_page,
    )


def error_page(service: Service, heading: str, error: ServiceError, request_id: str) -> str:
    """Return the page of an error, with the id of the request for inquiries."""
    return _TEMPLATES.render("error.html", service=service, heading=heading, error=error, request_id=request_id)


__all__ = ["answer_page", "error_page"]
