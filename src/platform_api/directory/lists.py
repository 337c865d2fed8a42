"""The lists from which clients choose, as pure data: their ids are well known and the same on every installation."""

import enum
from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from platform_api.contacts import TIME_ZONE_IDS
from platform_api.directory.list_messages import ListItemModel, ListModel
from platform_api.foundation.well_known import (
    CONNECTION_STATUS_IDS,
    CONTACT_METHOD_IDS,
    CONTACT_TYPE_CODES,
    CONTACT_TYPE_IDS,
    REQUEST_STATUS_IDS,
    SEARCH_KIND_IDS,
    RecordStatus,
    well_known,
)
from platform_api.roles import Role
from servicehost.contract.scalars import EMPTY_GUID, Guid

Name = TypeVar("Name", bound=str)


class ListName(enum.StrEnum):
    """The lists, by name."""

    LISTS = "Lists"
    CONTACT_TYPES = "Contact Types"
    CONTACT_METHODS = "Contact Methods"
    CONNECTION_STATUSES = "Connection Statuses"
    REQUEST_STATUSES = "Request Statuses"
    STANDARD_ROLES = "Standard Roles"
    CUSTOM_ROLES = "Custom Roles"
    SEARCH_KINDS = "Search Kinds"
    RECORD_STATUSES = "Record Statuses"
    TIME_ZONES = "Time Zones"
    INDUSTRIES = "Industries"
    GENDERS = "Genders"

    @property
    def id(self) -> Guid:
        """Its well-known id."""
        return LIST_IDS[self]


LIST_IDS = {name: well_known("list", name) for name in ListName}

DESCRIPTIONS = {
    ListName.LISTS: "Every list.",
    ListName.CONTACT_TYPES: "Types of contacts: real or virtual, person or organisation.",
    ListName.CONTACT_METHODS: "Ways to reach a contact.",
    ListName.CONNECTION_STATUSES: "Statuses of a connection.",
    ListName.REQUEST_STATUSES: "Statuses of a connection request.",
    ListName.STANDARD_ROLES: "Roles that every contact can use in connections.",
    ListName.CUSTOM_ROLES: "Roles that a licensee has added.",
    ListName.SEARCH_KINDS: "Kinds of search for contacts.",
    ListName.RECORD_STATUSES: "Statuses of a record: active or archived.",
    ListName.TIME_ZONES: "Time zones, by their names in the IANA database.",
    ListName.INDUSTRIES: "Industries to choose from; a profile may name another.",
    ListName.GENDERS: "Genders to choose from.",
}

INDUSTRIES = (
    "Agriculture, Forestry and Fishing",
    "Mining",
    "Manufacturing",
    "Electricity, Gas, Water and Waste Services",
    "Construction",
    "Wholesale Trade",
    "Retail Trade",
    "Accommodation and Food Services",
    "Transport, Postal and Warehousing",
    "Information Media and Telecommunications",
    "Financial and Insurance Services",
    "Rental, Hiring and Real Estate Services",
    "Professional, Scientific and Technical Services",
    "Administrative and Support Services",
    "Public Administration and Safety",
    "Education and Training",
    "Health Care and Social Assistance",
    "Arts and Recreation Services",
    "Other Services",
)
"""The divisions of the Australian and New Zealand Standard Industrial Classification."""

GENDERS = ("Female", "Male", "Another Gender", "Not Stated")


def of_ids(name: ListName, ids: Mapping[Name, Guid], short: Mapping[Name, str] | None = None) -> ListModel:
    """A standard list of these names with their ids, in their order."""
    items = [
        ListItemModel(
            list_item_id=id_,
            name=str(item),
            short_name=short[item] if short else None,
            order=order,
            record_status=RecordStatus.ACTIVE.value,
        )
        for order, (item, id_) in enumerate(ids.items(), start=1)
    ]
    return list_model(name, items)


def of_roles(name: ListName, roles: Iterable[Role], owner: Guid = EMPTY_GUID) -> ListModel:
    """The list of these roles, including archived ones, which have another record status."""
    items = [
        ListItemModel(
            list_item_id=role.id,
            name=role.name,
            order=order,
            owner_contact_id=owner,
            record_status=role.record_status.value,
        )
        for order, role in enumerate(roles, start=1)
    ]
    return list_model(name, items, owner)


def of_lists(lists: Iterable[ListModel]) -> ListModel:
    """The list whose items are these lists."""
    items = [
        ListItemModel(
            list_item_id=each.list_id,
            name=each.name,
            description=each.description,
            order=order,
            record_status=each.record_status,
        )
        for order, each in enumerate(lists, start=1)
    ]
    return list_model(ListName.LISTS, items)


def list_model(name: ListName, items: list[ListItemModel], owner: Guid = EMPTY_GUID) -> ListModel:
    """The list with this name; a standard list unless it has an owner."""
    return ListModel(
        list_id=name.id,
        name=name.value,
        description=DESCRIPTIONS[name],
        owner_contact_id=owner,
        is_standard=owner == EMPTY_GUID,
        record_status=RecordStatus.ACTIVE.value,
        list_items=items,
    )


def filtered(lists: Iterable[ListModel], text: str | None) -> list[ListModel]:
    """The lists that match `text`: whole if their name contains it, else only the items that do; empty lists are left out."""
    sought = (text or "").strip().casefold()
    narrowed = (each if sought in _folded(each.name) else _narrowed(each, sought) for each in lists)
    return [each for each in narrowed if each.list_items or not sought]


def _narrowed(whole: ListModel, sought: str) -> ListModel:
    items = [item for item in whole.list_items if sought in _folded(item.name)]
    return msgspec.structs.replace(whole, list_items=items)


def _folded(name: str | None) -> str:
    return (name or "").casefold()


def _named(kind: str, names: Iterable[str]) -> dict[str, Guid]:
    return {name: well_known(kind, name) for name in names}


FIXED_LISTS = (
    of_ids(ListName.CONTACT_TYPES, CONTACT_TYPE_IDS, CONTACT_TYPE_CODES),
    of_ids(ListName.CONTACT_METHODS, CONTACT_METHOD_IDS),
    of_ids(ListName.CONNECTION_STATUSES, CONNECTION_STATUS_IDS),
    of_ids(ListName.REQUEST_STATUSES, REQUEST_STATUS_IDS),
    of_ids(ListName.SEARCH_KINDS, SEARCH_KIND_IDS),
    of_ids(
        ListName.RECORD_STATUSES,
        {status.name.capitalize(): status.id for status in RecordStatus},
        {status.name.capitalize(): status.value for status in RecordStatus},
    ),
    of_ids(ListName.TIME_ZONES, TIME_ZONE_IDS),
    of_ids(ListName.INDUSTRIES, _named("industry", INDUSTRIES)),
    of_ids(ListName.GENDERS, _named("gender", GENDERS)),
)
"""The lists that do not change while the server runs: all except those of roles."""

FIXED_BY_ID = {each.list_id: each for each in FIXED_LISTS}

__all__ = [
    "DESCRIPTIONS",
    "FIXED_BY_ID",
    "FIXED_LISTS",
    "GENDERS",
    "INDUSTRIES",
    "LIST_IDS",
    "ListName",
    "filtered",
    "list_model",
    "of_ids",
    "of_lists",
    "of_roles",
]
