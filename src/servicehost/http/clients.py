"""Client addresses, from the connection and from trusted proxies."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ClientAddresses:
    """Determines the address of a client, also behind trusted proxies."""

    def __init__(self, trusted_proxies: Iterable[str]) -> None:
        """Set the trusted proxies.

        Args:
            trusted_proxies: addresses or networks.

        Raises:
            ValueError: an entry is neither an address nor a network.
        """
        self._trusted: tuple[_Network, ...] = tuple(
            ipaddress.ip_network(proxy, strict=False) for proxy in trusted_proxies
        )

    def find(self, scope: Mapping[str, Any], headers: Mapping[str, str]) -> str:
        """The last address before the trusted proxies; clients can forge earlier ones in `X-Forwarded-For`."""
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
