"""Tables of identity. Other packages may read them; only this one writes them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from platform_api.database.columns import GuidColumn, InstantColumn
from platform_api.database.metadata import metadata

users = Table(
    "users",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("contact_id", GuidColumn, ForeignKey("contacts.id"), nullable=False),
    Column("password_hash", Text, doc="null: the user cannot sign in with a password"),
    Column("password_changed_at", InstantColumn, nullable=False),
    Column("created_at", InstantColumn, nullable=False),
    Index("ux_users_contact", "contact_id", unique=True),
    Index("ix_users_password_changed", "password_changed_at"),
)
"""Logins. A user is created when its address is proved; until then there is a registration in `accounts`."""

user_addresses = Table(
    "user_addresses",
    metadata,
    Column("address_key", Text, primary_key=True),
    Column("user_id", GuidColumn, ForeignKey("users.id"), nullable=False),
    Column("address", Text, nullable=False, doc="address as typed"),
    Column("is_main", Boolean, nullable=False, doc="whether mail goes to this address"),
    Column("verified_at", InstantColumn, nullable=False),
    Index("ix_user_addresses_user", "user_id"),
)
"""Verified addresses of users. The key is unique: a mailbox belongs to one user."""

user_roles = Table(
    "user_roles",
    metadata,
    Column("user_id", GuidColumn, ForeignKey("users.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("given_at", InstantColumn, nullable=False),
)
"""Installation-wide roles."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("user_id", GuidColumn, ForeignKey("users.id"), nullable=False),
    Column("remembered", Boolean, nullable=False, doc="whether browsers keep it when they are closed"),
    Column("created_at", InstantColumn, nullable=False),
    Column("expires_at", InstantColumn, nullable=False),
    Column("ended_at", InstantColumn, doc="when the user signed out or the session was revoked"),
    Index("ix_sessions_user", "user_id"),
    Index("ix_sessions_expires", "expires_at"),
    Index("ix_sessions_ended", "ended_at"),
)
"""Sessions. Access tokens and credentials belong to a session and end with it."""

session_credentials = Table(
    "session_credentials",
    metadata,
    Column("hash", Text, primary_key=True, doc="SHA-256 of the secret, which is not stored"),
    Column("session_id", GuidColumn, ForeignKey("sessions.id"), nullable=False),
    Column("kind", Text, nullable=False, doc="CredentialKind"),
    Column("life_seconds", Integer, nullable=False),
    Column("expires_at", InstantColumn, nullable=False),
    Column("replaced_at", InstantColumn, doc="when its successor replaced it"),
    Index("ix_session_credentials_session", "session_id"),
    Index("ix_session_credentials_expires", "expires_at"),
)
"""Credentials of sessions: refresh tokens and session cookies, by their hashes."""

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("subject", Text, primary_key=True, doc="hash of the address as typed; empty for all addresses"),
    Column("client", Text, primary_key=True, doc="network of the client; empty for all clients"),
    Column("failures", Integer, nullable=False),
    Column("failed_at", InstantColumn, nullable=False),
    Column("succeeded_at", InstantColumn, doc="when the client last signed in as the subject"),
    Index("ix_sign_in_failures_failed", "failed_at"),
    Index("ix_sign_in_failures_succeeded", "succeeded_at", "failed_at"),
)
"""Counters of failed sign-ins for each address and client, with or without a user."""

__all__ = ["session_credentials", "sessions", "sign_in_failures", "user_addresses", "user_roles", "users"]
