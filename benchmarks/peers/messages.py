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
    """A received request."""

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
    """Body of a resend."""

    ConnectionRequestId: UUID
    ContactId: UUID


class Nothing(msgspec.Struct):
    """An empty response."""


class Caller(msgspec.Struct):
    """The authenticated contact in a response."""

    UserId: str


class Header(msgspec.Struct):
    """Header of a token."""

    alg: str


class Claims(msgspec.Struct):
    """Claims of a token."""

    sub: str
    exp: int
    iss: str
