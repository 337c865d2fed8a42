"""Tests of the pauses after failed sign-ins."""

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
    """A counter with a number of failures, the last of them some time ago."""
    return FailureCounter("subject", "client", number, NOW - ago)


@pytest.mark.parametrize(
    ("number", "seconds"), [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (10, 480), (11, 900), (12, 900)]
)
def test_a_pause_doubles_up_to_its_cap(number: int, seconds: int) -> None:
    """The pause is fifteen seconds after the fifth failure, doubles, and is fifteen minutes at most."""
    assert timedelta(seconds=seconds) == POLICY.pause(number)


@given(st.integers(0, 10**9))
def test_no_pause_is_longer_than_the_cap(number: int) -> None:
    """No number of failures brings a longer pause than the cap."""
    assert POLICY.pause(number) <= POLICY.longest_pause


@given(st.integers(0, 10**6))
def test_more_failures_never_shorten_the_pause(number: int) -> None:
    """A further failure does not shorten the pause."""
    assert POLICY.pause(number) <= POLICY.pause(number + 1)


@given(st.integers(0, 60), st.integers(0, 10_000))
def test_an_attempt_is_counted_or_refused(number: int, seconds: int) -> None:
    """An attempt after the pause is counted; one during it is refused with the remaining time."""
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


def test_a_success_resets_the_counter() -> None:
    """A success resets the failures and makes the client known."""
    after = pause_rules.with_success(failures(9), NOW)
    assert (0, True) == (after.failures, after.is_known(SignInPauses(), NOW))


def test_a_client_is_known_for_ninety_days() -> None:
    """A client is unknown again ninety days after it signed in."""
    after = pause_rules.with_success(failures(0), NOW)
    assert not after.is_known(SignInPauses(), NOW + timedelta(days=90))


@given(st.integers(0, 100))
def test_one_attempt_is_taken_back(number: int) -> None:
    """One attempt is subtracted, and the other failures stay."""
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
    """A client is an IPv4 address or the /64 of an IPv6 address."""
    assert network == pause_rules.network_of(client)


def test_a_subject_is_a_hash() -> None:
    """The subject does not contain the text that was typed, which may be a password."""
    assert "first" not in pause_rules.subject_of("first@example.com")


@pytest.mark.parametrize("typed", ["\ud800", "first@example.com", ""])
def test_any_text_has_a_subject_of_its_own(typed: str) -> None:
    """Equal texts have the same subject and different texts different ones, even with lone surrogates."""
    assert pause_rules.subject_of(typed) == pause_rules.subject_of(typed) != pause_rules.subject_of(typed + "\udfff")


def test_failures_are_forgotten_at_the_end_of_the_memory() -> None:
    """The next attempt counts as the first."""
    assert FailureCounter("subject", "client", 1, NOW) == with_attempt(failures(9, POLICY.memory), POLICY, NOW)


@pytest.mark.parametrize("ahead", [timedelta(seconds=61), timedelta(hours=11), timedelta(days=365)])
def test_a_pause_of_a_clock_that_was_ahead_is_over(ahead: timedelta) -> None:
    """A counter dated in the future brings no pause; its failures still count."""
    assert FailureCounter("subject", "client", 10, NOW) == with_attempt(failures(9, -ahead), POLICY, NOW)
