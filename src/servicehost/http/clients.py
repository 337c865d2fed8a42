"""The address of the client, as far as it can be believed."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ClientAddresses:
    """Finds the address of a client behind trusted proxies, and only behind those."""

    def __init__(self, trusted_proxies: Iterable[str]) -> None:
        """Take the proxies whose word counts.

        Args:
            trusted_proxies: addresses or networks.

        Raises:
            ValueError: one of them is neither.
        """
        self._trusted: tuple[_Network, ...] = tuple(
            ipaddress.ip_network(proxy, strict=False) for proxy in trusted_proxies
        )

    def find(self, scope: Mapping[str, Any], headers: Mapping[str, str]) -> str:
        """The address next to the last trusted proxy: what stands before it in `X-Forwarded-For` anybody can write."""
        peer = scope.get("client")
        address: str = peer[0] if peer else ""
        if not self._trusted:
            return address
        forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
        for before in reversed(forwarded):
            if not before or not self._is_trusted(address):
                break
            address = before
        return address

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


__all__ = ["ClientAddresses"]
