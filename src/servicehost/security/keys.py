"""Signing keys: secrets with ids, so that keys can be replaced while signatures made with them are still in use."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

SECRET_LENGTH = 32
"""Length of a secret: that of an HMAC-SHA256 output."""


@dataclass(frozen=True)
class SigningKey:
    """One secret.

    Attributes:
        id: public identifier, included in everything that the key signs.
        secret: random bytes; used only to derive keys for single purposes.
    """

    id: str
    secret: bytes = field(repr=False)

    def derived(self, purpose: str) -> bytes:
        """Derive the key for one purpose, so that its signatures are invalid for any other purpose."""
        return hmac.digest(self.secret, purpose.encode(), "sha256")


@dataclass(frozen=True)
class KeyRing:
    """The keys of an installation, identical on all of its nodes.

    Attributes:
        keys: the first one signs; all of them verify.
    """

    keys: tuple[SigningKey, ...]

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("a key ring requires at least one key")

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return self.keys[0]

    def find(self, key_id: str) -> SigningKey | None:
        """Return the key with this id; None if it is no longer in use."""
        return next((key for key in self.keys if key.id == key_id), None)


KeySource = Callable[[], KeyRing]
"""Returns the current ring: keys are replaced while the server runs."""

__all__ = ["SECRET_LENGTH", "KeyRing", "KeySource", "SigningKey"]
