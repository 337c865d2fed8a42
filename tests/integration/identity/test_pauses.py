"""Tests of the pauses after failed sign-ins, which slow down guessing without keeping the owner out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.support.accounts import ADDRESS, PASSWORD, Installation, described, installation

from platform_api.identity import TooManyFailures
from servicehost.contract.call import Call
from servicehost.security.services import WrongCredentials

ATTACKER = Call(client="203.0.113.7")
OWNER = Call(client="192.0.2.1")


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation with one member, who has signed in before."""
    async with installation() as platform:
        await platform.member()
        await platform.authenticate(call=OWNER)
        yield platform


async def guess(platform: Installation, call: Call = ATTACKER, address: str = ADDRESS) -> bool:
    """Try a wrong password; False if the attempt was refused because of a pause."""
    try:
        await platform.authenticate("wrong password", address, call=call)
    except WrongCredentials:
        return True
    except TooManyFailures:
        return False
    raise AssertionError("a wrong password signed in")


async def test_after_five_failures_a_client_must_pause(platform: Installation) -> None:
    """The sixth guess is refused without verifying the password."""
    assert [True] * 5 + [False] == [await guess(platform) for _ in range(6)]


async def test_the_answer_says_how_long_the_pause_is(platform: Installation) -> None:
    """The response states the remaining pause in its message and in `Retry-After`."""
    for _ in range(5):
        await guess(platform)
    with pytest.raises(TooManyFailures) as refusal:
        await platform.authenticate(call=ATTACKER)
    assert {"Retry-After": "15"} == refusal.value.headers


async def test_guesses_at_once_are_all_counted(platform: Installation) -> None:
    """Concurrent attempts are all counted, since each is counted before its password is verified."""
    computed = platform.passwords.computations
    await asyncio.gather(*(guess(platform) for _ in range(30)))
    assert 5 == platform.passwords.computations - computed


async def test_the_pause_of_an_attacker_is_not_the_owners(platform: Installation) -> None:
    """The owner's client is not affected by the pause of another client."""
    for _ in range(20):
        await guess(platform)
    assert described(await platform.authenticate(call=OWNER)).user_id


async def test_an_attack_from_everywhere_does_not_keep_the_owner_out(platform: Installation) -> None:
    """A known client signs in without a pause, however many other clients guess."""
    for number in range(200):
        await guess(platform, Call(client=f"203.0.113.{number}"))
    assert described(await platform.authenticate(call=OWNER)).user_id


async def test_an_attack_from_everywhere_is_slowed_down(platform: Installation) -> None:
    """After fifty failures, all unknown clients together have one attempt every thirty seconds."""
    first = [await guess(platform, Call(client=f"203.0.113.{number}")) for number in range(60)]
    assert 50 == sum(first)
    platform.wait(timedelta(seconds=31))
    assert [True, False] == [await guess(platform, Call(client=f"198.51.100.{number}")) for number in range(2)]


async def test_an_unknown_client_gets_in_after_the_short_pause(platform: Installation) -> None:
    """The owner on a new device waits thirty seconds at most once the guessing stops."""
    for number in range(60):
        await guess(platform, Call(client=f"203.0.113.{number}"))
    platform.wait(timedelta(seconds=31))
    assert described(await platform.authenticate(call=Call(client="198.51.100.1"))).user_id


async def test_one_client_cannot_try_a_password_on_many_addresses(platform: Installation) -> None:
    """After two hundred failures over all addresses, a client is slowed down."""
    tried = [await guess(platform, ATTACKER, f"person{number}@example.com") for number in range(210)]
    assert 200 == sum(tried)


async def test_an_unknown_address_is_slowed_down_the_same(platform: Installation) -> None:
    """The pause is the same for an address without a user."""
    stranger = [await guess(platform, address="stranger@example.com") for _ in range(8)]
    assert stranger == [await guess(platform) for _ in range(8)]


async def test_a_successful_sign_in_resets_the_failures(platform: Installation) -> None:
    """After four failures and a success, five failures are free again."""
    for _ in range(3):
        for _ in range(4):
            assert await guess(platform, OWNER)
        await platform.authenticate(PASSWORD, call=OWNER)


async def test_failures_are_forgotten_after_an_hour(platform: Installation) -> None:
    """Failures have no effect after an hour without another one."""
    while await guess(platform):
        pass
    platform.wait(timedelta(hours=1))
    assert [True] * 5 + [False] == [await guess(platform) for _ in range(6)]


async def test_all_addresses_of_an_ipv6_network_are_one_client(platform: Installation) -> None:
    """All addresses of an IPv6 /64 share one counter."""
    tried = [await guess(platform, Call(client=f"2001:db8::{number:x}")) for number in range(8)]
    assert 5 == sum(tried)
