"""Key addresses by the mailbox that receives their mail; revoke proofs by other mailboxes.

Before, keys used IDNA 2008 and case folding, while mail went to the IDNA 2003 form of the domain and to the local part as
typed. docs/database.md describes the result for each row. The functions below are copies, so that this revision does not
change with the program.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from string import ascii_lowercase, ascii_uppercase
from typing import Any, NamedTuple

import idna
import sqlalchemy as sa
import structlog
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 1000
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_log = structlog.get_logger("platform_api.database.migrations")

_Keys = Mapping[Any, Mapping[str, str]]
"""The contact of a user -> the changed keys of its addresses: before and after."""


class _Address(NamedTuple):
    """A stored address of a user, with its new text and key."""

    before: str
    user_id: Any
    contact_id: Any
    old_text: str
    text: str
    key: str


def upgrade() -> None:
    """Apply this revision."""
    connection = op.get_bind()
    users = _users(connection)
    _registrations(connection)
    _requests(connection, users)
    _contacts(connection)
    _mailbox(connection)


def _key(text: str, otherwise: str) -> str:
    """Return the key of an address; `otherwise` if it names no mailbox."""
    local, _, domain = text.strip().rpartition("@")
    try:
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True).decode().lower()
    except idna.IDNAError:
        return otherwise
    return f"{unicodedata.normalize('NFC', local).translate(_LOWER)}@{ascii_domain}"


def _reached(text: str) -> str:
    """Return the address that mail to this one has reached so far: the same, unless IDNA 2003 maps its domain differently."""
    local, _, domain = text.strip().rpartition("@")
    try:
        sent_to = domain.encode("idna").decode().lower()
        named = idna.encode(domain, uts46=True, std3_rules=True).decode().lower()
    except UnicodeError:
        return text
    return text if sent_to == named else f"{local}@{sent_to}"


def _users(connection: sa.Connection) -> _Keys:
    """Give every address of a user the key of the mailbox that has proved it."""
    rows = connection.execute(
        sa.text(
            "SELECT address_key, user_id, contact_id, address FROM user_addresses"
            " JOIN users ON users.id = user_addresses.user_id ORDER BY verified_at, address_key"
        )
    )
    changed = [made for row in rows if not row.address.isascii() and (made := _proved(row)) is not None]
    keys: dict[Any, dict[str, str]] = {}
    for address in changed:
        keys.setdefault(address.contact_id, {})[address.before] = _keep(connection, address)
    if changed:
        _log.info("addresses of users have new keys", addresses=len(changed))
    return keys


def _proved(row: Any) -> _Address | None:
    text = _reached(row.address)
    key = _key(text, row.address_key)
    if (text, key) == (row.address, row.address_key):
        return None
    return _Address(row.address_key, row.user_id, row.contact_id, row.address, text, key)


def _keep(connection: sa.Connection, address: _Address) -> str:
    """Store an address under its new key, or under a free name if another user has that key; return the resulting key."""
    key = _free(connection, address)
    if key != address.key:
        _log.warning(
            "two users have proved one mailbox",
            user_id=str(address.user_id),
            shown_by="platform-api database shared-mailboxes",
        )
    connection.execute(
        sa.text("UPDATE user_addresses SET address_key = :key, address = :text WHERE address_key = :before"),
        {"key": key, "text": address.text, "before": address.before},
    )
    connection.execute(
        sa.text("UPDATE contacts SET email = :text WHERE id = :id AND email = :before"),
        {"text": address.text, "id": address.contact_id, "before": address.old_text},
    )
    if key != address.before:
        _move_reset(connection, address.before, key)
        connection.execute(
            sa.text("UPDATE letters SET recipient_key = :key WHERE recipient_key = :before AND kind <> :request"),
            {"key": key, "before": address.before, "request": "connection request"},
        )
    return key


def _free(connection: sa.Connection, address: _Address) -> str:
    """Return the key, or the key with a number that no address can have, so that only its user can match it."""
    key, number = address.key, 1
    while (
        key != address.before
        and connection.execute(sa.text("SELECT 1 FROM user_addresses WHERE address_key = :key"), {"key": key}).first()
    ):
        number += 1
        key = f"{address.key}#{number}"
    return key


def _move_reset(connection: sa.Connection, before: str, key: str) -> None:
    """Keep a reset link with its user. No user had the new key, so no link for it was ever mailed."""
    connection.execute(sa.text("DELETE FROM password_resets WHERE address_key = :key"), {"key": key})
    connection.execute(
        sa.text("UPDATE password_resets SET address_key = :key WHERE address_key = :before"),
        {"key": key, "before": before},
    )


def _pages(connection: sa.Connection, statement: str) -> Iterator[Any]:
    """Yield the rows of a statement in batches, ordered by id."""
    after: Any = None
    while True:
        where = "" if after is None else " AND t.id > :after"
        rows = connection.execute(
            sa.text(f"{statement}{where} ORDER BY t.id LIMIT {BATCH}"), {} if after is None else {"after": after}
        ).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].id


def _registrations(connection: sa.Connection) -> None:
    """Update the keys of registrations; delete those whose link went to another mailbox."""
    for row in _pages(connection, "SELECT t.id, t.address, t.address_key FROM registrations t WHERE 1 = 1"):
        if row.address.isascii():
            continue
        if _reached(row.address) != row.address:
            connection.execute(sa.text("DELETE FROM registrations WHERE id = :id"), {"id": row.id})
        elif (key := _key(row.address, row.address_key)) != row.address_key:
            connection.execute(
                sa.text("UPDATE registrations SET address_key = :key WHERE id = :id"), {"key": key, "id": row.id}
            )


def _requests(connection: sa.Connection, users: _Keys) -> None:
    statement = (
        "SELECT t.id, t.status, t.receiver_id, t.shown_to, t.address_key, t.recipient_key, t.accepted_key,"
        " t.token_version, t.ignored_at, t.sender_type, kept.address_key AS kept_key, kept.email FROM connection_requests t"
        " LEFT JOIN contacts kept ON kept.id = t.original_receiver_id WHERE 1 = 1"
    )
    for row in _pages(connection, statement):
        after = _request(connection, row, users)
        if any(getattr(row, name) != value for name, value in after.items()):
            connection.execute(
                sa.text(
                    "UPDATE connection_requests SET address_key = :address_key, recipient_key = :recipient_key,"
                    " accepted_key = :accepted_key, token_version = :token_version, shown_to = :shown_to WHERE id = :id"
                ),
                {**after, "id": row.id},
            )
            connection.execute(
                sa.text("UPDATE letters SET recipient_key = :key WHERE subject_id = :id AND recipient_key = :before"),
                {"key": after["recipient_key"], "id": row.id, "before": row.recipient_key},
            )
            if row.shown_to != after["shown_to"]:
                _count_hidden(connection, row)


def _request(connection: sa.Connection, row: Any, users: _Keys) -> dict[str, Any]:
    """Return the new columns of a request.

    A pending link that went to a mailbox other than that of the address is made old. A request is no longer shown to a user who
    does not have its address.
    """
    known = {**users.get(row.receiver_id, {}), **users.get(row.shown_to, {})}
    address_key = reached_key = known.get(row.address_key, row.address_key)
    if row.address_key is not None and row.kept_key == row.address_key and row.email:
        address_key = _key(row.email, row.address_key)
        reached_key = _key(_reached(row.email), row.address_key)
    pending = row.status == "Pending"
    keys = {**known, row.address_key: reached_key}
    recipient_key = address_key if row.recipient_key == row.address_key else known.get(row.recipient_key)
    affected = address_key != row.address_key or row.shown_to in users
    hidden = pending and affected and address_key is not None and not _has(connection, row.shown_to, address_key)
    return {
        "address_key": address_key,
        "recipient_key": recipient_key or row.recipient_key,
        "accepted_key": keys.get(row.accepted_key, row.accepted_key),
        "token_version": row.token_version + (pending and reached_key != address_key),
        "shown_to": None if hidden else row.shown_to,
    }


def _count_hidden(connection: sa.Connection, row: Any) -> None:
    """Subtract a request that is no longer shown from the total of its list."""
    connection.execute(
        sa.text("UPDATE connection_totals SET total = total - 1 WHERE contact_id = :contact AND name = :name"),
        {"contact": row.shown_to, "name": f"{'ignored' if row.ignored_at else 'received'} {row.sender_type}"},
    )


def _has(connection: sa.Connection, contact_id: Any, address_key: str) -> bool:
    statement = (
        "SELECT 1 FROM user_addresses JOIN users ON users.id = user_addresses.user_id"
        " WHERE address_key = :key AND contact_id = :contact"
    )
    return connection.execute(sa.text(statement), {"key": address_key, "contact": contact_id}).first() is not None


def _contacts(connection: sa.Connection) -> None:
    """Give virtual contacts the keys of the addresses that their keepers typed. No two of them become equal."""
    statement = "SELECT t.id, t.email, t.address_key FROM contacts t WHERE t.address_key IS NOT NULL"
    for row in _pages(connection, statement):
        key = _key(row.email or "", row.address_key)
        if key != row.address_key:
            connection.execute(
                sa.text("UPDATE contacts SET address_key = :key WHERE id = :id"), {"key": key, "id": row.id}
            )


def _mailbox(connection: sa.Connection) -> None:
    """Find mails in the built-in mailbox by the keys of their recipients."""
    for row in _pages(connection, "SELECT t.id, t.recipient, t.recipient_key FROM mailbox t WHERE 1 = 1"):
        key = _key(row.recipient, row.recipient_key)
        if not row.recipient.isascii() and key != row.recipient_key:
            connection.execute(
                sa.text("UPDATE mailbox SET recipient_key = :key WHERE id = :id"), {"key": key, "id": row.id}
            )
