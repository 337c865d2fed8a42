"""Every list of the platform takes the same way: a request becomes a window by a rule, and the room answers."""

import inspect
from pathlib import Path

import pytest
from tests.support.catalog import the_catalog

import platform_api
from platform_api.lists.messages import PagedModel
from servicehost.contract.catalog import Operation

pytestmark = pytest.mark.no_database

SOURCES = {path: path.read_text(encoding="utf-8") for path in Path(platform_api.__file__).parent.rglob("*.py")}
PAGED = [each for each in the_catalog() if issubclass(each.request.python, PagedModel)]


def test_only_the_room_makes_answers_of_lists() -> None:
    """So the total, the cursor and the thread for long answers are decided in one place."""
    assert ["lists/pages.py"] == _with("ListAnswer(")


@pytest.mark.parametrize("text", ["X-Total-Count", 'rel="next"', "?After=", "&After="])
def test_no_header_field_or_link_of_a_list_is_written_by_hand(text: str) -> None:
    """The host makes them."""
    assert [] == _with(text)


def test_there_are_lists_with_published_paging() -> None:
    """Otherwise the next test would say nothing."""
    assert "GetConnectionsToContact" in {each.name for each in PAGED}


@pytest.mark.parametrize("operation", PAGED, ids=lambda each: each.name)
def test_no_published_sort_is_ignored(operation: Operation) -> None:
    """A request that publishes SortIndex and SortOrder has its window made by the rule that checks them."""
    assert "requested_window(" in inspect.getsource(operation.handler)


def _with(text: str) -> list[str]:
    root = Path(platform_api.__file__).parent
    return sorted(path.relative_to(root).as_posix() for path, source in SOURCES.items() if text in source)
