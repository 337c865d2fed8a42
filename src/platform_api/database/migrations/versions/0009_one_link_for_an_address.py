"""Keep one mailed link of each purpose per address, and few registrations.

Links in mailboxes remain valid: the newest registration of an address gives the link its id, and so does its reset. Proved
registrations are deleted; they only answered repeated requests.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from platform_api.database import columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LIFE = timedelta(days=1)
"""Default lifetime of a proof link before this revision, counted from the registration."""

KEPT = 5

_links = sa.table(
    "account_links",
    sa.column("id", columns.GuidColumn()),
    sa.column("purpose", sa.Text()),
    sa.column("address_key", sa.Text()),
    sa.column("version", sa.Integer()),
    sa.column("letters", sa.Integer()),
    sa.column("streak", sa.Integer()),
    sa.column("lettered_at", columns.InstantColumn()),
    sa.column("asked_at", columns.InstantColumn()),
    sa.column("issued_at", columns.InstantColumn()),
    sa.column("sent_at", columns.InstantColumn()),
    sa.column("used_version", sa.Integer()),
)
_registrations = sa.table(
    "registrations",
    sa.column("id", columns.GuidColumn()),
    sa.column("address_key", sa.Text()),
    sa.column("address", sa.Text()),
    sa.column("password_hash", sa.Text()),
    sa.column("profile", columns.JsonColumn()),
    sa.column("business", columns.JsonColumn()),
    sa.column("link_version", sa.Integer()),
    sa.column("registered_at", columns.InstantColumn()),
)
_old_registrations = sa.table(
    "registrations",
    sa.column("id", columns.GuidColumn()),
    sa.column("address_key", sa.Text()),
    sa.column("address", sa.Text()),
    sa.column("password_hash", sa.Text()),
    sa.column("profile", columns.JsonColumn()),
    sa.column("business", columns.JsonColumn()),
    sa.column("expires_at", columns.InstantColumn()),
)
_old_resets = sa.table(
    "password_resets",
    sa.column("id", columns.GuidColumn()),
    sa.column("address_key", sa.Text()),
    sa.column("version", sa.Integer()),
    sa.column("letters", sa.Integer()),
    sa.column("asked_at", columns.InstantColumn()),
)


def upgrade() -> None:
    """Apply this revision."""
    connection = op.get_bind()
    registrations = _newest_registrations(connection)
    links = [*_proof_links(registrations), *map(_reset_link, connection.execute(sa.select(_old_resets)).all())]
    op.drop_table("password_resets")
    op.drop_table("registrations")
    _make_tables()
    for table, rows in ((_registrations, registrations), (_links, links)):
        if rows:
            connection.execute(table.insert(), rows)


def _make_tables() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", columns.GuidColumn(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False, comment="as it was typed; mail goes there"),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("profile", columns.JsonColumn(), nullable=False, comment="a Profile"),
        sa.Column(
            "business", columns.JsonColumn(), nullable=True, comment="the Profile of an organisation to make with it"
        ),
        sa.Column("link_version", sa.Integer(), nullable=False, comment="version of the proof link that completes it"),
        sa.Column("registered_at", columns.InstantColumn(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
    )
    op.create_index("ix_registrations_address", "registrations", ["address_key", "registered_at"])
    op.create_index("ix_registrations_registered", "registrations", ["registered_at"])
    op.create_table(
        "account_links",
        sa.Column("id", columns.GuidColumn(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False, comment="Purpose"),
        sa.Column("address_key", sa.Text(), nullable=False, comment="whether or not there is such a user"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False, comment="letters since the last quiet day"),
        sa.Column("lettered_at", columns.InstantColumn(), nullable=False),
        sa.Column("asked_at", columns.InstantColumn(), nullable=False),
        sa.Column("issued_at", columns.InstantColumn(), nullable=False),
        sa.Column(
            "sent_at", columns.InstantColumn(), nullable=True, comment="None: no letter with this version has been sent"
        ),
        sa.Column("used_version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
    )
    op.create_index("ux_account_links_address", "account_links", ["address_key", "purpose"], unique=True)
    op.create_index("ix_account_links_asked", "account_links", ["asked_at"])


def _newest_registrations(connection: sa.Connection) -> list[dict[str, Any]]:
    """Return the registrations that wait for their proof, at most five for each address, newest first."""
    waiting = (
        sa.select(_old_registrations)
        .where(_old_registrations.c.password_hash.is_not(None), _old_registrations.c.profile.is_not(None))
        .order_by(_old_registrations.c.expires_at.desc(), _old_registrations.c.id.desc())
    )
    kept: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(waiting).mappings():
        of_address = kept.setdefault(row["address_key"], [])
        if len(of_address) < KEPT:
            values = {name: value for name, value in row.items() if name != "expires_at"}
            of_address.append(values | {"link_version": 1, "registered_at": row["expires_at"] - LIFE})
    return [row for rows in kept.values() for row in rows]


def _proof_links(registrations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a link for each address, with the id of its newest registration, which the mailed token contains.

    No letter is counted, since the letter that may still wait has the number zero.
    """
    newest = {row["address_key"]: row for row in reversed(registrations)}
    return [
        _link(row["id"], "mailbox proof", row["address_key"], 1, 0, row["registered_at"]) for row in newest.values()
    ]


def _reset_link(row: Any) -> dict[str, Any]:
    return _link(row.id, "password reset", row.address_key, row.version, row.letters, row.asked_at)


def _link(id_: str, purpose: str, address_key: str, version: int, letters: int, asked_at: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "purpose": purpose,
        "address_key": address_key,
        "version": version,
        "letters": letters,
        "streak": 1,
        "lettered_at": asked_at,
        "asked_at": asked_at,
        "issued_at": asked_at,
        "sent_at": asked_at,
        "used_version": None,
    }
