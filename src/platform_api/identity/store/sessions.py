"""SQL of sessions and their credentials."""

from collections.abc import Sequence
from datetime import datetime
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
    union,
    update,
)

from platform_api.contacts import PlatformPrincipal
from platform_api.contacts.tables import contacts
from platform_api.database.expressions import in_list
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.identity.tables import session_credentials, sessions, user_addresses, users
from platform_api.identity.values import StoredCredential
from servicehost.contract.scalars import Guid
from servicehost.security.protocols import Credential, NewSession

_s, _c, _u = sessions.c, session_credentials.c, users.c
_NOW = bindparam("now", type_=_s.expires_at.type)
_IS_OPEN = and_(_s.ended_at.is_(None), _s.expires_at > _NOW)

# Principals


def _principals(session_id: ColumnElement[Any]) -> Select[Any]:
    return (
        select(_u.id, session_id, user_addresses.c.address, contacts.c.full_name, _u.contact_id)
        .join(contacts, contacts.c.id == _u.contact_id)
        .join(user_addresses, and_(user_addresses.c.user_id == _u.id, user_addresses.c.is_main))
    )


_PRINCIPAL_OF_SESSION = Query(
    _principals(_s.id).join(sessions, _s.user_id == _u.id).where(_s.id == bindparam("session_id"), _IS_OPEN),
    PlatformPrincipal,
)


async def principal_of_session(tx: Transaction, session_id: str) -> PlatformPrincipal | None:
    """The principal of an open session; None if the session has ended or expired."""
    return await tx.one(_PRINCIPAL_OF_SESSION, session_id=session_id, now=tx.now)


_PRINCIPAL_BY_CREDENTIAL = Query(
    _principals(_s.id)
    .join(sessions, _s.user_id == _u.id)
    .join(session_credentials, _c.session_id == _s.id)
    .where(_c.hash == bindparam("hash"), _c.kind == bindparam("kind"), _c.expires_at > _NOW, _IS_OPEN),
    PlatformPrincipal,
)


async def principal_by_credential(tx: Transaction, hash_: str, kind: str) -> PlatformPrincipal | None:
    """The principal of the open session that a valid credential of this kind belongs to."""
    return await tx.one(_PRINCIPAL_BY_CREDENTIAL, hash=hash_, kind=kind, now=tx.now)


_PRINCIPAL_OF_USER = Query(
    _principals(literal_column("''", Text())).where(_u.id == bindparam("user_id")), PlatformPrincipal
)


async def principal_of_user(tx: Transaction, user_id: Guid) -> PlatformPrincipal | None:
    """The principal of a user, without a session."""
    return await tx.one(_PRINCIPAL_OF_USER, user_id=user_id)


# Sessions

_ADD_SESSION = Command(insert(sessions))
_ADD_CREDENTIAL = Command(insert(session_credentials))


async def add_session(tx: Transaction, session_id: Guid, user_id: str, session: NewSession) -> None:
    """Add an open session with its credentials."""
    await tx.execute(
        _ADD_SESSION,
        id=session_id,
        user_id=user_id,
        remembered=session.remembered,
        created_at=tx.now,
        expires_at=tx.now + max(credential.life for credential in session.credentials),
        ended_at=None,
    )
    for credential in session.credentials:
        await _add_credential(tx, session_id, credential)


async def _add_credential(tx: Transaction, session_id: Guid, credential: Credential) -> None:
    await tx.execute(
        _ADD_CREDENTIAL,
        hash=credential.hash,
        session_id=session_id,
        kind=credential.kind,
        life_seconds=int(credential.life.total_seconds()),
        expires_at=tx.now + credential.life,
        replaced_at=None,
    )


_PROLONG_SESSION = Command(
    update(sessions).where(_s.id == bindparam("session_id")).values(expires_at=bindparam("until"))
)


async def prolong_session(tx: Transaction, session_id: Guid, until: datetime) -> None:
    """Let a session expire at `until`."""
    await tx.execute(_PROLONG_SESSION, session_id=session_id, until=until)


_END_SESSION = Command(
    update(sessions).where(_s.id == bindparam("session_id"), _s.ended_at.is_(None)).values(ended_at=_NOW)
)
_DELETE_CREDENTIALS = Command(delete(session_credentials).where(_c.session_id == bindparam("session_id")))


async def end_session(tx: Transaction, session_id: str) -> bool:
    """End a session and delete its credentials; False if it had ended already."""
    if not await tx.execute(_END_SESSION, session_id=session_id, now=tx.now):
        return False
    await tx.execute(_DELETE_CREDENTIALS, session_id=session_id)
    return True


