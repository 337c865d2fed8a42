"""The tables of identity. Packages below may read them; only this one writes them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from platform_api.database.columns import GuidColumn, InstantColumn
from platform_api.database.metadata import metadata

users = Table(
    "users",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("contact_id", GuidColumn, ForeignKey("contacts.id"), nullable=False),
    Column("password_hash", Text, comment="None: nobody can sign in with a password"),
    Column("password_changed_at", InstantColumn, nullable=False),
    Column("created_at", InstantColumn, nullable=False),
    Index("ux_users_contact", "contact_id", unique=True),
    Index("ix_users_password_changed", "password_changed_at"),
)
"""The logins. An address is proved before there is one: what is not proved yet is a registration of `accounts`."""

user_addresses = Table(
    "user_addresses",
    metadata,
    Column("address_key", Text, primary_key=True),
    Column("user_id", GuidColumn, ForeignKey("users.id"), nullable=False),
    Column("address", Text, nullable=False, comment="as it was typed; mail goes there"),
    Column("is_main", Boolean, nullable=False, comment="what the user is called by"),
    Column("verified_at", InstantColumn, nullable=False),
    Index("ix_user_addresses_user", "user_id"),
)
"""The addresses of users, all of them proved. The key is unique: a mailbox belongs to one user."""

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
    Column("remembered", Boolean, nullable=False, comment="whether browsers keep it when they are closed"),
    Column("created_at", InstantColumn, nullable=False),
    Column("expires_at", InstantColumn, nullable=False),
    Column("ended_at", InstantColumn, comment="when it was signed out or revoked"),
    Index("ix_sessions_user", "user_id"),
    Index("ix_sessions_expires", "expires_at"),
    Index("ix_sessions_ended", "ended_at"),
)
"""Sessions: what access tokens and session credentials belong to, and what is ended as a whole."""

session_credentials = Table(
    "session_credentials",
    metadata,
    Column("hash", Text, primary_key=True, comment="SHA-256 of the secret, which is nowhere kept"),
    Column("session_id", GuidColumn, ForeignKey("sessions.id"), nullable=False),
    Column("kind", Text, nullable=False, comment="CredentialKind"),
    Column("life_seconds", Integer, nullable=False),
    Column("expires_at", InstantColumn, nullable=False),
    Column("replaced_at", InstantColumn, comment="when its successor took its place"),
    Index("ix_session_credentials_session", "session_id"),
    Index("ix_session_credentials_expires", "expires_at"),
)
"""Secrets of sessions: refresh tokens and session cookies, by their hashes."""

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("subject", Text, primary_key=True, comment="hash of the address that was typed, or '' for any"),
    Column("client", Text, primary_key=True, comment="the client's network, or '' for any"),
    Column("failures", Integer, nullable=False),
    Column("failed_at", InstantColumn, nullable=False),
    Column("succeeded_at", InstantColumn, comment="when this client last signed in as this subject"),
    Index("ix_sign_in_failures_failed", "failed_at"),
    Index("ix_sign_in_failures_succeeded", "succeeded_at", "failed_at"),
)
"""Attempts to sign in that failed, counted for each address and client whether or not there is such a user."""

__all__ = ["session_credentials", "sessions", "sign_in_failures", "user_addresses", "user_roles", "users"]
