"""Pages that show what an operation answered, or why it did not."""

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
    total: str | None = None,
    next_page: str | None = None,
) -> str:
    """The page around an answer.

    Args:
        service: whose answer it is.
        operation: what was asked for.
        content: the answer as HTML.
        others: title and address of the same answer in other forms.
        total: how many rows there are on all pages.
        next_page: the address of the rows that follow.
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


def refusal_page(service: Service, heading: str, error: ServiceError, request_id: str) -> str:
    """The page that says why a request was refused, and by which id to ask about it."""
    return _TEMPLATES.render("refusal.html", service=service, heading=heading, error=error, request_id=request_id)


__all__ = ["answer_page", "refusal_page"]
