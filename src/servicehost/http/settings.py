"""What an installation decides about its host."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class HostSettings:
    """Limits and trust of a host.

    Attributes:
        body_limit: bytes of a body that are read.
        header_limit: bytes of header fields that are read.
        allowed_origins: other origins whose pages may send state-changing requests with the visitor's cookies.
        trusted_proxies: addresses or networks whose `X-Forwarded-For` is believed.
        access_log: whether every request is logged.
    """

    body_limit: int = 1_048_576
    header_limit: int = 32_768
    allowed_origins: Sequence[str] = ()
    trusted_proxies: Sequence[str] = ()
    access_log: bool = True


__all__ = ["HostSettings"]
