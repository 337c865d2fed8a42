"""The tables of accounts. Packages below may read them; only this one writes them."""

from sqlalchemy import Column, Index, Integer, Table, Text

from platform_api.database.columns import GuidColumn, InstantColumn, JsonColumn
from platform_api.database.metadata import metadata

registrations = Table(
    "registrations",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("address_key", Text, nullable=False),
    Column("address", Text, nullable=False, comment="as it was typed; mail goes there"),
    Column("password_hash", Text, comment="None once the mailbox is proved"),
    Column("profile", JsonColumn, comment="a Profile; None once the mailbox is proved"),
    Column("business", JsonColumn, comment="the Profile of an organisation to make with it"),
    Column("expires_at", InstantColumn, nullable=False),
    Column("proved_at", InstantColumn, comment="when the mailbox was proved"),
    Index("ix_registrations_address", "address_key"),
    Index("ix_registrations_expires", "expires_at"),
)
"""Registrations whose mailbox is not proved yet: no users, no contacts, and forgotten when they have expired.

Each has a link of its own, so that whoever registers somebody else's address gains nothing by being first or last.
"""

password_resets = Table(
    "password_resets",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("address_key", Text, nullable=False, comment="whether or not there is such a user"),
    Column("version", Integer, nullable=False, comment="of the link; it changes when the link was used"),
    Column("letters", Integer, nullable=False, comment="how often it was asked for"),
    Column("asked_at", InstantColumn, nullable=False),
    Index("ux_password_resets_address", "address_key", unique=True),
    Index("ix_password_resets_asked", "asked_at"),
)
"""Who asked for a link that resets a password."""

__all__ = ["password_resets", "registrations"]
