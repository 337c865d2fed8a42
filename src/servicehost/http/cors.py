"""CORS: pages of allowed origins may read responses and have the same rights as the installation's own pages.

The response names the origin exactly, never `*`, because responses depend on credentials.
"""

import re
from collections.abc import Iterable
from typing import Final

from servicehost.http.exchange import Exchange
from servicehost.http.reply import Field, Reply
from servicehost.routing import METHODS
from servicehost.security.origin import origin_of

EXPOSED: Final = ("X-Cookies", "X-Total-Count", "Link", "Retry-After", "X-Request-Id", "X-AutoBatch-Completed")
"""Header fields that scripts may read, in addition to those that CORS always allows."""

_MAX_AGE: Final = b"7200"
"""Seconds for which browsers cache a preflight; the maximum that all browsers support."""

_VARY: Final[Field] = (b"Vary", b"Origin")
_CREDENTIALS: Final[Field] = (b"Access-Control-Allow-Credentials", b"true")
_EXPOSE: Final[Field] = (b"Access-Control-Expose-Headers", ", ".join(EXPOSED).encode())
_METHODS: Final[Field] = (b"Access-Control-Allow-Methods", ", ".join(METHODS).encode())

_names = re.compile(rb"[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,4096}").fullmatch


class Cors:
    """Handles requests from pages of other sites."""

    def __init__(self, origins: Iterable[str]) -> None:
        """Set the allowed origins."""
        self._origins = frozenset(origin_of(origin).encode() for origin in origins)

    def preflight(self, exchange: Exchange) -> Reply | None:
        """The reply to a preflight request; None for any other request.

        All requested header fields are allowed: the origin is trusted, and other clients can send any field anyway.
        """
        fields = exchange.headers.fields
        if b"access-control-request-method" not in fields or fields.get(b"origin") not in self._origins:
            return None
        wanted = fields.get(b"access-control-request-headers", b"")
        allowed = [(b"Access-Control-Allow-Headers", wanted)] if _names(wanted) else []
        vary = (b"Vary", b"Access-Control-Request-Method, Access-Control-Request-Headers")
        return Reply(204, [_METHODS, *allowed, (b"Access-Control-Max-Age", _MAX_AGE), vary])

    def fields(self, exchange: Exchange) -> list[Field]:
        """The header fields of every response. `Vary: Origin` is added even without an Origin header."""
        origin = exchange.headers.fields.get(b"origin")
        if origin is None or origin not in self._origins:
            return [_VARY]
        return [_VARY, (b"Access-Control-Allow-Origin", origin), _CREDENTIALS, _EXPOSE]


__all__ = ["EXPOSED", "Cors"]
