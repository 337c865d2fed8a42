"""The states of a letter: the letter before an event, the event and its time give the letter afterwards. Pure."""

from dataclasses import replace
from datetime import datetime

from platform_api.foundation.waiting import wait_after
from platform_api.mail.settings import MailSettings
from platform_api.mail.values import (
    DeliveryState,
    DeliveryView,
    DropReason,
    LetterState,
    Outcome,
    Result,
    StoredLetter,
)
from platform_api.work.rules import begin_attempt, doubt, finish, put_back, retry

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
    """The letter when its next attempt begins. The first attempt fixes its Message-ID and its date."""
    return replace(
        begin_attempt(letter, now),
        state=LetterState.SENDING,
        message_id=letter.message_id or f"<{letter.id}@{domain}>",
        dated=letter.dated or now,
    )


def wait(letter: StoredLetter, until: datetime, now: datetime) -> StoredLetter:
    """The letter put back until later; it is not counted as an attempt."""
    return replace(put_back(letter, until, now), state=resting_state(letter))


def drop(letter: StoredLetter, reason: DropReason, now: datetime) -> StoredLetter:
    """The letter that is not to be sent any more; one that may have arrived stays unknown."""
    state = LetterState.UNKNOWN if letter.doubts else LetterState.DROPPED
    return replace(finish(letter), state=state, reason=reason, settled_at=now)


def settle(
    letter: StoredLetter, outcome: Outcome, now: datetime, settings: MailSettings, chance: float
) -> StoredLetter:
    """The letter after an attempt; `chance`, from 0 to 1, spreads the next one."""
    after = replace(finish(letter), reason=outcome.reason)
    if outcome.result is Result.UNKNOWN:
        return _doubt(after, now, now + settings.slow_retry)
    if outcome.result is not Result.DEFERRED:
        return replace(after, state=_final_state(letter, outcome), settled_at=now)
    is_repeated_fault = outcome.fault and outcome.reason == letter.reason
    again = None if is_repeated_fault else retry(after, settings.schedule, now, chance)
    if again is None:
        state = LetterState.UNKNOWN if letter.doubts else LetterState.FAILED
        return replace(after, state=state, settled_at=now)
    return replace(again, state=resting_state(letter))


def abandoned(letter: StoredLetter, now: datetime, settings: MailSettings) -> StoredLetter:
    """The letter in hand whose worker has crashed: it may have been sent."""
    again = now + wait_after(letter.attempted_at or now, settings.slow_retry, now)
    return _doubt(replace(letter, reason="abandoned"), now, again)


def view(letter: StoredLetter) -> DeliveryView | None:
    """The delivery as the sender sees it; None for a letter that became obsolete before it was sent."""
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
    """A letter that may have arrived: tried once more at `again`, after the second doubt left alone."""
    doubtful = doubt(letter, again)
    settled_at = now if doubtful.due_at is None else None
    return replace(doubtful, state=LetterState.UNKNOWN, settled_at=settled_at)


__all__ = [
    "abandoned",
    "begin",
    "drop",
    "resting_state",
    "settle",
    "view",
    "wait",
]
