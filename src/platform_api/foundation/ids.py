"""New ids. Rules get them as arguments, so that they stay deterministic."""

import secrets
import uuid

from uuid_utils import uuid7

from servicehost.contract.scalars import Guid


def new_id() -> Guid:
    """A UUIDv7. It sorts by time, so that indexes grow at one end."""
    return Guid(str(uuid7()))


def new_contact_id() -> Guid:
    """A UUIDv4. Strangers see the ids of contacts, which must not tell the age of an account."""
    return Guid(str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)))


__all__ = ["new_contact_id", "new_id"]
