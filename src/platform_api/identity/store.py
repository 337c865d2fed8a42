"""The SQL of identity, and nothing else. Rows become values here."""

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    tuple_,
    union,
    update,
)

from platform_api.contacts import PlatformPrincipal
from platform_api.contacts.tables import contacts
from platform_api.database.expressions import in_list, upsert
from platform_api.database.statements import Command, Query
from platform_api.identity.addresses import EmailAddress
from platform_api.identity.tables import (
    session_credentials,
    sessions,
    sign_in_failures,
    user_addresses,
    user_roles,
    users,
)
from platform_api.identity.throttle import Failures
from platform_api.identity.values import SharedMailbox, StoredCredential, User
from servicehost.contract.scalars import Guid

_NOW = bindparam("now", type_=sessions.c.expires_at.type)
_RUNS = and_(sessions.c.ended_at.is_(None), sessions.c.expires_at > _NOW)

# Users and their addresses

_USER_COLUMNS = (users.c.id, users.c.contact_id, users.c.password_hash, users.c.password_changed_at, users.c.created_at)
USER = Query(select(*_USER_COLUMNS).where(users.c.id == bindparam("id")), User)
USER_OF_CONTACT = Query(select(*_USER_COLUMNS).where(users.c.contact_id == bindparam("contact_id")), User)
USER_WITH_ADDRESS = Query(
    select(*_USER_COLUMNS)
    .join_from(users, user_addresses, user_addresses.c.user_id == users.c.id)
    .where(user_addresses.c.address_key == bindparam("address_key")),
    User,
)
ADD_USER = Command(insert(users))
MOVE_USER = Command(update(users).where(users.c.id == bindparam("user_id")).values(contact_id=bindparam("into")))
SET_PASSWORD = Command(
    update(users)
    .where(users.c.id == bindparam("user_id"))
    .values(password_hash=bindparam("password_hash"), password_changed_at=_NOW)
)
RENEW_HASH = Command(
    update(users)
    .where(users.c.id == bindparam("user_id"), users.c.password_hash == bindparam("before"))
    .values(password_hash=bindparam("after"))
)
USERS_CHANGED = Query(select(users.c.id).where(users.c.password_changed_at > bindparam("since")), str)

_ADDRESS = (user_addresses.c.address, user_addresses.c.address_key)
ADD_ADDRESS = Command(insert(user_addresses))
MAIN_ADDRESS = Query(
    select(*_ADDRESS)
    .join_from(users, user_addresses, user_addresses.c.user_id == users.c.id)
    .where(users.c.contact_id == bindparam("contact_id"), user_addresses.c.is_main),
    EmailAddress,
)
ADDRESSES = Query(
    select(*_ADDRESS)
    .join_from(users, user_addresses, user_addresses.c.user_id == users.c.id)
    .where(users.c.contact_id == bindparam("contact_id"))
    .order_by(user_addresses.c.is_main.desc(), user_addresses.c.address_key),
    EmailAddress,
)
CONTACT_WITH_ADDRESS = Query(
    select(users.c.contact_id)
    .join_from(users, user_addresses, user_addresses.c.user_id == users.c.id)
    .where(user_addresses.c.address_key == bindparam("address_key")),
    Guid,
)
SHARED_ADDRESSES = Query(
    select(user_addresses.c.address_key, user_addresses.c.user_id)
    .where(user_addresses.c.address_key.like("%@%#%"))
    .order_by(user_addresses.c.address_key),
    SharedMailbox,
)
MOVE_ADDRESSES = Command(
    update(user_addresses)
    .where(user_addresses.c.user_id == bindparam("source"))
    .values(user_id=bindparam("into"), is_main=False)
)
DELETE_ADDRESSES = Command(delete(user_addresses).where(user_addresses.c.user_id == bindparam("user_id")))

# Roles

