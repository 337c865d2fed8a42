"""The lists from which clients choose."""

import pytest

from platform_api.directory import lists
from platform_api.directory.list_messages import ListModel
from platform_api.directory.lists import FIXED_LISTS, ListName
from platform_api.foundation.well_known import ConnectionStatus, ContactType, RecordStatus, RequestStatus, SearchKind
from platform_api.roles.standard import STAFF, STANDARD_ROLES
from servicehost.contract.scalars import Guid

BY_NAME = {each.name: each for each in FIXED_LISTS}


def items(found: list[ListModel]) -> dict[str | None, list[str | None]]:
    """The names of the items of each list."""
    return {each.name: [item.name for item in each.list_items] for each in found}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (ListName.CONTACT_TYPES, {kind.id: str(kind) for kind in ContactType}),
        (ListName.CONNECTION_STATUSES, {status.id: str(status) for status in ConnectionStatus}),
        (ListName.REQUEST_STATUSES, {status.id: str(status) for status in RequestStatus}),
        (ListName.SEARCH_KINDS, {kind.id: str(kind) for kind in SearchKind}),
        (ListName.RECORD_STATUSES, {RecordStatus.ACTIVE.id: "Active", RecordStatus.INACTIVE.id: "Inactive"}),
    ],
)
def test_items_have_the_ids_that_operations_take(name: ListName, expected: dict[Guid, str]) -> None:
    """The ids of items are those that other operations accept."""
    assert expected == {item.list_item_id: item.name for item in BY_NAME[name].list_items}


@pytest.mark.parametrize("each", FIXED_LISTS, ids=lambda each: each.name)
def test_every_list_is_whole(each: ListModel) -> None:
    """Each list has an id, a description, and ordered items with ids of their own."""
    ids = {item.list_item_id for item in each.list_items}
    orders = [item.order for item in each.list_items]
    assert (True, True, len(orders), list(range(1, len(orders) + 1))) == (
        each.is_standard,
        bool(each.description),
        len(ids),
        orders,
    )


def test_an_id_never_changes() -> None:
    """Clients may contain the id of a list as a constant."""
    assert "57088a3e-cbbe-53ce-9ee3-2d6b1c22883d" == ListName.CONTACT_TYPES.id


def test_roles_are_listed_with_their_record_status() -> None:
    """The list of roles has the ids that connections are made with."""
    listed = lists.of_roles(ListName.STANDARD_ROLES, STANDARD_ROLES)
    staff = next(item for item in listed.list_items if item.list_item_id == STAFF)
    assert ("Staff", "A") == (staff.name, staff.record_status)


def test_the_list_of_lists_names_each() -> None:
    """The items of the list of lists are the lists."""
    listed = lists.of_lists(FIXED_LISTS)
    assert {each.list_id: each.name for each in FIXED_LISTS} == {
        item.list_item_id: item.name for item in listed.list_items
    }


@pytest.mark.parametrize("text", [None, "", "  "])
def test_without_a_text_all_is_found(text: str | None) -> None:
    """A missing or empty text filters nothing."""
    assert list(FIXED_LISTS) == lists.filtered(FIXED_LISTS, text)


def test_items_are_found_in_any_casing() -> None:
    """Only items with the text remain, and only lists that have such items."""
    assert {"Time Zones": ["Australia/Sydney"]} == items(lists.filtered(FIXED_LISTS, " SYDNEY "))


def test_a_list_is_found_whole_by_its_name() -> None:
    """A list whose name contains the text keeps all its items."""
    assert {"Search Kinds": ["Name or Email", "Role Groups", "Roles"]} == items(
        lists.filtered(FIXED_LISTS, "search kinds")
    )


def test_searching_leaves_the_lists_alone() -> None:
    """A filter does not change the lists themselves."""
    before = items(list(FIXED_LISTS))
    lists.filtered(FIXED_LISTS, "sydney")
    assert before == items(list(FIXED_LISTS))
