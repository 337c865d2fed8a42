"""Hashing and verification of passwords."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from servicehost.contract.errors import ServiceUnavailable
from servicehost.security.passwords import HashCost, Passwords

CHEAP = HashCost(memory_kib=8, rounds=1)


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    """Return a hasher with minimal cost."""
    passwords = Passwords(CHEAP)
    yield passwords
    passwords.close()


async def test_a_password_matches_its_own_hash(passwords: Passwords) -> None:
    """The hashed password is accepted."""
    assert await passwords.verify(await passwords.hash("correct horse"), "correct horse")


async def test_another_password_does_not_match(passwords: Passwords) -> None:
    """Any other password is rejected."""
    assert not await passwords.verify(await passwords.hash("correct horse"), "Correct horse")


async def test_a_password_is_the_same_however_it_is_composed(passwords: Passwords) -> None:
    """A letter with an accent may be one character or two."""
    assert await passwords.verify(await passwords.hash("caf\u00e9 au lait"), "cafe\u0301 au lait")


async def test_nobody_costs_as_much_as_somebody(passwords: Passwords) -> None:
    """Without an account the same computation runs."""
    assert not await passwords.verify(None, "correct horse")
    assert 1 == passwords.computations


async def test_a_broken_hash_matches_nothing(passwords: Passwords) -> None:
    """A malformed hash counts as a wrong password, not as an error."""
    assert not await passwords.verify("no hash", "correct horse")


async def test_a_hash_of_the_configured_cost_is_kept(passwords: Passwords) -> None:
    """Without a change of the cost, the hash is not renewed."""
    assert await passwords.renewed(await passwords.hash("correct horse"), "correct horse") is None


async def test_a_hash_of_another_cost_is_renewed(passwords: Passwords) -> None:
    """After a change of the cost, the hash is renewed at the next sign-in."""
    stored = await passwords.hash("correct horse")
    dearer = Passwords(HashCost(memory_kib=16, rounds=1))
    renewed = await dearer.renewed(stored, "correct horse")
    dearer.close()
    assert renewed is not None
    assert "m=16,t=1,p=1" in renewed


async def test_more_than_may_wait_is_refused() -> None:
    """Sign-ins beyond the limit are rejected instead of queued."""
    passwords = Passwords(CHEAP, workers=1, waiting=1)
    answers = await asyncio.gather(*(passwords.hash("correct horse") for _ in range(3)), return_exceptions=True)
    passwords.close()
    refused = [answer for answer in answers if isinstance(answer, ServiceUnavailable)]
    assert [{"Retry-After": "2"}] == [refusal.headers for refusal in refused]


async def test_there_is_room_again_once_the_flood_is_over() -> None:
    """Rejections leave no trace."""
    passwords = Passwords(CHEAP, workers=1, waiting=0)
    await passwords.hash("correct horse")
    await asyncio.sleep(0)
    assert await passwords.hash("correct horse")
    passwords.close()
