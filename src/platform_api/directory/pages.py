"""Pages of lists: what is asked for, and how the rest is reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from servicehost.contract.errors import FieldError, ServiceError
from servicehost.contract.scalars import Guid, parse_guid


class PagingRequired(ServiceError):
    """The whole list is longer than one answer may be; it is never cut silently."""

    status: ClassVar[int] = 400
    code = "PagingRequired"

    def __init__(self, limit: int) -> None:
        message = f"The list has more than {limit} rows. Ask for pages: send PageSize, then follow the Link header."
        super().__init__(message, fields=[FieldError("PageSize", message, self.code)])


class WrongPage(ServiceError):
    """A page was asked for that cannot be."""

    status: ClassVar[int] = 400
    code = "WrongPage"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, message, self.code)])


@dataclass(frozen=True, slots=True)
class PageLimits:
    """How long lists and pages may be."""

    default_page: int = 50
    largest_page: int = 500
    whole_list: int = 10_000


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Which requests are wanted. `limit` is one more than the page, to see whether there is another."""

    types: Sequence[str]
    include_ignored: bool
    after: Guid | None
    limit: int


@dataclass(frozen=True, slots=True)
class ConnectionPage:
    """Which connections are wanted. `limit` is one more than the page, to see whether there is another."""

    include_removed: bool
    after: Guid | None
    limit: int
    offset: int


def cursor(text: str | None) -> Guid | None:
    """The id that a cursor stands for.

    Raises:
        WrongPage: it is none that was given out.
    """
    if not text:
        return None
    try:
        return parse_guid(text)
    except ValueError:
        raise WrongPage("After", "After is not a cursor of this list. Take it from the Link header.") from None


def page_size(asked: int, limits: PageLimits) -> int:
    """The size of a page that asks for `asked` rows; 0 asks for the usual size.

    Raises:
        WrongPage: it is negative or too large.
    """
    if asked < 0 or asked > limits.largest_page:
        raise WrongPage("PageSize", f"PageSize must be between 1 and {limits.largest_page}.")
    return asked or limits.default_page


def list_headers(total: int, next_page: str | None) -> dict[str, str]:
    """The headers of a list: CSV and JSON lines carry no total in their rows."""
    headers = {"X-Total-Count": str(total)}
    if next_page:
        headers["Link"] = f'<{next_page}>; rel="next"'
    return headers


def next_link(url: str, members: Mapping[str, str | int | bool | None], after: Guid) -> str:
    """The address of the page after `after`, with the members that choose the list."""
    query = {name: value for name, value in members.items() if value not in (None, "", False)}
    return f"{url}?{urlencode({**query, 'After': after})}"


__all__ = [
    "ConnectionPage",
    "PageLimits",
    "PagingRequired",
    "RequestPage",
    "WrongPage",
    "cursor",
    "list_headers",
    "next_link",
    "page_size",
]
