"""Tables of roles. Other packages may read them; only this one writes them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text

from platform_api.contacts.tables import contacts
from platform_api.database.columns import GuidColumn
from platform_api.database.metadata import metadata

role_definitions = Table(
    "role_definitions",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("name", Text, nullable=False),
    Column("owner_id", GuidColumn, ForeignKey(contacts.c.id), doc="licensee; null for a standard definition"),
    Column("symmetric", Boolean, nullable=False, doc="one role, its own inverse"),
    Column("record_status", Text, nullable=False, doc="RecordStatus"),
    Index("ix_role_definitions_owner", "owner_id"),
)
"""Role definitions: pairs of roles, or one symmetric role."""

roles = Table(
    "roles",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("definition_id", GuidColumn, ForeignKey(role_definitions.c.id), nullable=False),
    Column("name", Text, nullable=False),
    Column("inverse_id", GuidColumn, nullable=False, doc="the role of the other end"),
    Column("contact_types", Text, nullable=False, doc="codes (ContactType.code) of the types that may hold it"),
    Column("must_accept", Boolean, nullable=False, doc="whether a contact must accept it"),
    Column("traits", Text, nullable=False, doc="RoleTrait names"),
    Column("record_status", Text, nullable=False, doc="RecordStatus"),
    Index("ix_roles_definition", "definition_id"),
)
"""Roles: the ends of role definitions. A symmetric definition has one role."""

__all__ = ["role_definitions", "roles"]
