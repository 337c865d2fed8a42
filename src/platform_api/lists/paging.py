"""Paging, the same for every list: the published members and the limits behind them."""

import enum
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Final

from platform_api.foundation.dotnet import MODELS
from platform_api.foundation.settings import Positive, Section, about
from servicehost.contract.errors import FieldError, ServiceError
from servicehost.contract.messages import Member, Message
from servicehost.contract.scalars import Guid, parse_guid


class SortOrder(enum.Enum):
    """The direction of a sort."""

    clr_namespace = enum.nonmember(MODELS)

    ASCENDING = "Ascending"
    DESCENDING = "Descending"


class PagedModel(Message):
    """One page of a list."""

    clr_namespace: ClassVar[str | None] = MODELS

    page_number: Annotated[int, Member("Page wanted, from 1.")] = 0
    page_size: Annotated[int, Member("Rows of a page.")] = 0
    sort_index: Annotated[int, Member("Index of the field to sort by.")] = 0
    sort_order: Annotated[SortOrder, Member("Direction of the sort.", data_type="int")] = SortOrder.ASCENDING


SHORT_READ: Final = 500
"""Rows that a list reads, or passes over, on the event loop; for more it takes a thread, so that nobody waits for it."""


class PagingRequired(ServiceError):
    """The list is too long for what was asked: it is read page by page, by cursor. It is never cut silently."""

    status: ClassVar[int] = 400
    code = "PagingRequired"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, message, self.code)])

    @classmethod
    def whole(cls, limit: int) -> "PagingRequired":
        """The whole list was wanted, and has more rows than one answer may have."""
        return cls(
            "PageSize",
            f"The list has more than {limit} rows. Ask for pages: send PageSize, then follow the Link header.",
        )

    @classmethod
    def deep(cls, limit: int) -> "PagingRequired":
        """A page was wanted by its number that lies too far from the beginning."""
        return cls(
            "PageNumber",
            f"PageNumber reaches the first {limit} rows. To read further, follow the Link header of each page: its "
            "After names the row from which the next page continues.",
        )


class WrongPage(ServiceError):
    """A page was asked for that cannot exist."""

    status: ClassVar[int] = 400
    code = "WrongPage"

    def __init__(self, wrong: Mapping[str, str]) -> None:
        fields = [FieldError(name, message, self.code) for name, message in wrong.items()]
        super().__init__(" ".join(wrong.values()), fields=fields)


class WrongSort(ServiceError):
    """The list cannot be sorted as requested."""

    status: ClassVar[int] = 400
    code = "WrongSort"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, message, self.code)])


class PageLimits(Section, frozen=True, kw_only=True):
    """How long lists and their pages may be.

    Attributes:
        deepest: rows before a page that is asked for by its number, at most.
    """

    default_page: Annotated[Positive, about("lists.page_size", "Rows of a page when the request does not say.")] = 50
    largest_page: Annotated[Positive, about("lists.page_size_limit", "Rows of a page at most.")] = 500
    whole_list: Annotated[Positive, about("lists.unpaged_limit", "Rows of an answer without pages at most.")] = 10_000
    deepest: int = 100_000

    def contradictions(self) -> Iterator[str]:
        """The usual page must be possible."""
        if self.default_page > self.largest_page:
            yield "lists.page_size is more than lists.page_size_limit; lower the one or raise the other."


def cursor(text: str | None) -> Guid | None:
    """The id that a cursor stands for.

    Raises:
        WrongPage: it is not a cursor of any list.
    """
    if not text:
        return None
    try:
        return parse_guid(text)
    except ValueError:
        raise WrongPage({"After": "After is not a cursor of this list. Take it from the Link header."}) from None


def page_size(asked: int, limits: PageLimits) -> int:
    """The size of a page for which `asked` rows are requested; 0 requests the usual size.

    Raises:
        WrongPage: it is negative or too large.
    """
    size, _ = page_place(0, asked, limits)
    return size


def page_place(number: int, size: int, limits: PageLimits) -> tuple[int, int]:
    """The size of a page and the rows before it.

    Args:
        number: number of the page; 0 and 1 are the first.
        size: rows of the page; 0 for the usual size.
        limits: how large and how far from the beginning it may be.

    Raises:
        WrongPage: the number is negative, or the size negative or too large.
        PagingRequired: the page lies too far from the beginning.
    """
    wrong = {}
    if number < 0:
        wrong["PageNumber"] = "PageNumber begins with 1."
    if not 0 <= size <= limits.largest_page:
        wrong["PageSize"] = f"PageSize must be between 1 and {limits.largest_page}."
    if wrong:
        raise WrongPage(wrong)
    rows = size or limits.default_page
    offset = (max(number, 1) - 1) * rows
    if offset >= limits.deepest:
        raise PagingRequired.deep(limits.deepest)
    return rows, offset


def check_sort(asked: PagedModel, fields: Mapping[int, str] | None = None) -> None:
    """Refuse to sort by what a list cannot be sorted by: an order that is ignored would mislead.

    Args:
        asked: the request; index 0, ascending, is the list's own order and always accepted.
        fields: the indexes that the list can be sorted by in either direction, with what each means.

    Raises:
        WrongSort: another index, or the own order backwards; the message names what is possible.
    """
    if asked.sort_index in (fields or {}):
        return
    possible = ", ".join(
        ["0 (its own order, ascending)", *(f"{index} ({name})" for index, name in (fields or {}).items())]
    )
    if asked.sort_index != 0:
        raise WrongSort("SortIndex", f"This list cannot be sorted by SortIndex {asked.sort_index}. Use {possible}.")
    if asked.sort_order is not SortOrder.ASCENDING:
        raise WrongSort("SortOrder", f"This list cannot be read backwards. Use SortIndex {possible}.")


__all__ = [
    "SHORT_READ",
    "PageLimits",
    "PagedModel",
    "PagingRequired",
    "SortOrder",
    "WrongPage",
    "WrongSort",
    "check_sort",
    "cursor",
    "page_place",
    "page_size",
]
