"""Tests of the window that a request for a list asks for, and of its sort."""

from typing import Any

import pytest

from platform_api.lists.errors import PagingRequired, WrongPage, WrongSort
from platform_api.lists.messages import PagedModel, SortOrder
from platform_api.lists.rules import cursor, numbered_page, requested_rows, requested_sort, requested_window
from platform_api.lists.settings import PageLimits
from platform_api.lists.values import Sort, Window
from servicehost.contract.errors import FieldError
from servicehost.contract.scalars import EMPTY_GUID, Guid

LIMITS = PageLimits(default_page=5, largest_page=20, whole_list=30, deepest=12)
ID = Guid("0193a1b2-0000-7000-8000-000000000001")
TOO_DEEP = (
    "PageNumber reaches the first 12 rows. To read further, follow the Link header of each page: its After names the "
    "row from which the next page continues."
)
NO_CURSOR = FieldError("After", "After is not a cursor of this list. Take it from the Link header.", "WrongPage")
LOW_NUMBER = FieldError("PageNumber", "PageNumber begins with 1.", "WrongPage")
WRONG_SIZE = FieldError("PageSize", "PageSize must be between 1 and 20.", "WrongPage")


@pytest.mark.parametrize(
    ("number", "size", "after", "expected"),
    [
        (0, 0, None, Window(5)),
        (1, 0, "", Window(5)),
        (1, 20, EMPTY_GUID, Window(20)),
        (1, 1, None, Window(1)),
        (2, 0, None, Window(5, offset=5)),
        (3, 5, None, Window(5, offset=10)),
        (2, 11, None, Window(11, offset=11)),
        (0, 3, ID, Window(3, ID)),
        (7, 3, ID.upper(), Window(3, ID)),
        (2**70, 3, ID, Window(3, ID)),
    ],
)
def test_numbered_pages(number: int, size: int, after: str | None, expected: Window) -> None:
    """The usual size unless one is given; a cursor counts more than a number."""
    assert expected == numbered_page(number, size, after, LIMITS)


@pytest.mark.parametrize(("number", "size"), [(4, 4), (2, 12), (13, 1), (2**63, 1)])
def test_pages_too_far_from_the_beginning(number: int, size: int) -> None:
    """They are read by cursor, and the refusal says how."""
    with pytest.raises(PagingRequired) as refusal:
        numbered_page(number, size, None, LIMITS)

    assert TOO_DEEP == refusal.value.message
    assert (FieldError("PageNumber", TOO_DEEP, "PagingRequired"),) == tuple(refusal.value.fields)


@pytest.mark.parametrize(
    ("number", "size", "after", "expected"),
    [
        (-1, 0, None, [LOW_NUMBER]),
        (0, -1, None, [WRONG_SIZE]),
        (0, 21, None, [WRONG_SIZE]),
        (-1, 21, "x", [LOW_NUMBER, WRONG_SIZE]),
        (0, 0, "x", [NO_CURSOR]),
        (-1, 0, ID, [LOW_NUMBER]),
    ],
)
def test_pages_that_cannot_exist(number: int, size: int, after: str | None, expected: list[FieldError]) -> None:
    """Every wrong member is named."""
    with pytest.raises(WrongPage) as refusal:
        numbered_page(number, size, after, LIMITS)

    assert expected == list(refusal.value.fields)
    assert " ".join(each.message for each in expected) == refusal.value.message


@pytest.mark.parametrize(
    ("size", "after", "expected"),
    [
        (None, None, Window(30, whole=True)),
        (None, ID, Window(30, ID, whole=True)),
        (0, None, Window(5)),
        (7, ID, Window(7, ID)),
    ],
)
def test_lists_without_published_paging(size: int | None, after: str | None, expected: Window) -> None:
    """A size asks for a page, and none for all rows."""
    assert expected == requested_rows(size, after, LIMITS)


