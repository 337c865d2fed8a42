"""Tests of sessions and sign-in after the clock is set back by as much as it was ahead."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from tests.support.accounts import ADDRESS, BROWSER, PASSWORD, Installation, described, installation, jar_after

from platform_api.identity import TooManyFailures
from servicehost.contract.call import Answer, Call, Principal
from servicehost.security.messages import AuthenticateLogout, GetAccessToken
from servicehost.security.services import SignInService, WrongCredentials

ATTACKER = Call(client="198.51.100.1")
STEPS = [timedelta(seconds=61), timedelta(hours=11), timedelta(days=365)]
steps_back = pytest.mark.parametrize("back", STEPS, ids=str)


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation with one member, at a fixed time."""
    async with installation() as empty:
        await empty.member()
        empty.wait(timedelta(minutes=10))
        yield empty


async def principal(node: SignInService, headers: dict[str, str]) -> Principal | None:
    """The principal that a node finds for these headers."""
    return (await node.authenticator.authenticate(headers, {}, "192.0.2.1")).principal


async def test_the_right_password_is_let_in_after_a_step_back(platform: Installation) -> None:
    """Failures dated in the future bring no pause."""
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await platform.authenticate("wrong", call=ATTACKER)
    with pytest.raises(TooManyFailures):
        await platform.authenticate(call=ATTACKER)
    platform.database.set_clock(-timedelta(hours=11))

    assert isinstance(await platform.authenticate(call=ATTACKER), Answer)


async def test_guessing_is_slowed_down_again_after_a_step_back(platform: Installation) -> None:
    """Failures from before the step still count: one more brings the longer pause."""
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await platform.authenticate("wrong", call=ATTACKER)
    platform.database.set_clock(-timedelta(hours=11))
    with pytest.raises(WrongCredentials):
        await platform.authenticate("wrong", call=ATTACKER)

    with pytest.raises(TooManyFailures) as refusal:
        await platform.authenticate(call=ATTACKER)
    assert 30 == refusal.value.retry_after


@steps_back
async def test_a_token_from_before_a_step_back_keeps_working(platform: Installation, back: timedelta) -> None:
    """A token issued at what is now a future time is still accepted."""
    token = (await platform.bearer()).bearer_token
    platform.database.set_clock(-back)

    assert await principal(platform.node(), {"authorization": f"Bearer {token}"}) is not None


@steps_back
async def test_a_session_that_ends_after_a_step_back_is_over_on_every_node(
    platform: Installation, back: timedelta
) -> None:
    """A node sees the end of a session even if it is dated before the node's previous query for revocations."""
    platform.database.set_clock(back)
    session = await platform.bearer()
    headers = {"authorization": f"Bearer {session.bearer_token}"}
    other = platform.node(is_told=False)
    assert await principal(other, headers) is not None
    platform.database.set_clock(-back)
    await platform.sign_in.logout(AuthenticateLogout(), Call(headers={"authorization": headers["authorization"]}))
    platform.wait(timedelta(seconds=10))

    assert await principal(other, headers) is None


@steps_back
async def test_a_credential_is_read_again_after_a_minute_whatever_the_clock_says(
    platform: Installation, back: timedelta
) -> None:
    """The age of a remembered credential is measured by the monotonic clock."""
    platform.database.set_clock(back)
    headers = {"authorization": f"Bearer {(await platform.bearer()).bearer_token}"}
    await principal(platform.sign_in, headers)
    platform.database.set_clock(-back)
    platform.wait(timedelta(seconds=1))
    await principal(platform.sign_in, headers)
    reads = platform.database.reads
    platform.wait(timedelta(minutes=1))
    await principal(platform.sign_in, headers)

    assert 2 == platform.database.reads - reads


@steps_back
async def test_revocations_are_read_whatever_the_clock_says(platform: Installation, back: timedelta) -> None:
    """Revocations are read every ten seconds of the monotonic clock."""
    platform.database.set_clock(back)
    headers = {"authorization": f"Bearer {(await platform.bearer()).bearer_token}"}
    platform.wait(timedelta(minutes=1))
    await principal(platform.sign_in, headers)
    platform.database.set_clock(-back)
    reads = platform.database.reads
    platform.wait(timedelta(seconds=10))
    await principal(platform.sign_in, headers)
    await principal(platform.sign_in, headers)

    # One question; what it was sure of is forgotten, since time went back, so the session is read once.
    assert 2 == platform.database.reads - reads


async def test_a_replaced_refresh_token_does_not_work_for_hours(platform: Installation) -> None:
    """The grace period of a replaced token is over after a step back; using the token ends the session."""
    answer = await platform.authenticate(call=Call(headers=BROWSER, client="192.0.2.1"))
    stolen = jar_after({}, answer)
    platform.wait(timedelta(hours=1))
    await platform.sign_in.get_access_token(GetAccessToken(), Call(headers=BROWSER, cookies=stolen))
    platform.database.set_clock(-timedelta(hours=11))

    with capture_logs() as logs:
        assert await platform.sign_in.renewal.renew(stolen["ss-reftok"]) is None
    assert ["an old refresh token was used again"] == [entry["event"] for entry in logs]


async def test_a_client_is_known_for_ninety_days_only(platform: Installation) -> None:
    """A sign-in dated in the future does not keep a client known for longer."""
    described(await platform.authenticate())
    platform.database.set_clock(-timedelta(days=365))
    for guess in range(50):
        with pytest.raises(WrongCredentials):
            await platform.authenticate("wrong", ADDRESS, call=Call(client=f"198.51.100.{guess}"))

    with pytest.raises(TooManyFailures):
        await platform.authenticate(PASSWORD, ADDRESS)
