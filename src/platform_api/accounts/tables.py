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
    Column("password_hash", Text, nullable=False),
    Column("profile", JsonColumn, nullable=False, comment="a Profile"),
    Column("business", JsonColumn, comment="the Profile of an organisation to make with it"),
    Column("link_version", Integer, nullable=False, comment="version of the proof link that completes it"),
    Column("registered_at", InstantColumn, nullable=False),
    Index("ix_registrations_address", "address_key", "registered_at"),
    Index("ix_registrations_registered", "registered_at"),
)
"""Registrations whose mailbox is not proved yet: no users and no contacts. At most five are kept for one address."""

account_links = Table(
    "account_links",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("purpose", Text, nullable=False, comment="Purpose"),
    Column("address_key", Text, nullable=False, comment="whether or not there is such a user"),
    Column("version", Integer, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("streak", Integer, nullable=False, comment="letters since the last quiet day"),
    Column("lettered_at", InstantColumn, nullable=False),
    Column("asked_at", InstantColumn, nullable=False),
    Column("issued_at", InstantColumn, nullable=False),
    Column("sent_at", InstantColumn, comment="None: no letter with this version has been sent"),
    Column("used_version", Integer),
    Index("ux_account_links_address", "address_key", "purpose", unique=True),
    Index("ix_account_links_asked", "asked_at"),
)
"""The links that are mailed to addresses, one for each purpose: to prove the mailbox, to reset the password."""

__all__ = ["account_links", "registrations"]
