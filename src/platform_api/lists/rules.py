"""The window and the order that a request for a list asks for."""

from collections.abc import Mapping
from dataclasses import replace

from platform_api.lists.errors import PagingRequired, WrongPage, WrongSort
from platform_api.lists.messages import PagedModel, SortOrder
from platform_api.lists.settings import PageLimits
from platform_api.lists.values import OWN_ORDER, Sort, Window
from servicehost.contract.scalars import EMPTY_GUID, Guid, parse_guid


def requested_window(
    message: PagedModel,
    after: str | None,
    limits: PageLimits,
    *,
    paged: bool,
    sort_fields: Mapping[int, str] | None = None,
) -> Window:
    """The window for a request that publishes paging.

    Args:
        message: the request.
        after: its cursor, which always asks for a page.
        limits: how long the list and its pages may be.
        paged: whether it asks for a page; otherwise it asks for the whole list.
        sort_fields: fields that the list can be sorted by; see `requested_sort`. Its query then reads `window.sort`.

    Raises:
        WrongSort: the list cannot be sorted as requested.
        WrongPage: the number or the size is negative, the size too large, or the cursor unreadable.
        PagingRequired: the page lies too far from the beginning.
    """
    sort = requested_sort(message, sort_fields)
    if paged or after is not None:
        return replace(numbered_page(message.page_number, message.page_size, after, limits), sort=sort)
    return Window(limits.whole_list, whole=True, sort=sort)


def requested_rows(size: int | None, after: str | None, limits: PageLimits) -> Window:
    """The window for a request that publishes no paging: a size asks for a page, and none for all rows.

    Raises:
        WrongPage: the size is negative or too large, or the cursor unreadable.
    """
    if size is None:
        return Window(limits.whole_list, cursor(after), whole=True)
    return numbered_page(0, size, after, limits)


def numbered_page(number: int, size: int, after: str | None, limits: PageLimits) -> Window:
    """The window of one page.

    Args:
        number: number of the page; 0 and 1 are the first. With a cursor it is not used.
        size: rows of the page; 0 for the usual size.
        after: cursor.
        limits: how large and how far from the beginning the page may be.

    Raises:
        WrongPage: the number or the size is negative, the size too large, or the cursor unreadable.
        PagingRequired: the page lies too far from the beginning.
    """
    wrong = {}
    if number < 0:
        wrong["PageNumber"] = "PageNumber begins with 1."
    if not 0 <= size <= limits.largest_page:
        wrong["PageSize"] = f"PageSize must be between 1 and {limits.largest_page}."
    if wrong:
        raise WrongPage(wrong)
    rows, start = size or limits.default_page, cursor(after)
    offset = 0 if start else (max(number, 1) - 1) * rows
    if offset >= limits.deepest:
        raise PagingRequired.deep(limits.deepest)
    return Window(rows, start, offset)


def cursor(text: str | None) -> Guid | None:
    """The id that a cursor stands for; None for an absent one.

    Raises:
        WrongPage: it is not a cursor of any list.
    """
    if not text or text == EMPTY_GUID:
        return None
    try:
        return parse_guid(text)
    except ValueError:
        raise WrongPage({"After": "After is not a cursor of this list. Take it from the Link header."}) from None


def requested_sort(message: PagedModel, fields: Mapping[int, str] | None = None) -> Sort:
    """The order that a request asks for. One that the list does not have is refused, since to ignore it would mislead.

    Args:
        message: the request; index 0, ascending, is the list's own order and always accepted.
        fields: the indexes that the list can be sorted by in either direction, with what each means.

    Raises:
        WrongSort: another index, or the own order backwards; the message names what is possible.
    """
    sort = Sort(message.sort_index, message.sort_order is SortOrder.DESCENDING)
    if sort == OWN_ORDER or sort.field in (fields or {}):
        return sort
    possible = ", ".join(
        ["0 (its own order, ascending)", *(f"{index} ({name})" for index, name in (fields or {}).items())]
    )
    if sort.field != OWN_ORDER.field:
        raise WrongSort("SortIndex", f"This list cannot be sorted by SortIndex {sort.field}. Use {possible}.")
    raise WrongSort("SortOrder", f"This list cannot be read backwards. Use SortIndex {possible}.")


__all__ = ["cursor", "numbered_page", "requested_rows", "requested_sort", "requested_window"]
