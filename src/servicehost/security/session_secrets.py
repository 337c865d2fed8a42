"""Secrets of sessions: 32 bytes that nobody can guess, of which only the hash is stored."""

import base64
import hashlib
import hmac
import secrets

from servicehost.security.keys import KeySource

_SUCCESSION = "refresh token succession"


def new_secret() -> str:
    """A random secret of 32 bytes, URL-safe."""
    return secrets.token_urlsafe(32)


def stored_hash(secret: str) -> str:
    """What is stored of a secret. It has 256 random bits, so that a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def successor(secret: str, keys: KeySource) -> str:
    """The secret that replaces this one: only the installation can tell it, and it tells the same one again.

    So requests that arrive at once with the same refresh token are all given the same new one, an answer that got
    lost can be asked for again, and whoever copied the old one gets no branch of their own.
    """
    digest = hmac.digest(keys().current.derived(_SUCCESSION), secret.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


__all__ = ["new_secret", "stored_hash", "successor"]
