"""What an installation decides about its host."""

from collections.abc import Sequence
from dataclasses import dataclass

from servicehost.security.origin import origin_of


@dataclass(frozen=True)
class HostSettings:
    """Limits and trust of a host.

    Attributes:
        body_limit: bytes of a body that are read.
        header_limit: bytes of header fields that are read.
        header_count: number of header fields that are read.
        batch_limit: requests that one batch may have.
        allowed_origins: other origins whose pages may send state-changing requests with the visitor's cookies.
        cors_origins: other origins whose pages may read answers too, and send everything.
        trusted_proxies: addresses or networks whose `X-Forwarded-For` is believed.
        access_log: whether every request is logged.
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
        """All origins whose pages may act for a visitor, as browsers write them."""
        return frozenset(origin_of(origin) for origin in (*self.allowed_origins, *self.cors_origins))


__all__ = ["HostSettings"]
