"""Tests that waits are bounded by their own length, whatever instant is stored."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.letters import a_letter
from tests.support.life_cycle import NOW, a_request

from platform_api.connections import rules as connections
from platform_api.connections.errors import ResentTooOften
from platform_api.connections.settings import Terms
from platform_api.foundation.waiting import CLOCK_TOLERANCE, NO_WAIT, wait_after, wait_until
from platform_api.identity import pause_rules
from platform_api.identity.values import FailureCounter, PausePolicy
from platform_api.limits import rules as limits
from platform_api.limits.rules import Quota, Spent
from platform_api.mail import rules as mail
from platform_api.mail.settings import MailSettings
from servicehost.contract.errors import TooManyRequests

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

instants = st.datetimes(timezones=st.just(UTC))
windows = st.timedeltas(NO_WAIT, 400 * DAY)
nows = st.datetimes(datetime(2000, 1, 1), datetime(3000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - what it takes


def told(act: Callable[[], object]) -> timedelta | None:
    """The wait that a refused act reports; None if the act is allowed."""
    try:
        act()
    except TooManyRequests as refusal:
        return timedelta(seconds=refusal.retry_after)
    return None


@pytest.mark.parametrize("wait", [wait_after, lambda since, window, now: wait_until(since + window, window, now)])
@pytest.mark.parametrize(
    ("expected", "elapsed"),
    [
        (SECOND, timedelta(0)),
        (SECOND, -CLOCK_TOLERANCE),
        (NO_WAIT, -CLOCK_TOLERANCE - timedelta(microseconds=1)),
        (timedelta(microseconds=1), SECOND - timedelta(microseconds=1)),
        (NO_WAIT, SECOND),
    ],
)
def test_a_wait_begins_and_ends_to_the_microsecond(
    wait: Callable[[datetime, timedelta, datetime], timedelta], expected: timedelta, elapsed: timedelta
) -> None:
    """Within the tolerance a beginning in the future counts as now; beyond it the wait is over."""
    assert expected == wait(NOW - elapsed, SECOND, NOW)
    assert timedelta(minutes=1) == CLOCK_TOLERANCE


@given(instants, windows, nows)
def test_a_wait_is_never_longer_than_its_window(stored: datetime, window: timedelta, now: datetime) -> None:
    """The wait is between zero and the window for every stored instant."""
    assert NO_WAIT <= wait_after(stored, window, now) <= window
    assert NO_WAIT <= wait_until(stored, window, now) <= window


@given(windows, nows, st.timedeltas(NO_WAIT, 800 * DAY))
def test_a_wait_with_a_right_clock_is_exact(window: timedelta, now: datetime, elapsed: timedelta) -> None:
    """The wait is the window minus the elapsed time."""
    assert max(window - elapsed, NO_WAIT) == wait_after(now - elapsed, window, now)
    assert max(window - elapsed, NO_WAIT) == wait_until(now - elapsed + window, window, now)


@given(windows, nows, st.timedeltas(timedelta(microseconds=1), 800 * DAY))
def test_instants_of_a_clock_far_ahead_end_the_wait(window: timedelta, now: datetime, ahead: timedelta) -> None:
    """Beyond the tolerance the wait is over; within it, the wait has just begun."""
    assert NO_WAIT == wait_after(now + CLOCK_TOLERANCE + ahead, window, now)
    assert NO_WAIT == wait_until(now + CLOCK_TOLERANCE + ahead + window, window, now)
    assert window == wait_after(now + min(ahead, CLOCK_TOLERANCE), window, now)


@given(instants)
def test_a_resend_waits_for_its_cooldown_at_most(sent_at: datetime) -> None:
    """A resend waits at most for the cooldown, unless it is refused for good."""
    terms = Terms()
    wait = told(lambda: connections.resend(a_request(sent_at=sent_at, expires_at=NOW + DAY), NOW, terms))
    assert wait is None or SECOND <= wait <= terms.resend_cooldown


@given(instants)
def test_a_request_that_was_sent_too_often_waits_for_its_life_at_most(expires_at: datetime) -> None:
    """The wait is at most the life of a request, whatever its stored expiry."""
    terms = Terms()
    with pytest.raises(ResentTooOften) as refusal:
        connections.check_resend_limits(a_request(expires_at=expires_at, resent_count=5), NOW, terms)
    assert terms.resend_cooldown <= timedelta(seconds=refusal.value.retry_after) <= terms.request_life


@given(instants, st.integers(0, 60))
def test_a_sign_in_waits_for_its_pause_at_most(failed_at: datetime, failures: int) -> None:
    """The right password is accepted after the longest pause."""
    policy = PausePolicy(5, 15 * SECOND, timedelta(minutes=15))
    wait = told(lambda: pause_rules.with_attempt(FailureCounter("subject", "client", failures, failed_at), policy, NOW))
    assert wait is None or SECOND <= wait <= policy.pause(failures)


@given(instants, st.integers(1, 10), st.timedeltas(SECOND, 31 * DAY))
def test_a_quota_waits_for_its_window_at_most(ends_at: datetime, amount: int, window: timedelta) -> None:
    """The wait is at most the window, both when a quota is checked and when it is spent."""
    quota = Quota("letters", 1, window)
    for spent in (Spent(amount, ends_at), limits.with_more(quota, Spent(amount, ends_at), 1, NOW)):
        wait = limits.wait(quota, spent, NOW)
        assert wait is None or SECOND <= wait <= window


@given(instants)
def test_the_letter_of_a_dead_worker_waits_for_its_slow_retry_at_most(attempted_at: datetime) -> None:
    """The wait is counted from now."""
    settings = MailSettings()
    after = mail.abandoned(a_letter(attempted_at=attempted_at), NOW, settings)
    assert after.due_at is not None
    assert NO_WAIT <= after.due_at - NOW <= settings.slow_retry
