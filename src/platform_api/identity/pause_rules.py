"""Pauses after failed sign-ins: they slow guessing down, and cannot keep the owner out for long. Pure.

There are three counters, each with its own policy; docs/decisions/0120 says why:

- per client and address: a pause that doubles with each failure, up to a maximum;
- per address, over all unknown clients: a short fixed pause, once there are many failures;
- per client, over all addresses that it is unknown to: the same.

A client is *known* to an address for a while after it signed in there.
"""

import hashlib
import math
from dataclasses import replace
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address

from platform_api.foundation.waiting import NO_WAIT, wait_after
from platform_api.identity.errors import TooManyFailures
from platform_api.identity.values import FailureCounter, PausePolicy

ANY = ""
"""Subject or client of the counters that add up all subjects or all clients."""

_IPV6_SITE = 64


def subject_of(address_key: str) -> str:
    """The subject that failures are counted under: a hash, since people type passwords into the wrong field."""
    return hashlib.sha256(address_key.encode("utf-8", "surrogatepass")).hexdigest()


def network_of(client: str) -> str:
    """The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, _IPV6_SITE), strict=False))
    return str(address)


def with_attempt(before: FailureCounter, policy: PausePolicy, now: datetime) -> FailureCounter:
    """The counter with one more attempt, which counts as failed until it succeeds.

    Raises:
        TooManyFailures: the pause is not over. An attempt during a pause is not counted, so it does not prolong it.
    """
    if now >= before.failed_at + policy.memory:
        return replace(before, failures=1, failed_at=now)
    wait = wait_after(before.failed_at, policy.pause(before.failures), now)
    if wait > NO_WAIT:
        raise TooManyFailures(math.ceil(wait.total_seconds()))
    return replace(before, failures=before.failures + 1, failed_at=now)


def with_success(before: FailureCounter, now: datetime) -> FailureCounter:
    """The counter of a client and an address after a sign-in: without failures, and with a known client."""
    return replace(before, failures=0, succeeded_at=now)


def without_attempt(before: FailureCounter) -> FailureCounter:
    """The counter over many clients or addresses without one attempt, which has succeeded."""
    return replace(before, failures=max(0, before.failures - 1))


__all__ = ["ANY", "network_of", "subject_of", "with_attempt", "with_success", "without_attempt"]
