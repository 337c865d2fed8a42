"""Tables of accounts. Other packages may read them; only this one writes them."""

from sqlalchemy import Column, Index, Integer, Table, Text

from platform_api.database.columns import GuidColumn, InstantColumn, JsonColumn
from platform_api.database.metadata import metadata

registrations = Table(
    "registrations",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("address_key", Text, nullable=False),
    Column("address", Text, nullable=False, doc="address as typed"),
    Column("password_hash", Text, nullable=False),
    Column("profile", JsonColumn, nullable=False, doc="a Profile"),
    Column("business", JsonColumn, doc="a Profile: organisation to create with the account"),
    Column("link_version", Integer, nullable=False, doc="version of the proof link that completes it"),
    Column("registered_at", InstantColumn, nullable=False),
    Index("ix_registrations_address", "address_key", "registered_at"),
    Index("ix_registrations_registered", "registered_at"),
)
"""Open registrations: their mailbox is not proved, and no user or contact exists. At most five for each address."""

account_links = Table(
    "account_links",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("purpose", Text, nullable=False, doc="Purpose"),
    Column("address_key", Text, nullable=False, doc="with or without a user"),
    Column("version", Integer, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("streak", Integer, nullable=False, doc="letters since the last quiet day"),
    Column("lettered_at", InstantColumn, nullable=False),
    Column("asked_at", InstantColumn, nullable=False),
    Column("issued_at", InstantColumn, nullable=False),
    Column("sent_at", InstantColumn, doc="null: no letter with this version was sent"),
    Column("used_version", Integer),
    Index("ux_account_links_address", "address_key", "purpose", unique=True),
    Index("ix_account_links_asked", "asked_at"),
)
"""Links that are mailed to addresses: one for each address and purpose."""

__all__ = ["account_links", "registrations"]
