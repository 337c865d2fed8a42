"""What becomes of a letter. Pure: the row before, what happened, when; the row after."""

from dataclasses import replace
from datetime import datetime, timedelta

from platform_api.foundation.waiting import wait_after
from platform_api.mail.values import (
    DeliveryState,
    DeliveryView,
    DropReason,
    LetterState,
    MailSettings,
    Outcome,
    Result,
    StoredLetter,
)

SHORTEST_WAIT = timedelta(minutes=1)
"""A letter that is to wait waits at least so long, so that none is looked at over and over."""

_FINISHED = {
    Result.SENT: LetterState.SENT,
    Result.BOUNCED: LetterState.BOUNCED,
    Result.FAILED: LetterState.FAILED,
    Result.WITHHELD: LetterState.DROPPED,
    Result.SUPPRESSED: LetterState.SUPPRESSED,
}


def resting_state(letter: StoredLetter) -> LetterState:
    """The state of a letter that is not in hand and not finished."""
    if letter.doubts:
        return LetterState.UNKNOWN
    return LetterState.DEFERRED if letter.attempts else LetterState.QUEUED


def begin(letter: StoredLetter, now: datetime, domain: str) -> StoredLetter:
    """The letter when its next attempt begins; what names it to mail programs is fixed by the first."""
    return replace(
        letter,
        attempts=letter.attempts + 1,
        attempted_at=now,
        message_id=letter.message_id or f"<{letter.id}@{domain}>",
        dated=letter.dated or now,
    )


def wait(letter: StoredLetter, until: datetime, now: datetime) -> StoredLetter:
    """The letter put back until later; this was no attempt."""
    return replace(letter, state=resting_state(letter), due_at=max(until, now + SHORTEST_WAIT), lease_until=None)


def drop(letter: StoredLetter, reason: DropReason, now: datetime) -> StoredLetter:
    """The letter that is not to be sent any more; one that may have arrived stays unknown."""
    state = LetterState.UNKNOWN if letter.doubts else LetterState.DROPPED
    return replace(letter, state=state, reason=reason, due_at=None, lease_until=None, settled_at=now)


def settle(
    letter: StoredLetter, outcome: Outcome, now: datetime, settings: MailSettings, chance: float
) -> StoredLetter:
    """The letter after an attempt; `chance`, from 0 to 1, spreads the next one."""
    after = replace(letter, reason=outcome.reason, due_at=None, lease_until=None)
    if outcome.result is Result.UNKNOWN:
        return _doubt(after, now, now + settings.slow_retry)
    if outcome.result is not Result.DEFERRED:
        return replace(after, state=_final_state(letter, outcome), settled_at=now)
    if _is_hopeless(letter, outcome, settings):
        state = LetterState.UNKNOWN if letter.doubts else LetterState.FAILED
        return replace(after, state=state, settled_at=now)
    pause = settings.retries[letter.attempts - 1] * (1 + settings.jitter * (2 * chance - 1))
    return replace(after, state=resting_state(letter), due_at=now + pause)


def _is_hopeless(letter: StoredLetter, outcome: Outcome, settings: MailSettings) -> bool:
    """Whether a deferred letter is given up: tried often enough, or stopped by the same fault as the time before."""
    return letter.attempts > len(settings.retries) or (outcome.fault and outcome.reason == letter.reason)


def abandoned(letter: StoredLetter, now: datetime, settings: MailSettings) -> StoredLetter:
    """The letter whose worker died with it in hand: nobody knows whether it went out."""
    again = now + wait_after(letter.attempted_at or now, settings.slow_retry, now)
    return _doubt(replace(letter, reason="abandoned", lease_until=None), now, again)


def view(letter: StoredLetter) -> DeliveryView | None:
    """What its sender sees of a letter; None of one that became obsolete before it was sent."""
    queued = DeliveryView(DeliveryState.QUEUED, letter.created_at)
    settled_at = letter.settled_at
    if settled_at is None:
        return queued
    match letter.state:
        case LetterState.QUEUED | LetterState.SENDING | LetterState.DEFERRED:
            return queued
        case LetterState.BOUNCED | LetterState.FAILED | LetterState.SUPPRESSED:
            return DeliveryView(DeliveryState.BOUNCED, settled_at)
        case LetterState.DROPPED if letter.reason is None or not DropReason(letter.reason).is_secret:
            return None
        case _:
            return DeliveryView(DeliveryState.SENT, settled_at)


def _final_state(letter: StoredLetter, outcome: Outcome) -> LetterState:
    """The state that an outcome other than a deferral ends in; a withheld letter that may have arrived stays unknown."""
    if outcome.result is Result.WITHHELD and letter.doubts:
        return LetterState.UNKNOWN
    return _FINISHED[outcome.result]


def _doubt(letter: StoredLetter, now: datetime, again: datetime) -> StoredLetter:
    """A letter that may have arrived: tried once more at `again`, the second time left alone."""
    first = letter.doubts == 0
    return replace(
        letter,
        state=LetterState.UNKNOWN,
        doubts=letter.doubts + 1,
        due_at=again if first else None,
        settled_at=None if first else now,
    )


__all__ = [
    "SHORTEST_WAIT",
    "abandoned",
    "begin",
    "drop",
    "resting_state",
    "settle",
    "view",
    "wait",
]