_DELETE_CREDENTIALS_OF_USER = Command(
    delete(session_credentials).where(_c.session_id.in_(select(_s.id).where(_s.user_id == bindparam("user_id"))))
)
_END_SESSIONS_OF_USER = Command(
    update(sessions).where(_s.user_id == bindparam("user_id"), _s.ended_at.is_(None)).values(ended_at=_NOW)
)


async def end_sessions_of_user(tx: Transaction, user_id: Guid) -> None:
    """End every session of a user and delete their credentials."""
    await tx.execute(_DELETE_CREDENTIALS_OF_USER, user_id=user_id)
    await tx.execute(_END_SESSIONS_OF_USER, user_id=user_id, now=tx.now)


_ENDED_SESSIONS = Query(select(_s.id).where(_s.ended_at > bindparam("since")), str)


async def ended_sessions(tx: Transaction, since: datetime) -> list[str]:
    """The sessions that were ended after `since`."""
    return await tx.all(_ENDED_SESSIONS, since=since)


# Credentials

_GET_CREDENTIAL = Query(
    select(_c.session_id, _c.life_seconds, _c.expires_at, _c.replaced_at, _s.remembered, _s.expires_at)
    .join_from(session_credentials, sessions, _s.id == _c.session_id)
    .where(_c.hash == bindparam("hash"), _c.kind == bindparam("kind"), _IS_OPEN),
    StoredCredential,
)


async def get_credential(tx: Transaction, hash_: str, kind: str) -> StoredCredential | None:
    """The credential of an open session; the credential itself may be expired or replaced."""
    return await tx.one(_GET_CREDENTIAL, hash=hash_, kind=kind, now=tx.now)


_SESSIONS_OF_CREDENTIALS = Query(select(_c.session_id).where(in_list(_c.hash, "hashes")).distinct(), str)


async def sessions_of_credentials(tx: Transaction, hashes: Sequence[str]) -> list[str]:
    """The sessions that credentials with these hashes belong to."""
    return await tx.all(_SESSIONS_OF_CREDENTIALS, hashes=list(hashes))


_REPLACE_CREDENTIAL = Command(
    update(session_credentials)
    .where(_c.hash == bindparam("replaced"), _c.replaced_at.is_(None))
    .values(replaced_at=_NOW)
)


async def replace_credential(tx: Transaction, hash_: str, session_id: Guid, successor: Credential) -> bool:
    """Add the successor of a credential; False, with nothing changed, if it has a successor already."""
    if not await tx.execute(_REPLACE_CREDENTIAL, replaced=hash_, now=tx.now):
        return False
    await _add_credential(tx, session_id, successor)
    return True


# Purging

_BEFORE = bindparam("before", type_=_s.expires_at.type)
_LIMIT = bindparam("limit", type_=Integer)


def _past(instant: Column[Any], identity: Column[Any]) -> Select[Any]:
    """At most `limit` rows whose instant lies before `before`, the oldest first."""
    return select(identity).where(instant < _BEFORE).order_by(instant).limit(_LIMIT)


_PAST_SESSIONS = Query(
    union(
        select(_past(_s.ended_at, _s.id).subquery().c.id),
        select(_past(_s.expires_at, _s.id).subquery().c.id),
    ),
    Guid,
)


async def past_sessions(tx: Transaction, before: datetime, limit: int) -> list[Guid]:
    """The oldest sessions that ended or expired before a time: at most `limit` of each."""
    return await tx.all(_PAST_SESSIONS, before=before, limit=limit)


_DELETE_CREDENTIALS_OF_SESSIONS = Command(delete(session_credentials).where(in_list(_c.session_id, "session_ids")))
_DELETE_SESSIONS = Command(delete(sessions).where(in_list(_s.id, "session_ids")))


async def delete_sessions(tx: Transaction, session_ids: list[Guid]) -> int:
    """Delete sessions and their credentials; returns the number of rows deleted."""
    deleted = await tx.execute(_DELETE_CREDENTIALS_OF_SESSIONS, session_ids=session_ids)
    return deleted + await tx.execute(_DELETE_SESSIONS, session_ids=session_ids)


_PURGE_CREDENTIALS = Command(delete(session_credentials).where(_c.hash.in_(_past(_c.expires_at, _c.hash))))


async def purge_credentials(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete credentials that expired before a time, at most `limit`; returns the number of rows deleted."""
    return await tx.execute(_PURGE_CREDENTIALS, before=before, limit=limit)


__all__ = [
    "add_session",
    "delete_sessions",
    "end_session",
    "end_sessions_of_user",
    "ended_sessions",
    "get_credential",
    "past_sessions",
    "principal_by_credential",
    "principal_of_session",
    "principal_of_user",
    "prolong_session",
    "purge_credentials",
    "replace_credential",
    "sessions_of_credentials",
]
