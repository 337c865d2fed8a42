"""The pauses between failed sign-ins."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.identity import pause_rules
from platform_api.identity.errors import TooManyFailures
from platform_api.identity.pause_rules import with_attempt
from platform_api.identity.values import FailureCounter, PausePolicy, SignInPauses

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
POLICY = PausePolicy(5, timedelta(seconds=15), timedelta(minutes=15))


def failures(number: int, ago: timedelta = timedelta(0)) -> FailureCounter:
    """So many failures, the last of them some time ago."""
    return FailureCounter("subject", "client", number, NOW - ago)


@pytest.mark.parametrize(
    ("number", "seconds"), [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (10, 480), (11, 900), (12, 900)]
)
def test_a_pause_doubles_up_to_its_cap(number: int, seconds: int) -> None:
    """Fifteen seconds after the fifth failure, fifteen minutes at most."""
    assert timedelta(seconds=seconds) == POLICY.pause(number)


@given(st.integers(0, 10**9))
def test_no_pause_is_longer_than_the_cap(number: int) -> None:
    """Nobody is locked out for long, whatever was done in their name."""
    assert POLICY.pause(number) <= POLICY.longest_pause


@given(st.integers(0, 10**6))
def test_more_failures_never_shorten_the_pause(number: int) -> None:
    """Guessing on does not pay."""
    assert POLICY.pause(number) <= POLICY.pause(number + 1)


@given(st.integers(0, 60), st.integers(0, 10_000))
def test_an_attempt_is_counted_or_refused(number: int, seconds: int) -> None:
    """Counted when the pause is over, else refused with what is left of it."""
    before = failures(number, timedelta(seconds=seconds))
    left = before.failed_at + POLICY.pause(number) - NOW
    if left > timedelta(0):
        with pytest.raises(TooManyFailures) as refusal:
            with_attempt(before, POLICY, NOW)
        assert timedelta(0) <= timedelta(seconds=refusal.value.retry_after) - left < timedelta(seconds=1)
    else:
        forgotten = timedelta(seconds=seconds) >= POLICY.memory
        assert (1 if forgotten else number + 1, NOW) == (
            with_attempt(before, POLICY, NOW).failures,
            with_attempt(before, POLICY, NOW).failed_at,
        )


def test_a_success_forgets_what_went_wrong() -> None:
    """From then on the client is no stranger."""
    after = pause_rules.with_success(failures(9), NOW)
    assert (0, True) == (after.failures, after.is_known(SignInPauses(), NOW))


def test_an_acquaintance_is_forgotten() -> None:
    """After ninety days a client is a stranger again."""
    after = pause_rules.with_success(failures(0), NOW)
    assert not after.is_known(SignInPauses(), NOW + timedelta(days=90))


@given(st.integers(0, 100))
def test_one_attempt_is_taken_back(number: int) -> None:
    """The failures of others stay."""
    assert max(0, number - 1) == pause_rules.without_attempt(failures(number)).failures


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_a_network(client: str, network: str) -> None:
    """An IPv4 address, or what one site has in IPv6."""
    assert network == pause_rules.network_of(client)


def test_what_was_typed_is_not_kept() -> None:
    """Failures are counted under a hash: people type passwords into the wrong field."""
    assert "first" not in pause_rules.subject_of("first@example.com")


@pytest.mark.parametrize("ahead", [timedelta(seconds=61), timedelta(hours=11), timedelta(days=365)])
def test_a_pause_of_a_clock_that_was_ahead_is_over(ahead: timedelta) -> None:
    """The failures still count, and the next one is dated now."""
    assert FailureCounter("subject", "client", 10, NOW) == with_attempt(failures(9, -ahead), POLICY, NOW)
