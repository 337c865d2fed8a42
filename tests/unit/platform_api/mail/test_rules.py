"""The states of a letter, without a database."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.letters import NOW, a_letter

from platform_api.mail import rules
from platform_api.mail.settings import MailSettings
from platform_api.mail.values import (
    DeliveryState,
    DeliveryView,
    Drop,
    DropReason,
    LetterState,
    Outcome,
    Result,
    StoredLetter,
    Withhold,
)

SETTINGS = MailSettings()
LATER = NOW + timedelta(seconds=20)
DEFERRED = Outcome(Result.DEFERRED, "recipient 450")
MINUTE = timedelta(minutes=1)


def in_hand(**changes: Any) -> StoredLetter:
    """A letter in hand."""
    return a_letter(**{"state": LetterState.SENDING, "due_at": None, "lease_until": NOW + MINUTE, **changes})


@pytest.mark.parametrize(
    ("expected", "attempts"),
    [(1 * MINUTE, 1), (5 * MINUTE, 2), (30 * MINUTE, 3), (120 * MINUTE, 4), (300 * MINUTE, 5), (600 * MINUTE, 6)],
)
def test_pauses_grow(expected: timedelta, attempts: int) -> None:
    """Each failed attempt is followed by a longer pause."""
    before = in_hand(attempts=attempts)

    after = rules.settle(before, DEFERRED, NOW, SETTINGS, chance=0.5)

    assert (
        replace(before, state=LetterState.DEFERRED, due_at=NOW + expected, lease_until=None, reason="recipient 450")
        == after
    )


@pytest.mark.parametrize(
    ("expected", "chance"), [(timedelta(seconds=54), 0.0), (MINUTE, 0.5), (timedelta(seconds=66), 1.0)]
)
def test_a_greater_chance_makes_a_longer_pause(expected: timedelta, chance: float) -> None:
    """From nine tenths of the pause to eleven."""
    assert NOW + expected == rules.settle(a_letter(attempts=1), DEFERRED, NOW, SETTINGS, chance).due_at


@given(st.integers(1, 6), st.floats(0, 1))
def test_pauses_are_spread(attempts: int, chance: float) -> None:
    """Chance moves a pause by a tenth at most."""
    after = rules.settle(a_letter(attempts=attempts), DEFERRED, NOW, SETTINGS, chance)
    pause = SETTINGS.retries[attempts - 1]

    assert after.due_at is not None
    assert 0.1001 * pause >= abs(after.due_at - NOW - pause)


@pytest.mark.parametrize(
    ("expected", "doubts"), [(LetterState.FAILED, 0), (LetterState.UNKNOWN, 1), (LetterState.UNKNOWN, 2)]
)
def test_the_last_retry_is_the_end(expected: LetterState, doubts: int) -> None:
    """After the pauses are used up the letter has failed, unless it may have arrived."""
    before = in_hand(attempts=7, doubts=doubts)

    after = rules.settle(before, DEFERRED, NOW, SETTINGS, chance=0.5)

    assert replace(before, state=expected, lease_until=None, settled_at=NOW, reason="recipient 450") == after


@pytest.mark.parametrize(
    ("expected", "result"),
    [
        (LetterState.SENT, Result.SENT),
        (LetterState.BOUNCED, Result.BOUNCED),
        (LetterState.FAILED, Result.FAILED),
        (LetterState.DROPPED, Result.WITHHELD),
        (LetterState.SUPPRESSED, Result.SUPPRESSED),
    ],
)
def test_final_outcomes_finish_the_letter(expected: LetterState, result: Result) -> None:
    """A final outcome is not tried again."""
    before = in_hand(reason="recipient 450")

    after = rules.settle(before, Outcome(result), LATER, SETTINGS, chance=0.5)

    assert replace(before, state=expected, reason=None, lease_until=None, settled_at=LATER) == after


def test_doubt_is_followed_by_one_slow_retry() -> None:
    """A letter that may have arrived is tried once more, half an hour later, and then left alone."""
    before = in_hand()
    doubtful = replace(before, state=LetterState.UNKNOWN, lease_until=None, reason="lost")

    first = rules.settle(before, Outcome(Result.UNKNOWN, "lost"), NOW, SETTINGS, chance=0.5)
    second = rules.settle(first, Outcome(Result.UNKNOWN, "lost"), LATER, SETTINGS, chance=0.5)
    third = rules.settle(second, Outcome(Result.UNKNOWN, "lost"), LATER, SETTINGS, chance=0.5)

    assert replace(doubtful, doubts=1, due_at=NOW + timedelta(minutes=30), settled_at=None) == first
    assert replace(doubtful, doubts=2, due_at=None, settled_at=LATER) == second
    assert replace(doubtful, doubts=3, due_at=None, settled_at=LATER) == third


@pytest.mark.parametrize(
    ("expected", "attempted_at", "now"),
    [
        (NOW + 30 * MINUTE, NOW, NOW + 15 * MINUTE),
        (NOW + 90 * MINUTE, NOW, NOW + 90 * MINUTE),
        (NOW + 30 * MINUTE, None, NOW),
    ],
)
def test_a_dead_workers_letter_is_tried_half_an_hour_after_its_attempt(
    expected: datetime, attempted_at: datetime | None, now: datetime
) -> None:
    """The pause counts from the attempt, so that a long outage is not made longer."""
    before = in_hand(attempted_at=attempted_at)

    assert replace(
        before, state=LetterState.UNKNOWN, doubts=1, due_at=expected, lease_until=None, reason="abandoned"
    ) == rules.abandoned(before, now, SETTINGS)


def test_a_letter_that_was_abandoned_twice_is_left_alone() -> None:
    """The time of the second doubt is when it is settled."""
    before = in_hand(doubts=1)

    assert replace(
        before, state=LetterState.UNKNOWN, doubts=2, lease_until=None, reason="abandoned", settled_at=LATER
    ) == rules.abandoned(before, LATER, SETTINGS)


def test_names_of_a_letter_are_fixed_by_its_first_attempt() -> None:
    """Message-ID and date stay, whatever the settings say later."""
    letter = a_letter(state=LetterState.QUEUED, attempts=0, attempted_at=None, message_id=None, dated=None)

    first = rules.begin(letter, NOW, "platform.example")
    second = rules.begin(first, LATER, "elsewhere.example")

    named = replace(letter, state=LetterState.SENDING, message_id=f"<{letter.id}@platform.example>", dated=NOW)
    assert replace(named, attempts=1, attempted_at=NOW) == first
    assert replace(named, attempts=2, attempted_at=LATER) == second


@pytest.mark.parametrize(
    ("expected", "attempts", "doubts"),
    [(LetterState.QUEUED, 0, 0), (LetterState.DEFERRED, 2, 0), (LetterState.UNKNOWN, 1, 1)],
)
def test_waiting_is_no_attempt(expected: LetterState, attempts: int, doubts: int) -> None:
    """A letter that has to wait is unchanged but for its due time."""
    before = in_hand(attempts=attempts, doubts=doubts)

    after = rules.wait(before, NOW + 5 * MINUTE, NOW)

    assert replace(before, state=expected, due_at=NOW + 5 * MINUTE, lease_until=None) == after


def test_waiting_takes_a_minute_at_least() -> None:
    """A time in the past does not make the worker claim the letter over and over."""
    assert NOW + MINUTE == rules.wait(a_letter(), NOW - MINUTE, NOW).due_at


@pytest.mark.parametrize(("expected", "doubts"), [(LetterState.UNKNOWN, 1), (LetterState.DROPPED, 0)])
def test_a_doubtful_letter_that_is_dropped_stays_doubtful(expected: LetterState, doubts: int) -> None:
    """A letter that may have arrived is never reported as not sent."""
    before = in_hand(doubts=doubts, due_at=NOW)

    assert replace(
        before, state=expected, reason=DropReason.OBSOLETE, due_at=None, lease_until=None, settled_at=LATER
    ) == rules.drop(before, DropReason.OBSOLETE, LATER)


@pytest.mark.parametrize(
    "reason", [DropReason.BLOCKED, DropReason.IGNORED, DropReason.UNWANTED, DropReason.UNREGISTERED]
)
def test_withheld_letters_look_sent(reason: DropReason) -> None:
    """Their sender sees them as letters sent at that moment."""
    sent, withheld = (
        rules.settle(a_letter(), outcome, NOW, SETTINGS, 0.5)
        for outcome in (Outcome(Result.SENT), Outcome(Result.WITHHELD, reason))
    )

    assert (LetterState.DROPPED, reason) == (withheld.state, withheld.reason)
    assert rules.view(sent) == rules.view(withheld)
    assert sent == replace(withheld, state=sent.state, reason=None)


def test_a_suppressed_address_looks_bounced() -> None:
    """Its sender is told what it was told when the mailbox refused the first letter."""
    bounced, suppressed = (
        rules.settle(a_letter(), Outcome(result), NOW, SETTINGS, 0.5) for result in (Result.BOUNCED, Result.SUPPRESSED)
    )

    assert LetterState.SUPPRESSED is suppressed.state
    assert rules.view(bounced) == rules.view(suppressed)


def test_a_withheld_letter_that_may_have_arrived_stays_doubtful() -> None:
    """The operator is not told that it was dropped."""
    withheld = Outcome(Result.WITHHELD, DropReason.BLOCKED)

    assert LetterState.UNKNOWN is rules.settle(a_letter(doubts=1), withheld, NOW, SETTINGS, 0.5).state


def test_a_fault_that_repeats_is_final() -> None:
    """A letter on which the program fails twice in the same way is given up; another fault is another first time."""
    fault = Outcome(Result.DEFERRED, "encode: UnicodeEncodeError", fault=True)
    first = rules.settle(a_letter(), fault, NOW, SETTINGS, 0.5)
    second = rules.settle(rules.begin(first, LATER, "platform.example"), fault, LATER, SETTINGS, 0.5)
    other = rules.settle(
        rules.begin(first, LATER, "platform.example"), replace(fault, reason="render: KeyError"), LATER, SETTINGS, 0.5
    )

    assert (LetterState.DEFERRED, LetterState.FAILED, LetterState.DEFERRED) == (first.state, second.state, other.state)
    assert ("encode: UnicodeEncodeError", None) == (second.reason, second.due_at)


def test_a_refusal_that_repeats_is_tried_on() -> None:
    """A mail server may answer differently next time; only faults of the program are given up early."""
    busy = Outcome(Result.DEFERRED, "recipient 450")

    assert (
        LetterState.DEFERRED
        is rules.settle(a_letter(attempts=2, reason="recipient 450"), busy, NOW, SETTINGS, 0.5).state
    )


@pytest.mark.parametrize("reason", list(DropReason))
def test_secret_reasons_withhold_and_others_drop(reason: DropReason) -> None:
    """A letter cannot be dropped for a reason that its sender must not learn, nor withheld for another."""
    with pytest.raises(ValueError, match="return"):
        Drop(reason) if reason.is_secret else Withhold(reason, None)


@pytest.mark.parametrize(
    ("expected", "state", "settled"),
    [
        (DeliveryState.QUEUED, LetterState.QUEUED, False),
        (DeliveryState.QUEUED, LetterState.SENDING, False),
        (DeliveryState.QUEUED, LetterState.DEFERRED, False),
        (DeliveryState.QUEUED, LetterState.UNKNOWN, False),
        (DeliveryState.SENT, LetterState.UNKNOWN, True),
        (DeliveryState.SENT, LetterState.SENT, True),
        (DeliveryState.SENT, LetterState.COMPLAINED, True),
        (DeliveryState.BOUNCED, LetterState.SUPPRESSED, True),
        (DeliveryState.BOUNCED, LetterState.BOUNCED, True),
        (DeliveryState.BOUNCED, LetterState.FAILED, True),
    ],
)
def test_senders_see_three_states(expected: DeliveryState, state: LetterState, settled: bool) -> None:
    """The sender sees three states instead of the ten of the operator."""
    letter = a_letter(state=state, created_at=NOW - MINUTE, settled_at=NOW if settled else None)

    assert DeliveryView(expected, NOW if settled else NOW - MINUTE) == rules.view(letter)


@pytest.mark.parametrize("state", [LetterState.QUEUED, LetterState.SENDING, LetterState.DEFERRED])
def test_a_letter_that_is_tried_again_looks_queued(state: LetterState) -> None:
    """The operator may have it tried once more after it was settled; its sender sees it in the queue since its making."""
    letter = a_letter(state=state, created_at=NOW - MINUTE, settled_at=NOW)

    assert DeliveryView(DeliveryState.QUEUED, NOW - MINUTE) == rules.view(letter)


def test_obsolete_letters_are_not_seen() -> None:
    """A dropped letter has no delivery."""
    assert None is rules.view(rules.drop(a_letter(), DropReason.OBSOLETE, NOW))


@pytest.mark.parametrize("ahead", [timedelta(seconds=65), timedelta(hours=11)])
def test_a_letter_that_was_settled_by_a_clock_ahead_does_not_look_queued(ahead: timedelta) -> None:
    """It is shown as what it is, not as queued until that time comes."""
    letter = a_letter(state=LetterState.SENT, settled_at=NOW + ahead)

    assert DeliveryView(DeliveryState.SENT, NOW + ahead) == rules.view(letter)