ROLES = Query(
    select(user_roles.c.role).where(user_roles.c.user_id == bindparam("user_id")).order_by(user_roles.c.role), str
)
GIVE_ROLE = Command(upsert(user_roles, key=[user_roles.c.user_id, user_roles.c.role]))
TAKE_ROLE = Command(
    delete(user_roles).where(user_roles.c.user_id == bindparam("user_id"), user_roles.c.role == bindparam("role"))
)
DELETE_ROLES = Command(delete(user_roles).where(user_roles.c.user_id == bindparam("user_id")))
HOLDERS = Query(
    select(user_roles.c.user_id).where(user_roles.c.role == bindparam("role")).order_by(user_roles.c.user_id), Guid
)

# Sessions and their credentials


def _principal(user_id: Guid, session_id: Guid, name: str, display: str, contact_id: Guid) -> PlatformPrincipal:
    return PlatformPrincipal(user_id, session_id, name, display, contact_id)


def _principals(session_id: ColumnElement[Any]) -> Select[Any]:
    return (
        select(users.c.id, session_id, user_addresses.c.address, contacts.c.full_name, users.c.contact_id)
        .join(contacts, contacts.c.id == users.c.contact_id)
        .join(user_addresses, and_(user_addresses.c.user_id == users.c.id, user_addresses.c.is_main))
    )


PRINCIPAL_OF_SESSION = Query(
    _principals(sessions.c.id)
    .join(sessions, sessions.c.user_id == users.c.id)
    .where(sessions.c.id == bindparam("session_id"), _RUNS),
    _principal,
)
PRINCIPAL_BY_CREDENTIAL = Query(
    _principals(sessions.c.id)
    .join(sessions, sessions.c.user_id == users.c.id)
    .join(session_credentials, session_credentials.c.session_id == sessions.c.id)
    .where(
        session_credentials.c.hash == bindparam("hash"),
        session_credentials.c.kind == bindparam("kind"),
        session_credentials.c.expires_at > _NOW,
        _RUNS,
    ),
    _principal,
)
PRINCIPAL_OF_USER = Query(
    _principals(literal_column("''", Text())).where(users.c.id == bindparam("user_id")), _principal
)
CREDENTIAL = Query(
    select(
        session_credentials.c.session_id,
        session_credentials.c.life_seconds,
        session_credentials.c.expires_at,
        session_credentials.c.replaced_at,
        sessions.c.remembered,
        sessions.c.expires_at,
    )
    .join_from(session_credentials, sessions, sessions.c.id == session_credentials.c.session_id)
    .where(session_credentials.c.hash == bindparam("hash"), session_credentials.c.kind == bindparam("kind"), _RUNS),
    StoredCredential,
)
SESSIONS_OF_CREDENTIALS = Query(
    select(session_credentials.c.session_id).where(in_list(session_credentials.c.hash, "hashes")).distinct(), str
)
ADD_SESSION = Command(insert(sessions))
ADD_CREDENTIAL = Command(insert(session_credentials))
REPLACE_CREDENTIAL = Command(
    update(session_credentials)
    .where(session_credentials.c.hash == bindparam("replaced"), session_credentials.c.replaced_at.is_(None))
    .values(replaced_at=_NOW)
)
PROLONG_SESSION = Command(
    update(sessions).where(sessions.c.id == bindparam("session_id")).values(expires_at=bindparam("until"))
)
END_SESSION = Command(
    update(sessions)
    .where(sessions.c.id == bindparam("session_id"), sessions.c.ended_at.is_(None))
    .values(ended_at=_NOW)
)
END_SESSIONS_OF = Command(
    update(sessions)
    .where(sessions.c.user_id == bindparam("user_id"), sessions.c.ended_at.is_(None))
    .values(ended_at=_NOW)
)
SESSIONS_ENDED = Query(select(sessions.c.id).where(sessions.c.ended_at > bindparam("since")), str)
DELETE_CREDENTIALS_OF = Command(
    delete(session_credentials).where(session_credentials.c.session_id == bindparam("session_id"))
)
DELETE_CREDENTIALS_OF_USER = Command(
    delete(session_credentials).where(
        session_credentials.c.session_id.in_(select(sessions.c.id).where(sessions.c.user_id == bindparam("user_id")))
    )
)

_BEFORE = bindparam("before", type_=sessions.c.expires_at.type)
_LIMIT = bindparam("limit", type_=Integer)


