"""CORS: which pages of other sites may read answers. Those that are allowed may do what the installation's own may.

The origin is repeated exactly, never `*`, since answers depend on who asks.
"""

import re
from collections.abc import Iterable
from typing import Final

from servicehost.http.exchange import Exchange
from servicehost.http.reply import Field, Reply
from servicehost.routing import METHODS
from servicehost.security.origin import origin_of

EXPOSED: Final = ("X-Cookies", "X-Total-Count", "Link", "Retry-After", "X-Request-Id", "X-AutoBatch-Completed")
"""Header fields of answers that scripts may read, beside those that they always may."""

_MAX_AGE: Final = b"7200"
"""Seconds for which a browser need not ask again; the most that every browser heeds."""

_VARY: Final[Field] = (b"Vary", b"Origin")
_CREDENTIALS: Final[Field] = (b"Access-Control-Allow-Credentials", b"true")
_EXPOSE: Final[Field] = (b"Access-Control-Expose-Headers", ", ".join(EXPOSED).encode())
_METHODS: Final[Field] = (b"Access-Control-Allow-Methods", ", ".join(METHODS).encode())

_names = re.compile(rb"[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,4096}").fullmatch


class Cors:
    """ReplyBuilder browsers that ask for pages of other sites."""

    def __init__(self, origins: Iterable[str]) -> None:
        """Take the origins whose pages are allowed."""
        self._origins = frozenset(origin_of(origin).encode() for origin in origins)

    def preflight(self, exchange: Exchange) -> Reply | None:
        """The answer to a browser that asks before it sends what a page wants; None when that is no such question.

        The fields that the page wants to send are allowed as they are: the origin is trusted, and they can do nothing
        that another client could not.
        """
        fields = exchange.headers.fields
        if b"access-control-request-method" not in fields or fields.get(b"origin") not in self._origins:
            return None
        wanted = fields.get(b"access-control-request-headers", b"")
        allowed = [(b"Access-Control-Allow-Headers", wanted)] if _names(wanted) else []
        vary = (b"Vary", b"Access-Control-Request-Method, Access-Control-Request-Headers")
        return Reply(204, [_METHODS, *allowed, (b"Access-Control-Max-Age", _MAX_AGE), vary])

    def fields(self, exchange: Exchange) -> list[Field]:
        """What goes on every answer. Caches are told that answers differ by origin also where there is none."""
        origin = exchange.headers.fields.get(b"origin")
        if origin is None or origin not in self._origins:
            return [_VARY]
        return [_VARY, (b"Access-Control-Allow-Origin", origin), _CREDENTIALS, _EXPOSE]


__all__ = ["EXPOSED", "Cors"]
