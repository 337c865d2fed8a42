"""The messages of the peers that use msgspec."""

from datetime import datetime
from uuid import UUID

import msgspec


class Contact(msgspec.Struct):
    """The sender of a request."""

    ContactId: UUID
    FirstName: str
    LastName: str
    Email: str
    Company: str
    JobTitle: str
    AvatarUrl: str


class Received(msgspec.Struct):
    """A request that somebody has received."""

    ConnectionRequestId: UUID
    ContactId: UUID
    Status: str
    Message: str
    CreatedAt: datetime
    ExpiresAt: datetime
    ResentAt: datetime | None
    ResendCount: int
    Contact: Contact


class Resend(msgspec.Struct):
    """Which request to send again, and for whom."""

    ConnectionRequestId: UUID
    ContactId: UUID


class Nothing(msgspec.Struct):
    """An answer without members."""


class Caller(msgspec.Struct):
    """Who asks."""

    UserId: str


class Header(msgspec.Struct):
    """The header of a token."""

    alg: str


class Claims(msgspec.Struct):
    """What a token says."""

    sub: str
    exp: int
    iss: str
