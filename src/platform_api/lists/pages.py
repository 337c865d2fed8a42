"""Pages of lists: reading the rows of a window, and answering with them."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from platform_api.database.transaction import Database, Transaction
from platform_api.lists.errors import PagingRequired
from platform_api.lists.values import Window
from servicehost.contract.call import ListAnswer
from servicehost.contract.messages import Message, Request
from servicehost.contract.scalars import Guid

SHORT_READ: Final = 500
"""Rows that a list reads, or skips, on the event loop; a longer read takes a thread, so that others do not wait."""

T = TypeVar("T")
Listed = TypeVar("Listed", bound="ListedRow")

_NO_HEADERS: Final[Mapping[str, str]] = {}


class ListedRow(Protocol):
    """A row of a list."""

    @property
    def id(self) -> Guid:
        """The last key of the list's order, which is its cursor."""


class ListPage(NamedTuple, Generic[T]):
    """A page that was read.

    Attributes:
        rows: its rows, as they are shown.
        next_after: the cursor of the next page; None on the last one.
        total: rows on all pages.
    """

    rows: list[T]
    next_after: Guid | None
    total: int


ReadPage = Callable[[Transaction, Window], Coroutine[Any, Any, ListPage[T]]]
"""Reads the page of a window; ends with `page`."""


async def page(
    window: Window,
    found: Sequence[Listed],
    shown: Callable[[Listed], T],
    count: Callable[[], Awaitable[int]],
) -> ListPage[T]:
    """The page of a window.

    Args:
        window: the rows that were requested.
        found: the rows that were read, with `window.limit`.
        shown: makes the form in which a row is shown.
        count: counts the rows on all pages; not called if the page has them all.

    Raises:
        PagingRequired: the whole list was requested and is too long.
    """
    if len(found) <= window.size:
        return ListPage([shown(row) for row in found], None, len(found) if window.is_first else await count())
    if window.whole:
        raise PagingRequired.whole(window.size)
    rows = found[: window.size]
    return ListPage([shown(row) for row in rows], rows[-1].id, await count())


async def read_page(database: Database, window: Window, read: ReadPage[T]) -> ListPage[T]:
    """Read a page: a short one, as nearly all are, on the event loop, and a longer one on a thread.

    Raises:
        PagingRequired: the whole list was requested and is too long.
    """
    if window.offset > SHORT_READ:
        return await database.read_long(lambda tx: read(tx, window))
    if window.size <= SHORT_READ:
        return await database.read(lambda tx: read(tx, window))
    try:
        return await database.read(lambda tx: read(tx, replace(window, size=SHORT_READ, whole=True)))
    except PagingRequired:
        return await database.read_long(lambda tx: read(tx, window))


def list_answer(
    request: Request[Any], response: Message, found: ListPage[Any], headers: Mapping[str, str] = _NO_HEADERS
) -> ListAnswer:
    """The answer with a page. Its next page is the same request with another cursor in its member `after`."""
    following = None
    if found.next_after is not None:
        by_number = {"page_number": 0} if "page_number" in request.__struct_fields__ else {}
        following = msgspec.structs.replace(request, after=found.next_after, **by_number)
    large = len(found.rows) > SHORT_READ
    return ListAnswer(response, total=found.total, next=following, headers=headers, large=large)


__all__ = ["SHORT_READ", "ListPage", "ListedRow", "ReadPage", "list_answer", "page", "read_page"]
