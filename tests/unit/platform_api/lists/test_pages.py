"""Tests of pages: the cut of the rows that were read, how they are read, and the answer."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest

from platform_api.database.transaction import Transaction, Unit
from platform_api.directory.messages import GetConnectionRequests, GetConnectionsToContact
from platform_api.lists.errors import PagingRequired
from platform_api.lists.pages import SHORT_READ, ListPage, list_answer, page, read_page
from platform_api.lists.values import Window
from servicehost.contract.call import ListAnswer
from servicehost.contract.messages import Message
from servicehost.contract.scalars import Guid

ID = Guid("0193a1b2-0000-7000-8000-000000000001")


class Numbered(NamedTuple):
    """A row."""

    id: Guid


def numbered(count: int) -> list[Numbered]:
    """The first rows of a list."""
    return [Numbered(Guid(f"0193a1b2-0000-7000-8000-{number:012}")) for number in range(count)]


class Counter:
    """Counts how often the rows on all pages are counted."""

    def __init__(self) -> None:
        self.calls = 0

    async def __call__(self) -> int:
        """A number that no page has."""
        self.calls += 1
        return 99


def shown(row: Numbered) -> str:
    """The form in which a row is shown."""
    return f"row {row.id}"


@pytest.mark.parametrize(
    ("window", "found", "rows", "goes_on", "total", "counted"),
    [
        (Window(3), 0, 0, False, 0, 0),
        (Window(3), 3, 3, False, 3, 0),
        (Window(3), 4, 3, True, 99, 1),
        (Window(3, ID), 2, 2, False, 99, 1),
        (Window(3, offset=3), 0, 0, False, 99, 1),
        (Window(3, ID), 4, 3, True, 99, 1),
        (Window(3, whole=True), 3, 3, False, 3, 0),
        (Window(3, ID, whole=True), 3, 3, False, 99, 1),
    ],
)
async def test_a_page(window: Window, found: int, rows: int, goes_on: bool, total: int, counted: int) -> None:
    """One row too many tells that the list goes on; a page with all rows is not counted."""
    count, read = Counter(), numbered(found)
    cut = await page(window, read, shown, count)

    assert ListPage([shown(row) for row in read[:rows]], read[rows - 1].id if goes_on else None, total) == cut
    assert counted == count.calls


@pytest.mark.parametrize("after", [None, ID])
async def test_a_whole_list_is_never_cut(after: Guid | None) -> None:
    """It is refused before anything is counted."""
    count = Counter()
    with pytest.raises(PagingRequired, match="more than 3 rows"):
        await page(Window(3, after, whole=True), numbered(4), shown, count)

    assert 0 == count.calls


class Reads:
    """A database that keeps how it is read, over a list of some length."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.reads: list[tuple[str, int]] = []
        self._kind = ""

    async def read(self, unit: Unit[Any]) -> Any:
        """A read on the event loop."""
        self._kind = "short"
        return await unit(None)  # type: ignore[arg-type]  # the list has no statements

    async def read_long(self, unit: Unit[Any]) -> Any:
        """A read on a thread."""
        self._kind = "long"
        return await unit(None)  # type: ignore[arg-type]  # the list has no statements

    async def page(self, _tx: Transaction, window: Window) -> ListPage[str]:
        """The page of a window."""
        self.reads.append((self._kind, window.size))
        found: Sequence[Numbered] = numbered(self.length)[window.offset :][: window.limit]
        return await page(window, found, shown, Counter())


LONG = 2 * SHORT_READ


@pytest.mark.parametrize(
    ("window", "length", "reads"),
    [
        (Window(50), LONG, [("short", 50)]),
        (Window(SHORT_READ), LONG, [("short", SHORT_READ)]),
        (Window(50, offset=SHORT_READ), LONG, [("short", 50)]),
        (Window(50, offset=SHORT_READ + 1), LONG, [("long", 50)]),
        (Window(LONG, whole=True), SHORT_READ, [("short", SHORT_READ)]),
        (Window(LONG, whole=True), SHORT_READ + 1, [("short", SHORT_READ), ("long", LONG)]),
        (Window(SHORT_READ + 1), LONG, [("short", SHORT_READ), ("long", SHORT_READ + 1)]),
    ],
)
async def test_where_a_page_is_read(window: Window, length: int, reads: list[tuple[str, int]]) -> None:
    """Short ones on the event loop; a list that may be long is tried there first, and read on a thread if it is."""
    database: Any = Reads(length)
    found = await read_page(database, window, database.page)

    assert reads == database.reads
    assert min(window.size, length - window.offset) == len(found.rows)


async def test_a_list_that_is_too_long_is_refused_after_the_long_read() -> None:
    """The refusal names the limit of the list, not that of a short read."""
    database: Any = Reads(LONG + 1)
    with pytest.raises(PagingRequired, match=f"more than {LONG} rows"):
        await read_page(database, Window(LONG, whole=True), database.page)


class Listed(Message):
    """A response."""


@pytest.mark.parametrize(
    ("request_", "rows", "next_after", "expected"),
    [
        (GetConnectionRequests(contact_id=ID, page_size=1), SHORT_READ, None, None),
        (
            GetConnectionRequests(contact_id=ID, page_size=1, action="sent"),
            1,
            ID,
            GetConnectionRequests(contact_id=ID, page_size=1, action="sent", after=ID),
        ),
        (
            GetConnectionsToContact(contact_id=ID, contact_type_id=ID, requestor_contact_id=ID, page_number=3),
            SHORT_READ + 1,
            ID,
            GetConnectionsToContact(contact_id=ID, contact_type_id=ID, requestor_contact_id=ID, after=ID),
        ),
    ],
)
def test_answers(request_: Any, rows: int, next_after: Guid | None, expected: Any) -> None:
    """The next page is the same request after another row, without a number; a long answer is written on a thread."""
    answer = list_answer(request_, Listed(), ListPage([""] * rows, next_after, 7), {"Cache-Control": "no-store"})

    assert answer == ListAnswer(
        Listed(), total=7, next=expected, headers={"Cache-Control": "no-store"}, large=rows > SHORT_READ
    )


def test_answers_have_no_headers_of_their_own() -> None:
    """Unless they are given."""
    assert {} == list_answer(GetConnectionRequests(contact_id=ID), Listed(), ListPage([], None, 0)).headers
