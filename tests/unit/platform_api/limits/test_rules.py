"""Exceeding a quota, and the message of the refusal."""

from datetime import UTC, datetime, timedelta

import pytest

from platform_api.limits.rules import LONGEST_WINDOW, Quota, QuotaExceeded, Spent, allows, in_words, wait, with_more

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOURLY = Quota("sending", 2, timedelta(hours=1))


def test_up_to_the_limit_nobody_waits() -> None:
    """The limit itself is allowed."""
    assert None is wait(HOURLY, Spent(2, NOON), NOON)


def test_beyond_the_limit_one_waits_for_the_end_of_the_window() -> None:
    """Then a new one opens."""
    assert timedelta(minutes=10) == wait(HOURLY, Spent(3, NOON + timedelta(minutes=10)), NOON)


def test_without_a_limit_nobody_waits() -> None:
    """Whatever has been spent."""
    assert None is wait(Quota("sending", None, timedelta(hours=1)), Spent(10**6, NOON), NOON)


def test_more_than_the_limit_at_once_waits_at_least_a_second() -> None:
    """A client that is told to retry at once would retry forever."""
    assert timedelta(seconds=1) == wait(HOURLY, Spent(3, NOON), NOON)


@pytest.mark.parametrize("spent", [None, Spent(2, NOON)])
def test_spending_opens_a_window(spent: Spent | None) -> None:
    """The first, and the next after one has closed."""
    assert Spent(1, NOON + timedelta(hours=1)) == with_more(HOURLY, spent, 1, NOON)


def test_spending_adds_to_an_open_window() -> None:
    """Without moving its end."""
    ends_at = NOON + timedelta(minutes=5)
    assert Spent(3, ends_at) == with_more(HOURLY, Spent(2, ends_at), 1, NOON)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(milliseconds=1), "1 second"),
        (timedelta(seconds=119), "119 seconds"),
        (timedelta(minutes=2), "2 minutes"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(seconds=59.5), "1 minute"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(minutes=2, seconds=1), "3 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=1), "3 days"),
    ],
)
def test_durations_are_told_in_words_that_fit(duration: timedelta, expected: str) -> None:
    """Never shorter than they are."""
    assert expected == in_words(duration)


def test_whoever_exceeds_a_quota_is_told_what_and_how_long() -> None:
    """In words for people, in seconds for programs."""
    error = QuotaExceeded(HOURLY, timedelta(minutes=11, milliseconds=1))
    assert "The limit is 2 in 1 hour. Try again in 12 minutes." == error.message
    assert (661, "661", HOURLY) == (error.retry_after, error.headers["Retry-After"], error.quota)


@pytest.mark.parametrize(("expected", "limit"), [(True, 3), (False, 2), (True, None)])
def test_a_limit_allows_as_much_as_it_says(expected: bool, limit: int | None) -> None:
    """The limit itself is allowed; without one, everything is."""
    assert expected is allows(Quota("sending", limit, timedelta(hours=1)), 3)


def test_a_window_has_a_greatest_length() -> None:
    """The greatest length itself is allowed; the refusal names both lengths."""
    assert timedelta(days=31) == LONGEST_WINDOW == Quota("sending", 1, LONGEST_WINDOW).window
    with pytest.raises(ValueError, match=r"^a window of 32 days is longer than 31 days$"):
        Quota("sending", 1, timedelta(days=32))


@pytest.mark.parametrize(
    ("expected", "ends_at"),
    [
        (Spent(3, NOON + HOURLY.window), NOON + HOURLY.window),
        (Spent(1, NOON + HOURLY.window), NOON + HOURLY.window + timedelta(microseconds=1)),
    ],
)
def test_a_window_that_ends_too_late_was_opened_by_a_wrong_clock(expected: Spent, ends_at: datetime) -> None:
    """A window that opens now ends exactly one length later; an open one that ends later counts as closed."""
    assert expected == with_more(HOURLY, Spent(2, ends_at), 1, NOON)
