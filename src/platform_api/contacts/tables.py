"""The tables of contacts. Packages below may read them; only this one writes them."""

from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.sql.selectable import FromClause

from platform_api.database.columns import GuidColumn, InstantColumn, JsonColumn
from platform_api.database.metadata import metadata

contacts = Table(
    "contacts",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("contact_type", Text, nullable=False, comment="ContactType.code"),
    Column("original_type", Text, comment="the type before a claim"),
    Column("full_name", Text, nullable=False),
    Column("email", Text, comment="as it was given; what others are shown"),
    Column("keeper_id", GuidColumn, ForeignKey("contacts.id"), comment="who keeps it, while it is virtual"),
    Column("address_key", Text, comment="key of the address that its keeper gave, while it is virtual"),
    Column("created_at", InstantColumn, nullable=False),
    Column("removed_at", InstantColumn, comment="when it was merged or erased"),
    Column("merged_into", GuidColumn, ForeignKey("contacts.id")),
    Index("ux_contacts_kept_address", "keeper_id", "address_key", unique=True),
)
"""One row for each contact, also for those that were merged or erased: others' history names them."""

kept_totals = Table(
    "kept_totals",
    metadata,
    Column("keeper_id", GuidColumn, ForeignKey("contacts.id"), primary_key=True),
    Column("total", Integer, nullable=False),
)
"""How many virtual contacts a contact keeps."""

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
    Column("primary_address", Text, comment="in one line"),
    Column("contact_details", JsonColumn, nullable=False, comment="list of ContactDetailModel"),
    Column("photo_url", Text),
    Column("photo_thumbnail_url", Text),
    Column("updated_at", InstantColumn, nullable=False),
)
"""What a contact shows of itself: one row for each contact."""

grants = Table(
    "grants",
    metadata,
    Column("id", GuidColumn, primary_key=True, comment="UserProfileId"),
    Column("person_id", GuidColumn, ForeignKey("contacts.id"), nullable=False),
    Column("contact_id", GuidColumn, ForeignKey("contacts.id"), nullable=False),
    Column("scopes", Integer, nullable=False, comment="bits of Scope"),
    Column("created_at", InstantColumn, nullable=False),
    Index("ux_grants_person_contact", "person_id", "contact_id", unique=True),
    Index("ix_grants_contact", "contact_id"),
)
"""Who may act for whom: a person's contact, the contact that it may act for, and in what."""


def summary_columns(contact: FromClause, profile: FromClause) -> tuple[ColumnElement[Any], ...]:
    """What `visibility.view` is told of a contact, in its order, for one join of these two (or aliases of them)."""
    return (
        contact.c.id,
        contact.c.keeper_id,
        contact.c.contact_type,
        contact.c.full_name,
        contact.c.email,
        profile.c.mobile_number,
        profile.c.phone_number,
        profile.c.photo_url,
        profile.c.photo_thumbnail_url,
        profile.c.description,
        profile.c.employment_industry,
        profile.c.employment_role,
        profile.c.employment_geographic_area,
        profile.c.timezone_name,
        profile.c.primary_address,
    )


SUMMARY_COLUMNS = summary_columns(contacts, profiles)
"""Select these from `contacts JOIN profiles ON profiles.contact_id = contacts.id`."""

__all__ = ["SUMMARY_COLUMNS", "contacts", "grants", "kept_totals", "profiles", "summary_columns"]
