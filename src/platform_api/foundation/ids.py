"""New ids. They come in as arguments where a rule needs one, so that rules stay deterministic."""

import secrets
import uuid

from uuid_utils import uuid7

from servicehost.contract.scalars import Guid


def new_id() -> Guid:
    """A UUIDv7: sorts by the time it was made, so that indexes grow at one end."""
    return Guid(str(uuid7()))


def new_contact_id() -> Guid:
    """A UUIDv4: an id that is shown to strangers must not date an account."""
    return Guid(str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)))


__all__ = ["new_contact_id", "new_id"]
