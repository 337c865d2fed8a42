"""Signing keys: secrets with ids, so that they can be replaced while what they signed is still around."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

SECRET_LENGTH = 32
"""Bytes of a secret: as long as the output of HMAC-SHA256."""


@dataclass(frozen=True)
class SigningKey:
    """One secret.

    Attributes:
        id: names the key in what it signs; public.
        secret: random bytes; never used itself, only what is derived from it for one purpose.
    """

    id: str
    secret: bytes = field(repr=False)

    def derived(self, purpose: str) -> bytes:
        """The key for one purpose: what is signed with it cannot be passed off as something else."""
        return hmac.digest(self.secret, purpose.encode(), "sha256")


@dataclass(frozen=True)
class KeyRing:
    """The keys of an installation, the same on all of its nodes.

    Attributes:
        keys: the first signs; all of them verify.
    """

    keys: tuple[SigningKey, ...]

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("a key ring needs at least one key")

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return self.keys[0]

    def find(self, key_id: str) -> SigningKey | None:
        """The key with this id; None when it has been given up."""
        return next((key for key in self.keys if key.id == key_id), None)


KeySource = Callable[[], KeyRing]
"""Gives the ring as it is now: keys are replaced while the server runs."""

__all__ = ["SECRET_LENGTH", "KeyRing", "KeySource", "SigningKey"]
