"""The decision on a claimed letter: whether it is still to be sent, asked in the transaction that claims it.

So a letter becomes `sending` only while its subject says that it is to be sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from platform_api import work
from platform_api.database.transaction import Transaction
from platform_api.mail import rules, store
from platform_api.mail.allowance import Allowance, spend
from platform_api.mail.kinds import LetterKind, LetterKinds
from platform_api.mail.settings import MailSettings
from platform_api.mail.values import (
    Drop,
    DropReason,
    Outcome,
    Result,
    StoredLetter,
    Wait,
    Withhold,
)

AddressHash = Callable[[str], str]
"""Key of an address -> the keyed hash under which suppressions store it."""

UNKNOWN_KIND_PAUSE = timedelta(minutes=5)
"""Pause of a letter of an unknown kind, which another version of the program may know."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A letter to be sent now, or to be treated in every visible way as if it were sent.

    Attributes:
        letter: the letter.
        recipient_key: key of the address that it goes to.
        kind: its kind, which renders it.
        facts: the facts that it is rendered from.
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
    """Decides what is done with claimed letters.

    Args:
        kinds: every kind of letter.
        settings: the numbers.
        domain: domain of the Message-IDs.
        address_hash: makes the hash under which suppressions store an address.
    """

    def __init__(
        self,
        kinds: LetterKinds,
        settings: MailSettings,
        domain: str,
        address_hash: AddressHash,
    ) -> None:
        self._kinds = kinds
        self._settings = settings
        self._domain = domain
        self._address_hash = address_hash

    async def claimed(self, tx: Transaction, letter: StoredLetter) -> InHand | PutAside:
        """Take a claimed letter in hand, or put it aside, and write that. Part of the unit that claims it.

        Raises:
            Exception: any error of the letter's kind.
        """
        verdict = await self._verdict(tx, letter)
        await work.keep(tx, store.LETTERS, letter, verdict.letter)
        return verdict

    def put_off(self, letter: StoredLetter, outcome: Outcome, now: datetime, chance: float) -> StoredLetter:
        """The letter after an attempt that ended before it was in hand."""
        return rules.settle(rules.begin(letter, now, self._domain), outcome, now, self._settings, chance)

    async def _verdict(self, tx: Transaction, letter: StoredLetter) -> InHand | PutAside:
        """The letter in hand or put aside."""
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
        """The letter in hand, unless its address has got its letters of the day.

        A withheld letter runs the same statements and waits for the same limit, so that its sender cannot tell them apart.
        """
        address_hash = self._address_hash(recipient_key)
        withheld = _withheld(facts, suppressed=await store.is_suppressed(tx, address_hash))
        allowance = f"{kind.allowance} withheld" if kind.allowance and withheld else kind.allowance
        free_at = await self._spend(tx, letter, address_hash, allowance)
        if free_at is not None:
            return PutAside(rules.wait(letter, free_at, tx.now))
        told = facts.facts if isinstance(facts, Withhold) else facts
        return InHand(rules.begin(letter, tx.now, self._domain), recipient_key, kind, told, withheld)

    async def _spend(
        self, tx: Transaction, letter: StoredLetter, address_hash: str, allowance: str | None
    ) -> datetime | None:
        """Count a letter against the day of its address.

        It is counted once for all attempts. Withheld letters are counted apart: junk must not use up the day of other senders.

        Returns:
            None when it may go, else when to look again.
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


__all__ = ["UNKNOWN_KIND_PAUSE", "AddressHash", "Claiming", "InHand", "PutAside"]
