"""Tokens of links in mails: derived from their subject, never stored, and recognised by deriving them again.

A token is the id of the key, the version, and `HMAC-SHA256(key, purpose || id || version)`, URL-safe. Single use
follows from the state that the act changes: a new version makes older tokens outdated, and a completed act cannot be repeated.
"""

import base64
import binascii
import enum
import hmac
import struct
import uuid
from dataclasses import dataclass

from servicehost.contract.scalars import Guid
from servicehost.security.keys import KeyRing, SigningKey

_HEAD = struct.Struct(">4sI")
_MAC_LENGTH = 32
_KEY_USE = "mailed token"


class Purpose(enum.StrEnum):
    """The purpose of a token. A token for another purpose is not genuine."""

    INVITATION = "invitation"
    MAILBOX_PROOF = "mailbox proof"
    PASSWORD_RESET = "password reset"  # noqa: S105 - a purpose, not a password


@dataclass(frozen=True, slots=True)
class Recognised:
    """A genuine token. Whether its version is the current one is for the caller to decide."""

    version: int


@dataclass(frozen=True, slots=True)
class Named:
    """A token with the id of its subject."""

    id: Guid
    token: str


def derive(keys: KeyRing, purpose: Purpose, id: Guid, version: int) -> str:  # noqa: A002 - the usual word
    """The token for one version of the subject with this id: 54 characters, URL-safe."""
    return _token(keys.current, purpose, id, version)


def recognise(keys: KeyRing, purpose: Purpose, id: Guid, text: str) -> Recognised | None:  # noqa: A002 - the usual word
    """The version that a genuine token was derived for; None if it is not for this purpose and id."""
    octets = _octets(text)
    if octets is None or len(octets) != _HEAD.size + _MAC_LENGTH:
        return None
    key_id, version = _HEAD.unpack_from(octets)
    key = keys.find(key_id.hex())
    if key is None:
        return None
    # Compared as texts, so that a token has exactly one valid form.
    if not hmac.compare_digest(_token(key, purpose, id, version).encode(), text.encode()):
        return None
    return Recognised(version)


def named(id: Guid, token: str) -> str:  # noqa: A002 - the usual word
    """The token with the id of its subject, for links that have no other parameter."""
    return f"{_text(uuid.UUID(id).bytes)}.{token}"


def read_named(text: str) -> Named | None:
    """The id and the token of a text made by `named`, not verified; None for any other text."""
    head, _, token = text.partition(".")
    octets = _octets(head)
    if octets is None or len(octets) != len(uuid.NAMESPACE_DNS.bytes):
        return None
    return Named(Guid(str(uuid.UUID(bytes=octets))), token)


def _token(key: SigningKey, purpose: Purpose, id_: Guid, version: int) -> str:
    head = _HEAD.pack(bytes.fromhex(key.id), version)
    signed = b"\0".join((purpose.encode(), id_.encode(), str(version).encode()))
    return _text(head + hmac.digest(key.derived(_KEY_USE), signed, "sha256"))


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _octets(text: str) -> bytes | None:
    """The octets of a URL-safe text, with or without padding, which mail programs may drop; None if it is malformed."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


__all__ = ["KeyRing", "Named", "Purpose", "Recognised", "derive", "named", "read_named", "recognise"]
