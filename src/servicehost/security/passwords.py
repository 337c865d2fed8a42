"""Passwords: hashed with Argon2id in worker threads, a bounded number at a time.

Each computation costs tens of milliseconds and megabytes on purpose, so it must neither block the event loop nor be
started without limit by whoever sends sign-ins.
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
    """What one computation costs; the defaults are those that OWASP recommends.

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
        computations: how many were started; each costs the same, so equal work shows as equal numbers.
    """

    def __init__(self, cost: HashCost | None = None, workers: int = 2, waiting: int = 64) -> None:
        """Start with `workers` threads and room for `waiting` more computations than those."""
        cost = cost or HashCost()
        self._hasher = PasswordHasher(
            time_cost=cost.rounds, memory_cost=cost.memory_kib, parallelism=cost.lanes, hash_len=32, salt_len=16
        )
        self._nobodys = _unmatchable_hash(cost)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="password")
        self._room = workers + waiting
        self.computations = 0

    async def hash(self, password: str) -> str:
        """The text to store for a password.

        Raises:
            ServiceUnavailable: too many computations wait already.
        """
        return await self._compute(lambda: self._hasher.hash(_octets(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether `stored` was made from this password; with None the same work is done and the answer is no.

        Raises:
            ServiceUnavailable: too many computations wait already.
        """
        return await self._compute(lambda: self._matches(stored or self._nobodys, password))

    async def renewed(self, stored: str | None, password: str) -> str | None:
        """What to store instead of `stored`, which this password matches; None unless the cost has been changed."""
        if stored is None or not self._hasher.check_needs_rehash(stored):
            return None
        return await self.hash(password)

    def close(self) -> None:
        """Give up what waits, and end the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _octets(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _compute(self, work: Callable[[], T]) -> T:
        if self._room == 0:
            raise ServiceUnavailable("Too many sign-ins at this moment. Try again.", retry_after=2)
        self._room -= 1
        self.computations += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        future.add_done_callback(self._make_room)
        return await future

    def _make_room(self, _: object) -> None:
        self._room += 1


def _octets(password: str) -> bytes:
    """The password as it is hashed: however a keyboard composes its letters, it is the same password."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _unmatchable_hash(cost: HashCost) -> str:
    """A well-formed hash that no password has, to be verified where there is no account."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"$argon2id$v=19$m={cost.memory_kib},t={cost.rounds},p={cost.lanes}${salt}${digest}"


__all__ = ["HashCost", "Passwords"]
