"""Tables of contacts. Other packages may read them; only this one writes them."""

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Boolean, Column, ColumnElement, ForeignKey, Index, Integer, Select, Table, Text, select

from platform_api.contacts.facts import Facts
from platform_api.contacts.visibility import ContactFacts
from platform_api.database.columns import GuidColumn, InstantColumn, JsonColumn
from platform_api.database.metadata import metadata
from platform_api.database.statements import Group

contacts = Table(
    "contacts",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("contact_type", Text, nullable=False, doc="ContactType.code"),
    Column("original_type", Text, doc="the type before a claim"),
    Column("full_name", Text, nullable=False),
    Column("email", Text, doc="as it was given; what others are shown"),
    Column("keeper_id", GuidColumn, ForeignKey("contacts.id"), doc="who keeps it, while it is virtual"),
    Column("address_key", Text, doc="key of the address that its keeper gave, while it is virtual"),
    Column("created_at", InstantColumn, nullable=False),
    Column("removed_at", InstantColumn, doc="when it was merged or erased"),
    Column("merged_into", GuidColumn, ForeignKey("contacts.id")),
    Index("ux_contacts_kept_address", "keeper_id", "address_key", unique=True),
)
"""One row for each contact, including those that were merged or erased: the history of others refers to them."""

kept_totals = Table(
    "kept_totals",
    metadata,
    Column("keeper_id", GuidColumn, ForeignKey("contacts.id"), primary_key=True),
    Column("total", Integer, nullable=False),
)
"""The number of virtual contacts that a contact keeps."""

profiles = Table(
    "profiles",
    metadata,
    Column("contact_id", GuidColumn, ForeignKey("contacts.id"), primary_key=True),
    Column("profile_name", Text),
    Column("title", Text),
    Column("first_name", Text),
    Column("surname", Text),
    Column("legal_name", Text),
    Column("trading_name", Text),
    Column("abn", Text),
    Column("acn", Text),
    Column("arbn", Text),
    Column("gst_registered", Boolean, nullable=False),
    Column("gender_id", GuidColumn),
    Column("description", Text),
    Column("employment_industry", Text),
    Column("employment_role", Text),
    Column("employment_geographic_area", Text),
    Column("timezone_id", GuidColumn),
    Column("timezone_name", Text),
    Column("mobile_number", Text),
    Column("phone_number", Text),
    Column("primary_address", Text, doc="in one line"),
    Column("contact_details", JsonColumn, nullable=False, doc="list of ContactDetailModel"),
    Column("photo_url", Text),
    Column("photo_thumbnail_url", Text),
    Column("updated_at", InstantColumn, nullable=False),
)
"""The profile of each contact."""

grants = Table(
    "grants",
    metadata,
    Column("id", GuidColumn, primary_key=True, doc="UserProfileId"),
    Column("person_id", GuidColumn, ForeignKey("contacts.id"), nullable=False),
    Column("contact_id", GuidColumn, ForeignKey("contacts.id"), nullable=False),
    Column("scopes", Integer, nullable=False, doc="bits of Scope"),
    Column("created_at", InstantColumn, nullable=False),
    Index("ux_grants_person_contact", "person_id", "contact_id", unique=True),
    Index("ix_grants_contact", "contact_id"),
)
"""The rights of persons to act for contacts: the person's contact, the other contact, and the scopes."""


CONTACT_FACTS = Group[ContactFacts](
    [contacts.c[name] if name in contacts.c else profiles.c[name] for name in Facts.__struct_fields__],
    cast("Callable[..., ContactFacts]", Facts),
)
"""The columns that `view` shows a contact from. Give it to a `Query` whose statement is made by one of the next two."""

_HAS_PROFILE = profiles.c.contact_id == contacts.c.id


def select_facts(*columns: ColumnElement[Any]) -> Select[Any]:
    """A SELECT of contacts: these columns, then those of `CONTACT_FACTS`."""
    return select(*columns, *CONTACT_FACTS.columns).join_from(contacts, profiles, _HAS_PROFILE)


def join_facts(statement: Select[Any], contact_id: ColumnElement[Any]) -> Select[Any]:
    """A SELECT of other tables, joined with the contact that has this id: its columns, then those of `CONTACT_FACTS`."""
    joined = statement.join(contacts, contacts.c.id == contact_id).join(profiles, _HAS_PROFILE)
    return joined.add_columns(*CONTACT_FACTS.columns)


__all__ = ["CONTACT_FACTS", "contacts", "grants", "join_facts", "kept_totals", "profiles", "select_facts"]
