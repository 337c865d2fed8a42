"""The pauses between failed sign-ins: they slow guessing down, and cannot keep the owner out for long. Pure.

Three counters, each with its policy; docs/decisions says why:

- (address, client): a pause that doubles with each failure, up to a cap;
- address, over all clients that never signed in as it: a short fixed pause, once there are many failures;
- client, over all addresses: the same.
"""

import hashlib
import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from platform_api.foundation.waiting import NO_WAIT, wait_after
from servicehost.contract.errors import TooManyRequests

ANY = ""
"""Stands for any address, or any client."""

_IPV6_SITE = 64
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class Policy:
    """When failures bring a pause.

    Attributes:
        free: how many failures bring none.
        first_pause: the pause after the next one; it doubles with each further failure.
        longest_pause: the pause never gets longer.
        memory: failures are forgotten when there was none for so long.
    """

    free: int
    first_pause: timedelta
    longest_pause: timedelta
    memory: timedelta = timedelta(hours=1)

    def pause(self, failures: int) -> timedelta:
        """How long to wait after so many failures."""
        if failures < self.free:
            return timedelta(0)
        return min(self.first_pause * (1 << min(failures - self.free, _MOST_DOUBLINGS)), self.longest_pause)


@dataclass(frozen=True, slots=True)
class Lockout:
    """The policies of an installation.

    Attributes:
        of_client_and_address: for one client that tries one address.
        of_address: for one address, over the clients that are strangers to it.
        of_client: for one client, over the addresses that it is a stranger to.
        acquainted: how long a client is no stranger to an address after it signed in there.
    """

    of_client_and_address: Policy = Policy(5, timedelta(seconds=15), timedelta(minutes=15))
    of_address: Policy = Policy(50, timedelta(seconds=30), timedelta(seconds=30))
    of_client: Policy = Policy(200, timedelta(seconds=10), timedelta(seconds=10))
    acquainted: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Failures:
    """What is counted for a subject (an address, hashed) and a client.

    Attributes:
        failed_at: the latest attempt that was counted.
        succeeded_at: when this client last signed in as this subject.
    """

    subject: str
    client: str
    failures: int
    failed_at: datetime
    succeeded_at: datetime | None = field(default=None)

    def is_acquainted(self, lockout: Lockout, now: datetime) -> bool:
        """Whether the client signed in as the subject not long ago."""
        return self.succeeded_at is not None and wait_after(self.succeeded_at, lockout.acquainted, now) > NO_WAIT


class TooManyFailures(TooManyRequests):
    """Too many sign-ins failed: the same is said whether or not there is such a user."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"Too many sign-ins have failed. Try again in {retry_after} seconds, or reset the password: after that you can "
            "sign in at once.",
            retry_after,
        )


def subject_of(address_key: str) -> str:
    """What failures are counted under: not the text itself, since people type passwords into the wrong field."""
    return hashlib.sha256(address_key.encode("utf-8", "surrogatepass")).hexdigest()


def network_of(client: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that one site has in IPv6."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, _IPV6_SITE), strict=False))
    return str(address)


def counted(before: Failures, policy: Policy, now: datetime) -> Failures:
    """The counter with one more attempt, which counts as failed until it is known to be none.

    Raises:
        TooManyFailures: the pause is not over; an attempt during a pause is not counted, so it does not prolong it.
    """
    if now >= before.failed_at + policy.memory:
        return replace(before, failures=1, failed_at=now)
    wait = wait_after(before.failed_at, policy.pause(before.failures), now)
    if wait > NO_WAIT:
        raise TooManyFailures(math.ceil(wait.total_seconds()))
    return replace(before, failures=before.failures + 1, failed_at=now)


def signed_in(before: Failures, now: datetime) -> Failures:
    """The counter of a client and an address after a sign-in: forgotten, and the client is no stranger any more."""
    return replace(before, failures=0, succeeded_at=now)


def taken_back(before: Failures) -> Failures:
    """A counter over many clients or addresses, without the one attempt that turned out well."""
    return replace(before, failures=max(0, before.failures - 1))


__all__ = [
    "ANY",
    "Failures",
    "Lockout",
    "Policy",
    "TooManyFailures",
    "counted",
    "network_of",
    "signed_in",
    "subject_of",
    "taken_back",
]