@pytest.mark.parametrize(
    ("paged", "after", "members", "expected"),
    [
        (False, None, {"page_number": 3, "page_size": 4}, Window(30, whole=True)),
        (True, None, {}, Window(5)),
        (True, None, {"page_number": 3, "page_size": 4}, Window(4, offset=8)),
        (False, ID, {"page_size": 4}, Window(4, ID)),
        (False, "", {}, Window(5)),
        (True, ID, {"page_number": 2}, Window(5, ID)),
    ],
)
def test_lists_with_published_paging(paged: bool, after: str | None, members: dict[str, Any], expected: Window) -> None:
    """All rows, unless a page or what follows a cursor is requested."""
    assert expected == requested_window(PagedModel(**members), after, LIMITS, paged=paged)


@pytest.mark.parametrize("paged", [True, False])
def test_no_request_has_its_sort_ignored(paged: bool) -> None:
    """It is checked first, whatever else is wrong, and against the fields of the list."""
    message = PagedModel(page_number=-1, sort_index=2)
    with pytest.raises(WrongSort):
        requested_window(message, "x", LIMITS, paged=paged)
    with pytest.raises(WrongPage):
        requested_window(message, "x", LIMITS, paged=True, sort_fields={2: "name"})


@pytest.mark.parametrize("fields", [None, {}, {3: "name", 5: "date"}])
def test_the_own_order(fields: dict[int, str] | None) -> None:
    """Index 0 ascending is what clients send for unset, and is always accepted."""
    assert Sort() == requested_sort(PagedModel(), fields)


@pytest.mark.parametrize("order", SortOrder)
def test_fields_of_the_list(order: SortOrder) -> None:
    """In either direction; the own order backwards too, where the list has it."""
    descending = order is SortOrder.DESCENDING
    assert Sort(3, descending) == requested_sort(PagedModel(sort_index=3, sort_order=order), {3: "name"})
    assert Sort(0, descending) == requested_sort(PagedModel(sort_index=0, sort_order=order), {0: "newest"})


@pytest.mark.parametrize("paged", [True, False])
def test_the_window_has_the_requested_order(paged: bool) -> None:
    """So the query that reads the window gets it."""
    message = PagedModel(sort_index=2, sort_order=SortOrder.DESCENDING)
    expected = (
        Window(5, sort=Sort(2, descending=True)) if paged else Window(30, whole=True, sort=Sort(2, descending=True))
    )
    assert expected == requested_window(message, None, LIMITS, paged=paged, sort_fields={2: "name"})


@pytest.mark.parametrize(
    ("index", "order", "fields", "field", "message"),
    [
        (1, SortOrder.ASCENDING, None, "SortIndex", "This list cannot be sorted by SortIndex 1. Use 0 (its own order, ascending)."),
        (-1, SortOrder.DESCENDING, {}, "SortIndex", "This list cannot be sorted by SortIndex -1. Use 0 (its own order, ascending)."),
        (
            4,
            SortOrder.ASCENDING,
            {3: "name", 5: "date"},
            "SortIndex",
            "This list cannot be sorted by SortIndex 4. Use 0 (its own order, ascending), 3 (name), 5 (date).",
        ),
        (
            0,
            SortOrder.DESCENDING,
            {3: "name"},
            "SortOrder",
            "This list cannot be read backwards. Use SortIndex 0 (its own order, ascending), 3 (name).",
        ),
    ],
)  # fmt: skip
def test_sorts_that_the_list_does_not_have(
    index: int, order: SortOrder, fields: dict[int, str] | None, field: str, message: str
) -> None:
    """The refusal names those that it has."""
    with pytest.raises(WrongSort) as refusal:
        requested_sort(PagedModel(sort_index=index, sort_order=order), fields)

    assert (message, [FieldError(field, message, "WrongSort")]) == (refusal.value.message, list(refusal.value.fields))


@pytest.mark.parametrize(
    ("text", "expected"), [(None, None), ("", None), (EMPTY_GUID, None), (ID, ID), (f"{{{ID}}}", ID)]
)
def test_cursors(text: str | None, expected: Guid | None) -> None:
    """A Guid in any of its spellings; what clients send for unset is absent."""
    assert expected == cursor(text)


@pytest.mark.parametrize("text", ["x", "0", f"{ID}0"])
def test_texts_that_are_no_cursor(text: str) -> None:
    """They are refused by name."""
    with pytest.raises(WrongPage) as refusal:
        cursor(text)

    assert [NO_CURSOR] == list(refusal.value.fields)
