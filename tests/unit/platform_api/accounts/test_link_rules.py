"""Tests of the rules for links: when the next letter is queued, and which link works."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.accounts import link_rules
from platform_api.accounts.errors import LinkExpired, LinkUsed
from platform_api.accounts.settings import AccountSettings
from platform_api.accounts.values import AccountLink
from platform_api.foundation.tokens import Purpose
from servicehost.contract.scalars import Guid

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
SETTINGS = AccountSettings()
ID = Guid("01973f5e-1111-7000-8000-000000000001")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

A_NEW_LINK = AccountLink(
    ID, Purpose.PASSWORD_RESET, "first@example.com", 1, 1, 1, lettered_at=NOW, asked_at=NOW, issued_at=NOW
)
NEW = replace(A_NEW_LINK, id=Guid("01973f5e-1111-7000-8000-000000000002"))


def ask(link: AccountLink | None, now: datetime, changed_at: datetime | None = None) -> AccountLink:
    """Request the link; a letter that is due is sent at once."""
    new = AccountLink.first(NEW.id, NEW.purpose, NEW.address_key, now)
    after = link_rules.requested(link, new, changed_at, now, SETTINGS)
    return after if link and after.letters == link.letters else replace(after, sent_at=now)


def letters_at(*minutes: float) -> list[float]:
    """The minutes at which letters leave if the link is requested at these minutes."""
    link, left = None, []
    for minute in minutes:
        after = ask(link, NOW + minute * MINUTE)
        if link is None or after.letters > link.letters:
            left.append(minute)
        link = after
    return left


def test_the_first_letter_leaves_at_once() -> None:
    """The first request creates the link with one letter, which is dated now."""
    assert A_NEW_LINK == AccountLink.first(ID, Purpose.PASSWORD_RESET, "first@example.com", NOW)
    assert NEW == link_rules.requested(None, NEW, None, NOW, SETTINGS)


def test_the_gaps_grow() -> None:
    """With continuous requests, letters leave at once, then 5, 15 and 60 minutes apart."""
    assert [0, 5, 20, 80, 140, 200] == letters_at(*range(241))[:6]


def test_a_request_within_a_gap_queues_nothing() -> None:
    """A request within a gap only updates the time of the latest request."""
    assert replace(A_NEW_LINK, asked_at=NOW + 4 * MINUTE) == link_rules.requested(
        A_NEW_LINK, NEW, None, NOW + 4 * MINUTE, SETTINGS
    )


def test_a_gap_is_over_to_the_second() -> None:
    """The next letter leaves with the first request at or after the end of the gap."""
    assert [0, 5] == letters_at(0, 4.999, 5, 5.001)


@pytest.mark.parametrize(("pause", "next_gap"), [(DAY, 5), (DAY - MINUTE, 60)])
def test_a_quiet_day_brings_the_first_gap_back(pause: timedelta, next_gap: int) -> None:
    """After a full day without a request the gaps begin again with the first."""
    start = 141 + pause / MINUTE
    assert start in letters_at(*range(142), start)
    assert start + next_gap in letters_at(*range(142), start, *(start + minute for minute in range(1, 61)))
    assert start + next_gap - 1 not in letters_at(*range(142), start, *(start + minute for minute in range(1, 61)))


def test_a_link_that_works_stays_the_same() -> None:
    """Further requests do not change the version of a link."""
    link = A_NEW_LINK
    for minute in range(600):
        link = ask(link, NOW + minute * MINUTE)
    assert (1, NOW) == (link.version, link.issued_at)


def test_an_expired_link_gets_a_new_version() -> None:
    """A request after the expiry starts a new version, and letters are counted on."""
    later = NOW + 3 * HOUR
    link = link_rules.requested(replace(A_NEW_LINK, sent_at=NOW), NEW, None, later, SETTINGS)
    assert (
        replace(A_NEW_LINK, version=2, letters=2, streak=2, lettered_at=later, asked_at=later, issued_at=later) == link
    )


@pytest.mark.parametrize("changed_at", [None, NOW + 2 * MINUTE])
def test_a_used_link_gets_a_new_version_at_once(changed_at: datetime | None) -> None:
    """After its use or a new password, a request starts a new version without a gap."""
    used = replace(A_NEW_LINK, streak=3, sent_at=NOW, used_version=1 if changed_at is None else None)
    now = NOW + 3 * MINUTE
    link = link_rules.requested(used, NEW, changed_at, now, SETTINGS)
    assert (
        replace(used, version=2, letters=2, streak=1, lettered_at=now, asked_at=now, issued_at=now, sent_at=None)
        == link
    )


def test_a_password_that_was_changed_before_a_link_leaves_it_open() -> None:
    """A password changed before the link was issued does not invalidate the link."""
    later = NOW + 5 * MINUTE
    for changed_at in (NOW, NOW - MINUTE):
        link = link_rules.requested(A_NEW_LINK, NEW, changed_at, later, SETTINGS)
        assert replace(A_NEW_LINK, letters=2, streak=2, lettered_at=later, asked_at=later) == link


def test_a_clock_that_was_set_back_holds_no_letter_back() -> None:
    """A letter dated in the future does not delay the next one."""
    link = replace(A_NEW_LINK, lettered_at=NOW + 11 * HOUR, asked_at=NOW + 11 * HOUR)
    assert 2 == link_rules.requested(link, NEW, None, NOW, SETTINGS).letters


def test_a_life_is_counted_from_the_sending() -> None:
    """The lifetime of a link begins with the sending of its letter."""
    link = replace(A_NEW_LINK, sent_at=NOW + 17 * HOUR)
    assert link_rules.is_open(link, None, NOW + 19 * HOUR - MINUTE, SETTINGS)
    assert not link_rules.is_open(link, None, NOW + 19 * HOUR, SETTINGS)
    assert link_rules.is_open(A_NEW_LINK, None, NOW + 17 * HOUR, SETTINGS)


def test_each_purpose_has_its_life() -> None:
    """A proof works for a day and a reset for two hours, both longer than the longest gap."""
    lives = {purpose: SETTINGS.life(purpose) for purpose in (Purpose.MAILBOX_PROOF, Purpose.PASSWORD_RESET)}
    assert {Purpose.MAILBOX_PROOF: DAY, Purpose.PASSWORD_RESET: 2 * HOUR} == lives
    assert min(lives.values()) > max(SETTINGS.gaps)


def test_a_link_works_in_its_version_only() -> None:
    """A version that is older, newer, used, expired or overtaken by a new password is refused."""
    link = replace(A_NEW_LINK, version=3, sent_at=NOW, used_version=1)
    assert link == link_rules.check(link, 3, None, NOW, SETTINGS)
    assert link == link_rules.check(link, 3, NOW, NOW, SETTINGS)
    for wrong, version, changed_at, error in (
        (link, 2, None, LinkExpired),
        (link, 4, None, LinkExpired),
        (link, 1, None, LinkUsed),
        (replace(link, used_version=3), 3, None, LinkUsed),
        (link, 3, NOW + MINUTE, LinkExpired),
        (replace(link, sent_at=NOW - 2 * HOUR), 3, None, LinkExpired),
        (None, 3, None, LinkExpired),
    ):
        with pytest.raises(error):
            link_rules.check(wrong, version, changed_at, NOW, SETTINGS)


@given(st.lists(st.floats(0, 4000), min_size=1, max_size=60))
def test_a_working_link_is_mailed_or_due_within_a_gap(minutes: list[float]) -> None:
    """At each request the latest letter has a link that works until the gap is over."""
    link = None
    for minute in sorted(minutes):
        now = NOW + minute * MINUTE
        link = ask(link, now)
        assert link_rules.is_open(link, None, now, SETTINGS)
        assert link_rules.is_open(link, None, link.lettered_at + max(SETTINGS.gaps), SETTINGS)
        assert ask(link, now + HOUR).letters > link.letters


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=200))
def test_letters_keep_their_distance(minutes: list[int]) -> None:
    """Letters are at least five minutes apart, whatever the requests."""
    left = letters_at(*sorted(set(minutes)))
    assert all(later - earlier >= 5 for earlier, later in itertools.pairwise(left))
    assert all(26 >= len([each for each in left if start <= each < start + 1440]) for start in left)


def test_without_gaps_every_request_has_its_letter() -> None:
    """Without gaps in the settings every request queues a letter."""
    assert 2 == link_rules.requested(A_NEW_LINK, NEW, None, NOW, AccountSettings(gaps=())).letters
