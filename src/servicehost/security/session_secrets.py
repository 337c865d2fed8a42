"""Session secrets: 32 random bytes, of which only the hash is stored."""

import base64
import hashlib
import hmac
import secrets

from servicehost.security.keys import KeySource

_SUCCESSION = "refresh token succession"


def new_secret() -> str:
    """Return a random secret of 32 bytes, URL-safe."""
    return secrets.token_urlsafe(32)


def stored_hash(secret: str) -> str:
    """Return the hash to store for a secret. A plain hash suffices, because 256 random bits cannot be searched."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def successor(secret: str, keys: KeySource) -> str:
    """Return the secret that replaces this one. It is derived with a key of the installation and always the same.

    Concurrent requests with the same refresh token therefore all receive the same new one, a client whose response got lost
    can repeat the request, and a copied token does not start a separate chain of tokens.
    """
    digest = hmac.digest(keys().current.derived(_SUCCESSION), secret.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


__all__ = ["new_secret", "stored_hash", "successor"]
