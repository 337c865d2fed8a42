"""The transaction that takes a letter in hand: it asks in that very transaction whether the letter is still to be sent.

So no letter is `sending` unless its subject said so when it became that (invariant I8 of the domain).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from platform_api.database.transaction import Transaction
from platform_api.mail import rules, store
from platform_api.mail.allowance import Allowance, spend
from platform_api.mail.kinds import LetterKind, LetterKinds
from platform_api.mail.values import (
    Drop,
    DropReason,
    MailSettings,
    Outcome,
    Result,
    StoredLetter,
    Wait,
    Withhold,
)

AddressHash = Callable[[str], str]
"""The key of an address -> its keyed hash, by which suppressions know it."""

UNKNOWN_KIND_PAUSE = timedelta(minutes=5)
"""How long a letter waits whose kind this node does not know, while another version of the program may know it."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A letter to be sent now, or to be treated in every visible way as if it were.

    Attributes:
        letter: the letter.
        recipient_key: key of the address it goes to.
        kind: what renders it.
        facts: what it says.
        withheld: None for a letter to be sent; else the outcome to record instead of sending it.
    """

    letter: StoredLetter
    recipient_key: str
    kind: LetterKind[Any]
    facts: Any
    withheld: Outcome | None


@dataclass(frozen=True, slots=True)
class PutAside:
    """A letter that was due and is not sent now, or never."""

    letter: StoredLetter


class Claiming:
    """What a claim needs to know.

    Args:
        kinds: every kind of letter.
        settings: the numbers.
        lease: how long an attempt may take.
        domain: where Message-IDs are from.
        address_hash: the hash of suppressions.
    """

    def __init__(
        self,
        kinds: LetterKinds,
        settings: MailSettings,
        lease: timedelta,
        domain: str,
        address_hash: AddressHash,
    ) -> None:
        self._kinds = kinds
        self._settings = settings
        self._lease = lease
        self._domain = domain
        self._address_hash = address_hash

    async def claim(self, tx: Transaction, attempt: "Attempt") -> InHand | PutAside | None:
        """Take the next due letter in hand, or put it aside; None when none is due. One unit.

        Raises:
            Exception: whatever the letter's kind raised; `attempt` knows the letter.
        """
        attempt.letter = None
        letter = await store.claim(tx, tx.now + self._lease)
        if letter is None:
            return None
        attempt.letter = letter
        verdict = await self._verdict(tx, letter)
        await store.keep(tx, letter, verdict.letter)
        return verdict

    async def _verdict(self, tx: Transaction, letter: StoredLetter) -> InHand | PutAside:
        """What is to be done with a due letter."""
        kind = self._kinds.get(letter.kind)
        if kind is None:
            return PutAside(rules.wait(letter, tx.now + UNKNOWN_KIND_PAUSE, tx.now))
        if letter.recipient_key is None:
            return PutAside(rules.drop(letter, DropReason.ERASED, tx.now))
        facts = await kind.load(tx, letter.key)
        if isinstance(facts, Wait):
            return PutAside(rules.wait(letter, facts.until, tx.now))
        if isinstance(facts, Drop):
            return PutAside(rules.drop(letter, facts.reason, tx.now))
        return await self._within_limit(tx, letter, letter.recipient_key, kind, facts)

    async def _within_limit(
        self, tx: Transaction, letter: StoredLetter, recipient_key: str, kind: LetterKind[Any], facts: Any
    ) -> InHand | PutAside:
        """A letter in hand, unless its address has had enough for today.

        A withheld letter runs the same statements and waits for the same limit, or its sender could tell them apart.
        """
        address_hash = self._address_hash(recipient_key)
        withheld = _withheld(facts, suppressed=await store.is_suppressed(tx, address_hash))
        allowance = f"{kind.allowance} withheld" if kind.allowance and withheld else kind.allowance
        free_at = await self._spend(tx, letter, address_hash, allowance)
        if free_at is not None:
            return PutAside(rules.wait(letter, free_at, tx.now))
        said = facts.facts if isinstance(facts, Withhold) else facts
        return InHand(rules.begin(letter, tx.now, self._domain), recipient_key, kind, said, withheld)

    async def _spend(
        self, tx: Transaction, letter: StoredLetter, address_hash: str, allowance: str | None
    ) -> datetime | None:
        """Count a letter against its address's day; None when it may go, else when to look again.

        Counted once for all attempts. Those withheld are counted apart: junk must not use up what the others may send.
        """
        limit = self._settings.daily_letters
        if limit is None or allowance is None or letter.attempts:
            return None
        share = self._settings.sender_letters
        day = Allowance(allowance, address_hash, letter.sent_by, letter.sent_for, limit, share)
        return await spend(tx, day)


def _withheld(facts: Any, *, suppressed: bool) -> Outcome | None:
    """The outcome to record instead of a sending; a suppressed address hides every other reason from the sender."""
    if suppressed:
        return Outcome(Result.SUPPRESSED)
    return Outcome(Result.WITHHELD, facts.reason) if isinstance(facts, Withhold) else None


class Attempt:
    """Remembers which letter a unit had in hand when it failed."""

    letter: StoredLetter | None = None


__all__ = ["UNKNOWN_KIND_PAUSE", "AddressHash", "Attempt", "Claiming", "InHand", "PutAside"]
