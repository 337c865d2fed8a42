"""Settings of a host."""

from collections.abc import Sequence
from dataclasses import dataclass

from servicehost.security.origin import origin_of


@dataclass(frozen=True)
class HostSettings:
    """Limits and trusted parties of a host.

    Attributes:
        body_limit: maximum size of a body in bytes.
        header_limit: maximum size of the header fields in bytes.
        header_count: maximum number of header fields.
        batch_limit: maximum number of requests in a batch.
        allowed_origins: other origins whose pages may send state-changing requests with the visitor's cookies.
        cors_origins: other origins whose pages may also read responses and send any header field.
        trusted_proxies: addresses or networks whose `X-Forwarded-For` is trusted.
        access_log: whether requests are logged.
    """

    body_limit: int = 1_048_576
    header_limit: int = 32_768
    header_count: int = 100
    batch_limit: int = 100
    allowed_origins: Sequence[str] = ()
    cors_origins: Sequence[str] = ()
    trusted_proxies: Sequence[str] = ()
    access_log: bool = True

    @property
    def trusted_origins(self) -> frozenset[str]:
        """All origins whose pages may act for a visitor, in the form that browsers send."""
        return frozenset(origin_of(origin) for origin in (*self.allowed_origins, *self.cors_origins))


__all__ = ["HostSettings"]
