"""Passwords: hashed with Argon2id in worker threads, with bounded concurrency.

Each computation costs tens of milliseconds and megabytes on purpose. It must not block the event loop, and clients must
not be able to start an unlimited number of them.
"""

import asyncio
import base64
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from servicehost.contract.errors import ServiceUnavailable

T = TypeVar("T")


@dataclass(frozen=True)
class HashCost:
    """Cost of one computation; the defaults are OWASP's recommendation.

    Attributes:
        memory_kib: memory in KiB.
        rounds: passes over the memory.
        lanes: threads of one computation.
    """

    memory_kib: int = 19_456
    rounds: int = 2
    lanes: int = 1


class Passwords:
    """Hashes and verifies passwords.

    Attributes:
        computations: number of computations started; each costs the same, so equal numbers mean equal work.
    """

    def __init__(self, cost: HashCost | None = None, workers: int = 2, waiting: int = 64) -> None:
        """Start with `workers` threads and a queue for `waiting` more computations."""
        cost = cost or HashCost()
        self._hasher = PasswordHasher(
            time_cost=cost.rounds, memory_cost=cost.memory_kib, parallelism=cost.lanes, hash_len=32, salt_len=16
        )
        self._nobodys = _unmatchable_hash(cost)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="password")
        self._room = workers + waiting
        self.computations = 0

    async def hash(self, password: str) -> str:
        """Return the hash to store for a password.

        Raises:
            ServiceUnavailable: the queue is full.
        """
        return await self._compute(lambda: self._hasher.hash(_octets(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether `stored` was made from this password; None does the same work and returns False.

        Raises:
            ServiceUnavailable: the queue is full.
        """
        return await self._compute(lambda: self._matches(stored or self._nobodys, password))

    async def renewed(self, stored: str | None, password: str) -> str | None:
        """Return a replacement for `stored`, which this password matches; None unless the cost settings have changed."""
        if stored is None or not self._hasher.check_needs_rehash(stored):
            return None
        return await self.hash(password)

    def close(self) -> None:
        """Cancel queued computations and stop the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _octets(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _compute(self, work: Callable[[], T]) -> T:
        if self._room == 0:
            raise ServiceUnavailable("Too many sign-ins at the moment. Try again.", retry_after=2)
        self._room -= 1
        self.computations += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        future.add_done_callback(self._make_room)
        return await future

    def _make_room(self, _: object) -> None:
        self._room += 1


def _octets(password: str) -> bytes:
    """Encode the password for hashing, normalised, so that it does not depend on how a keyboard composes letters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _unmatchable_hash(cost: HashCost) -> str:
    """Return a well-formed hash that no password matches, for verification when there is no account."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"$argon2id$v=19$m={cost.memory_kib},t={cost.rounds},p={cost.lanes}${salt}${digest}"


__all__ = ["HashCost", "Passwords"]
