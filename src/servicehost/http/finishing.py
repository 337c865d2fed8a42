"""Finishes every reply: length, request id, cookies, caching, CORS and compression.

A reply is not compressed if its size could reveal a secret to a page of another site: if it sets cookies, must not be
stored, or answers a request from another site with credentials that the browser attached automatically. All other
replies contain either no secrets or no attacker-chosen text.
"""

from typing import Final

from servicehost.contract.catalog import Service
from servicehost.http.compression import chosen_coding, deflate
from servicehost.http.cors import Cors
from servicehost.http.exchange import Exchange
from servicehost.http.reply import Field, Reply, cookie_fields
from servicehost.http.settings import HostSettings
from servicehost.security.origin import StateChangeGuard, origin_of

_PERSONAL: Final[Field] = (b"Cache-Control", b"private, no-cache")
"""For replies to requests with credentials: shared caches must not store them, and browsers must revalidate."""


class ReplyFinisher:
    """Finishes replies."""

    def __init__(self, service: Service, settings: HostSettings) -> None:
        self._cors = Cors(settings.cors_origins) if settings.cors_origins else None
        self._secure = service.public_url.startswith("https:")
        self._guard = StateChangeGuard(origin_of(service.public_url), settings.trusted_origins)

    def fields(self, exchange: Exchange, reply: Reply) -> list[Field]:
        """The header fields of a reply with its final body."""
        fields = reply.fields
        request_id = (b"X-Request-Id", exchange.request_id.encode())
        if reply.status == 204:
            fields.append(request_id)
        else:
            fields += ((b"Content-Length", b"%d" % len(reply.body)), request_id)
        if _is_personal(exchange) and not _has_cache_control(fields):
            fields.append(_PERSONAL)
        if exchange.cookies_to_set:
            fields += cookie_fields(exchange.cookies_to_set, secure=self._secure)
        if self._cors is not None:
            fields += self._cors.fields(exchange)
        return fields

    def preflight(self, exchange: Exchange) -> Reply | None:
        """The reply to a CORS preflight; None for any other request."""
        return self._cors.preflight(exchange) if self._cors is not None else None

    async def compress(self, exchange: Exchange, reply: Reply) -> None:
        """Compress the body if it is large enough, the client accepts it, and its size reveals no secrets."""
        reply.fields.append((b"Vary", b"Accept-Encoding"))
        coding = chosen_coding(exchange.headers.get("accept-encoding", ""))
        if coding is None or self._size_reveals_secrets(exchange, reply):
            return
        reply.body = await deflate(reply.body, coding)
        reply.fields.append((b"Content-Encoding", coding.encode()))

    def _size_reveals_secrets(self, exchange: Exchange, reply: Reply) -> bool:
        if exchange.cookies_to_set or any(
            name == b"Cache-Control" and b"no-store" in value for name, value in reply.fields
        ):
            return True
        return _has_attached_credentials(exchange) and self._guard.is_foreign(exchange.headers)


def _is_personal(exchange: Exchange) -> bool:
    """Whether the reply may depend on credentials, or contains some."""
    fields = exchange.headers.fields
    if b"authorization" in fields or b"cookie" in fields or exchange.cookies_to_set:
        return True
    # The same address has different content for signed-in users.
    endpoint = exchange.endpoint
    return endpoint is not None and endpoint.identifies and not endpoint.authenticated


def _has_cache_control(fields: list[Field]) -> bool:
    # A loop, because a generator would cost more than the rest of this function, on every request.
    for name, _ in fields:  # noqa: SIM110
        if name == b"Cache-Control":
            return True
    return False


def _has_attached_credentials(exchange: Exchange) -> bool:
    """Whether the request has credentials that browsers attach automatically: Basic, or session cookies."""
    scheme = exchange.headers.fields.get(b"authorization", b"").partition(b" ")[0].lower()
    return scheme == b"basic" or (scheme != b"bearer" and b"cookie" in exchange.headers.fields)


__all__ = ["ReplyFinisher"]
