"""Well-known ids: UUIDv5 of a namespace and a name, the same in every installation. They never change.

`GetLists` and `GetDataLists` serve them; clients may use them in their code.
"""

import enum
import uuid

from servicehost.contract.scalars import Guid

NAMESPACE = uuid.UUID("5b1c27e4-6f0d-4b53-9a36-2c1e8f40d7a9")
"""Namespace of all well-known ids. Never change it: every id would change."""


def well_known(kind: str, name: str) -> Guid:
    """The id of `name` among the names of `kind`; the same in every installation."""
    return Guid(str(uuid.uuid5(NAMESPACE, f"{kind}/{name}")))


class ContactType(enum.StrEnum):
    """The four kinds of contact, by the name that lists show."""

    REAL_PERSON = "Real Person"
    VIRTUAL_PERSON = "Virtual Person"
    REAL_ORGANISATION = "Real Organisation"
    VIRTUAL_ORGANISATION = "Virtual Organisation"

    @property
    def id(self) -> Guid:
        """Its well-known id."""
        return CONTACT_TYPE_IDS[self]

    @property
    def code(self) -> str:
        """Its two letters in tables: RP, VP, RO, VO."""
        return CONTACT_TYPE_CODES[self]

    @property
    def is_virtual(self) -> bool:
        """Whether no user stands behind it."""
        return self in (ContactType.VIRTUAL_PERSON, ContactType.VIRTUAL_ORGANISATION)

    @property
    def is_person(self) -> bool:
        """Whether it is a person."""
        return self in (ContactType.REAL_PERSON, ContactType.VIRTUAL_PERSON)


CONTACT_TYPE_IDS = {kind: well_known("contact type", kind) for kind in ContactType}
CONTACT_TYPES_BY_ID = {id_: kind for kind, id_ in CONTACT_TYPE_IDS.items()}
CONTACT_TYPE_CODES = {kind: "".join(word[0] for word in kind.split()) for kind in ContactType}
CONTACT_TYPES_BY_CODE = {code: kind for kind, code in CONTACT_TYPE_CODES.items()}


class ConnectionStatus(enum.StrEnum):
    """The status of a connection, by the name that lists show."""

    PENDING = "Pending"
    ACTIVE = "Active"
    REMOVED = "Removed"
    DECLINED = "Declined"
    CANCELLED = "Cancelled"
    EXPIRED = "Expired"
    VOID = "Void"

    @property
    def id(self) -> Guid:
        """Its well-known id."""
        return CONNECTION_STATUS_IDS[self]


CONNECTION_STATUS_IDS = {status: well_known("connection status", status) for status in ConnectionStatus}


class RequestStatus(enum.StrEnum):
    """The status of a connection request, by the name that lists show."""

    PENDING = "Pending"
    ACCEPTED = "Accepted"
    DECLINED = "Declined"
    CANCELLED = "Cancelled"
    EXPIRED = "Expired"
    VOID = "Void"

    @property
    def id(self) -> Guid:
        """Its well-known id."""
        return REQUEST_STATUS_IDS[self]


REQUEST_STATUS_IDS = {status: well_known("request status", status) for status in RequestStatus}


class RecordStatus(enum.StrEnum):
    """Whether a record is in use, by its letter in tables and messages."""

    ACTIVE = "A"
    INACTIVE = "I"

    @property
    def id(self) -> Guid:
        """Its well-known id."""
        return RECORD_STATUS_IDS[self]


RECORD_STATUS_IDS = {status: well_known("record status", status) for status in RecordStatus}


class SearchKind(enum.StrEnum):
    """Criteria of a search for contacts, by the name that lists show."""

    NAME_OR_EMAIL = "Name or Email"
    ROLE_GROUPS = "Role Groups"
    ROLES = "Roles"

    @property
    def id(self) -> Guid:
        """Its well-known id."""
        return SEARCH_KIND_IDS[self]


SEARCH_KIND_IDS = {kind: well_known("search kind", kind) for kind in SearchKind}


class ContactMethod(enum.StrEnum):
    """The ways to reach a contact, by the name that lists show."""

    MOBILE = "Mobile"
    PHONE = "Phone"
    STREET_ADDRESS = "Street Address"
    POSTAL_ADDRESS = "Postal Address"

    @property
    def id(self) -> Guid:
        """Its well-known id."""
        return CONTACT_METHOD_IDS[self]


CONTACT_METHOD_IDS = {method: well_known("contact method", method) for method in ContactMethod}


__all__ = [
    "CONNECTION_STATUS_IDS",
    "CONTACT_METHOD_IDS",
    "CONTACT_TYPES_BY_CODE",
    "CONTACT_TYPES_BY_ID",
    "CONTACT_TYPE_CODES",
    "CONTACT_TYPE_IDS",
    "NAMESPACE",
    "RECORD_STATUS_IDS",
    "REQUEST_STATUS_IDS",
    "SEARCH_KIND_IDS",
    "ConnectionStatus",
    "ContactMethod",
    "ContactType",
    "RecordStatus",
    "RequestStatus",
    "SearchKind",
    "well_known",
]