def _past(instant: Column[Any], identity: Column[Any], *more: ColumnElement[bool]) -> Select[Any]:
    """The rows whose instant lies before `before`, the oldest first, no more than `limit`."""
    return select(identity).where(instant < _BEFORE, *more).order_by(instant).limit(_LIMIT)


PAST_SESSIONS = Query(
    union(
        select(_past(sessions.c.ended_at, sessions.c.id).subquery().c.id),
        select(_past(sessions.c.expires_at, sessions.c.id).subquery().c.id),
    ),
    Guid,
)
DELETE_CREDENTIALS_OF_SESSIONS = Command(
    delete(session_credentials).where(in_list(session_credentials.c.session_id, "session_ids"))
)
DELETE_SESSIONS = Command(delete(sessions).where(in_list(sessions.c.id, "session_ids")))
PURGE_CREDENTIALS = Command(
    delete(session_credentials).where(
        session_credentials.c.hash.in_(_past(session_credentials.c.expires_at, session_credentials.c.hash))
    )
)

# Failed sign-ins

FAILURES = Query(
    select(*sign_in_failures.columns).where(
        sign_in_failures.c.subject == bindparam("subject"), sign_in_failures.c.client == bindparam("client")
    ),
    Failures,
)
PUT_FAILURES = Command(
    upsert(
        sign_in_failures,
        key=[sign_in_failures.c.subject, sign_in_failures.c.client],
        change=lambda new: {
            "failures": new.failures,
            "failed_at": new.failed_at,
            "succeeded_at": new.succeeded_at,
        },
    )
)
_FAILURE = tuple_(sign_in_failures.c.subject, sign_in_failures.c.client)


def _failures(*which: ColumnElement[bool]) -> Command:
    chosen = select(sign_in_failures.c.subject, sign_in_failures.c.client).where(*which).limit(_LIMIT)
    return Command(delete(sign_in_failures).where(_FAILURE.in_(chosen)))


PURGE_FAILURES_OF_STRANGERS = _failures(
    sign_in_failures.c.succeeded_at.is_(None), sign_in_failures.c.failed_at < _BEFORE
)
PURGE_FAILURES_OF_ACQUAINTED = _failures(
    sign_in_failures.c.succeeded_at < bindparam("strangers_since", type_=sign_in_failures.c.succeeded_at.type),
    sign_in_failures.c.failed_at < _BEFORE,
)
DELETE_FAILURES_OF = Command(delete(sign_in_failures).where(sign_in_failures.c.subject == bindparam("subject")))

__all__ = [
    "ADDRESSES",
    "ADD_ADDRESS",
    "ADD_CREDENTIAL",
    "ADD_SESSION",
    "ADD_USER",
    "CONTACT_WITH_ADDRESS",
    "CREDENTIAL",
    "DELETE_ADDRESSES",
    "DELETE_CREDENTIALS_OF",
    "DELETE_CREDENTIALS_OF_SESSIONS",
    "DELETE_CREDENTIALS_OF_USER",
    "DELETE_FAILURES_OF",
    "DELETE_ROLES",
    "DELETE_SESSIONS",
    "END_SESSION",
    "END_SESSIONS_OF",
    "FAILURES",
    "GIVE_ROLE",
    "HOLDERS",
    "MAIN_ADDRESS",
    "MOVE_ADDRESSES",
    "MOVE_USER",
    "PAST_SESSIONS",
    "PRINCIPAL_BY_CREDENTIAL",
    "PRINCIPAL_OF_SESSION",
    "PRINCIPAL_OF_USER",
    "PROLONG_SESSION",
    "PURGE_CREDENTIALS",
    "PURGE_FAILURES_OF_ACQUAINTED",
    "PURGE_FAILURES_OF_STRANGERS",
    "PUT_FAILURES",
    "RENEW_HASH",
    "REPLACE_CREDENTIAL",
    "ROLES",
    "SESSIONS_ENDED",
    "SESSIONS_OF_CREDENTIALS",
    "SET_PASSWORD",
    "SHARED_ADDRESSES",
    "TAKE_ROLE",
    "USER",
    "USERS_CHANGED",
    "USER_OF_CONTACT",
    "USER_WITH_ADDRESS",
]
