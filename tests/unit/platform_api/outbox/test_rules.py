"""What becomes of a letter, told without a database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.letters import NOW, a_letter

from platform_api.outbox import rules
from platform_api.outbox.values import (
    DeliveryState,
    Drop,
    DropReason,
    LetterState,
    OutboxSettings,
    Outcome,
    Result,
    Withhold,
)

SETTINGS = OutboxSettings()
LATER = NOW + timedelta(seconds=20)
DEFERRED = Outcome(Result.DEFERRED, "recipient 450")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("expected", "attempts"),
    [(1 * MINUTE, 1), (5 * MINUTE, 2), (30 * MINUTE, 3), (120 * MINUTE, 4), (300 * MINUTE, 5), (600 * MINUTE, 6)],
)
def test_pauses_grow(expected: timedelta, attempts: int) -> None:
    """Each failed attempt is followed by a longer pause."""
    after = rules.settle(a_letter(attempts=attempts), DEFERRED, NOW, SETTINGS, chance=0.5)

    assert (LetterState.DEFERRED, NOW + expected) == (after.state, after.due_at)


@given(st.integers(1, 6), st.floats(0, 1))
def test_pauses_are_spread(attempts: int, chance: float) -> None:
    """Chance moves a pause by a tenth at most."""
    after = rules.settle(a_letter(attempts=attempts), DEFERRED, NOW, SETTINGS, chance)
    pause = SETTINGS.retries[attempts - 1]

    assert after.due_at is not None
    assert 0.1001 * pause >= abs(after.due_at - NOW - pause)


def test_the_last_retry_is_the_end() -> None:
    """After the pauses are used up the letter has failed."""
    after = rules.settle(a_letter(attempts=7), DEFERRED, NOW, SETTINGS, chance=0.5)

    assert (LetterState.FAILED, None, NOW) == (after.state, after.due_at, after.settled_at)


@pytest.mark.parametrize(
    ("expected", "result"),
    [(LetterState.SENT, Result.SENT), (LetterState.BOUNCED, Result.BOUNCED), (LetterState.FAILED, Result.FAILED)],
)
def test_final_outcomes_finish_the_letter(expected: LetterState, result: Result) -> None:
    """What is final is not tried again."""
    after = rules.settle(a_letter(), Outcome(result), LATER, SETTINGS, chance=0.5)

    assert (expected, None, None, LATER) == (after.state, after.due_at, after.lease_until, after.settled_at)


def test_doubt_is_followed_by_one_slow_retry() -> None:
    """A letter that may have arrived is tried once more, half an hour later, and then left alone."""
    first = rules.settle(a_letter(), Outcome(Result.UNKNOWN), NOW, SETTINGS, chance=0.5)
    second = rules.settle(first, Outcome(Result.UNKNOWN), LATER, SETTINGS, chance=0.5)

    assert (LetterState.UNKNOWN, NOW + timedelta(minutes=30)) == (first.state, first.due_at)
    assert (LetterState.UNKNOWN, None, LATER) == (second.state, second.due_at, second.settled_at)


def test_a_dead_workers_letter_is_tried_half_an_hour_after_its_attempt() -> None:
    """The pause counts from the attempt, so that a long outage is not made longer."""
    soon = rules.abandoned(a_letter(attempted_at=NOW), NOW + 15 * MINUTE, SETTINGS)
    late = rules.abandoned(a_letter(attempted_at=NOW), NOW + 90 * MINUTE, SETTINGS)

    assert (LetterState.UNKNOWN, NOW + 30 * MINUTE) == (soon.state, soon.due_at)
    assert NOW + 90 * MINUTE == late.due_at


def test_names_of_a_letter_are_fixed_by_its_first_attempt() -> None:
    """Message-ID and date stay, whatever the settings say later."""
    first = rules.begin(a_letter(attempts=0, message_id=None, dated=None), NOW, "platform.example")
    second = rules.begin(first, LATER, "elsewhere.example")

    assert (f"<{first.id}@platform.example>", NOW, 1) == (first.message_id, first.dated, first.attempts)
    assert (first.message_id, first.dated, 2, LATER) == (
        second.message_id,
        second.dated,
        second.attempts,
        second.attempted_at,
    )


@pytest.mark.parametrize(
    ("expected", "attempts", "doubts"),
    [(LetterState.QUEUED, 0, 0), (LetterState.DEFERRED, 2, 0), (LetterState.UNKNOWN, 1, 1)],
)
def test_waiting_is_no_attempt(expected: LetterState, attempts: int, doubts: int) -> None:
    """A letter that has to wait is what it was before it was looked at."""
    after = rules.wait(a_letter(attempts=attempts, doubts=doubts), NOW + 5 * MINUTE, NOW)

    assert (expected, attempts, NOW + 5 * MINUTE) == (after.state, after.attempts, after.due_at)


def test_waiting_takes_a_minute_at_least() -> None:
    """A moment that has passed does not make the worker look again and again."""
    assert NOW + MINUTE == rules.wait(a_letter(), NOW - MINUTE, NOW).due_at


def test_a_doubtful_letter_that_is_dropped_stays_doubtful() -> None:
    """Nobody can say that a letter was not sent that may have arrived."""
    assert LetterState.UNKNOWN is rules.drop(a_letter(doubts=1), DropReason.OBSOLETE, NOW).state
    assert LetterState.DROPPED is rules.drop(a_letter(), DropReason.OBSOLETE, NOW).state


@pytest.mark.parametrize(
    "reason", [DropReason.BLOCKED, DropReason.IGNORED, DropReason.UNWANTED, DropReason.UNREGISTERED]
)
def test_withheld_letters_look_sent(reason: DropReason) -> None:
    """Their sender sees what it would see of a letter that was sent at that moment."""
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
    """What a mail server says again may change; only faults of the program are given up early."""
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
    """The ten states of the operator are three to the sender."""
    seen = rules.view(a_letter(state=state, settled_at=NOW if settled else None))

    assert seen is not None
    assert expected is seen.state


def test_obsolete_letters_are_not_seen() -> None:
    """A letter that was never to arrive has no delivery."""
    assert None is rules.view(rules.drop(a_letter(), DropReason.OBSOLETE, NOW))


@pytest.mark.parametrize("ahead", [timedelta(seconds=65), timedelta(hours=11)])
def test_a_letter_that_was_settled_by_a_clock_ahead_does_not_look_queued(ahead: timedelta) -> None:
    """It is shown as what it is, not as queued until that time comes."""
    seen = rules.view(a_letter(state=LetterState.SENT, settled_at=NOW + ahead))

    assert DeliveryState.SENT is (seen and seen.state)
