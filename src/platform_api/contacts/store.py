"""The SQL of contacts."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case, delete, exists, insert, null, or_, select, update

from platform_api.contacts.tables import SUMMARY_COLUMNS, contacts, grants, kept_totals, profiles
from platform_api.contacts.values import FORGOTTEN_NAME, Contact
from platform_api.contacts.visibility import ContactFacts
from platform_api.database.expressions import in_list, upsert
from platform_api.database.statements import Command, Query
from platform_api.foundation.well_known import CONTACT_TYPES_BY_CODE, ContactType
from servicehost.contract.scalars import Guid

VIRTUAL = tuple(kind.code for kind in ContactType if kind.is_virtual)


class Standing(NamedTuple):
    """Basis of a person's right to act for a contact: the scopes of its grant, and the contact's keeper.

    Attributes:
        scopes: bits of `Scope`; 0 without a grant.
        keeper_id: the keeper of a virtual contact; None for a real one.
    """

    scopes: int
    keeper_id: Guid | None

    def allows(self, scope: int) -> bool:
        """Whether the grant has every bit of the scope."""
        return self.scopes & scope == scope


def _contact(
    id_: Guid,
    contact_type: str,
    original_type: str | None,
    full_name: str,
    email: str | None,
    keeper_id: Guid | None,
    address_key: str | None,
    created_at: datetime,
    removed_at: datetime | None,
    merged_into: Guid | None,
) -> Contact:
    return Contact(
        id_,
        CONTACT_TYPES_BY_CODE[contact_type],
        CONTACT_TYPES_BY_CODE[original_type] if original_type else None,
        full_name,
        email,
        keeper_id,
        address_key,
        created_at,
        removed_at,
        merged_into,
    )


_LIVE = contacts.c.removed_at.is_(None)
_OTHER = contacts.alias("other")
_NOBODYS = {"keeper_id": null(), "address_key": null()}
_BLANK = {column.name: null() for column in profiles.columns if column.nullable and column is not profiles.c.updated_at}

GET_CONTACT = Query(select(contacts).where(contacts.c.id == bindparam("id")), _contact)
GET_CONTACTS = Query(select(contacts).where(in_list(contacts.c.id, "ids")), _contact)
LIST_KEPT = Query(
    select(contacts.c.id).where(contacts.c.keeper_id == bindparam("keeper_id")).order_by(contacts.c.id), Guid
)
GET_SUMMARIES = Query(
    select(*SUMMARY_COLUMNS)
    .join_from(contacts, profiles, profiles.c.contact_id == contacts.c.id)
    .where(in_list(contacts.c.id, "ids")),
    ContactFacts,
)

ADD_CONTACT = Command(insert(contacts))
ADD_KEPT = Query(
    upsert(
        contacts,
        key=[contacts.c.keeper_id, contacts.c.address_key],
        change=lambda new: {"address_key": new.address_key},
    ).returning(contacts.c.id),
    Guid,
)
COUNT_KEPT = Query(
    upsert(
        kept_totals, key=[kept_totals.c.keeper_id], change=lambda new: {"total": kept_totals.c.total + new.total}
    ).returning(kept_totals.c.total),
    int,
)
KEEPER_OF = Query(
    select(contacts.c.keeper_id).where(
        contacts.c.id == bindparam("contact"), contacts.c.keeper_id.is_not(None), contacts.c.removed_at.is_(None)
    ),
    Guid,
)
PUT_PROFILE = Command(
    upsert(
        profiles,
        key=[profiles.c.contact_id],
        change=lambda new: {column.name: new[column.name] for column in profiles.columns if not column.primary_key},
    )
)
CLAIM = Command(
    update(contacts)
    .where(
        contacts.c.id == bindparam("contact"),
        contacts.c.contact_type == ContactType.VIRTUAL_PERSON.code,
        _LIVE,
    )
    .values(
        contact_type=ContactType.REAL_PERSON.code,
        original_type=contacts.c.contact_type,
        full_name=bindparam("name"),
        email=bindparam("address"),
        **_NOBODYS,
    )
)
GIVE_ADDRESS = Command(
    update(contacts)
    .where(contacts.c.id == bindparam("contact"), contacts.c.contact_type.in_(VIRTUAL), _LIVE)
    .values(address_key=bindparam("key"), email=bindparam("address"), full_name=bindparam("name"))
)
MERGE = Command(
    update(contacts)
    .where(
        contacts.c.id == bindparam("source"),
        contacts.c.contact_type.in_(VIRTUAL),
        _LIVE,
        exists().where(_OTHER.c.id == bindparam("into"), _OTHER.c.removed_at.is_(None)),
    )
    .values(
        removed_at=bindparam("now"),
        merged_into=bindparam("into"),
        full_name=FORGOTTEN_NAME,
        email=null(),
        **_NOBODYS,
    )
)
MOVE_KEPT = Command(
    update(contacts)
    .where(
        contacts.c.keeper_id == bindparam("source"),
        ~exists().where(_OTHER.c.keeper_id == bindparam("into"), _OTHER.c.address_key == contacts.c.address_key),
    )
    .values(keeper_id=bindparam("into"))
)
MOVE_KEPT_TWICE = Command(
    update(contacts)
    .where(contacts.c.keeper_id == bindparam("source"))
    .values(keeper_id=bindparam("into"), address_key=null())
)
ERASE = Command(
    update(contacts)
    .where(contacts.c.id == bindparam("contact"), _LIVE)
    .values(removed_at=bindparam("now"), full_name=bindparam("name"), email=null(), **_NOBODYS)
)
BLANK_PROFILE = Command(
    update(profiles)
    .where(profiles.c.contact_id == bindparam("contact"))
    .values(gst_registered=False, contact_details=bindparam("nothing"), updated_at=bindparam("now"), **_BLANK)
)

FORGET_ADDRESS = Command(
    update(contacts)
    .where(contacts.c.id == bindparam("contact"), contacts.c.contact_type.in_(VIRTUAL), _LIVE)
    .values(
        full_name=case((contacts.c.full_name == contacts.c.email, bindparam("name")), else_=contacts.c.full_name),
        email=null(),
        address_key=null(),
    )
)
GET_STANDING = Query(
    select(grants.c.scopes, contacts.c.keeper_id)
    .select_from(contacts)
    .outerjoin(grants, (grants.c.contact_id == contacts.c.id) & (grants.c.person_id == bindparam("person")))
    .where(contacts.c.id == bindparam("contact"), _LIVE),
    lambda scopes, keeper_id: Standing(scopes or 0, keeper_id),
)
PUT_GRANT = Query(
    upsert(grants, key=[grants.c.person_id, grants.c.contact_id], change=lambda new: {"scopes": new.scopes}).returning(
        grants.c.id
    ),
    Guid,
)
END_GRANTS = Command(
    delete(grants).where(or_(grants.c.contact_id == bindparam("contact"), grants.c.person_id == bindparam("contact")))
)

__all__ = [
    "ADD_CONTACT",
    "ADD_KEPT",
    "BLANK_PROFILE",
    "CLAIM",
    "COUNT_KEPT",
    "END_GRANTS",
    "ERASE",
    "FORGET_ADDRESS",
    "GET_CONTACT",
    "GET_CONTACTS",
    "GET_STANDING",
    "GET_SUMMARIES",
    "GIVE_ADDRESS",
    "KEEPER_OF",
    "LIST_KEPT",
    "MERGE",
    "MOVE_KEPT",
    "MOVE_KEPT_TWICE",
    "PUT_GRANT",
    "PUT_PROFILE",
    "VIRTUAL",
    "Standing",
]
