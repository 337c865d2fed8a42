"""The daily letters of an address, and the share of them that one sender can use.

The first letters of a sender count against the day of the address: they are its share. Its further letters may use
what is left of the day, but are counted apart, so that they take nothing from other senders. So a flood from one sender
delays its own letters and no others. A sender is both the person who acts and the contact acted for; the one that has
sent more counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from platform_api import limits
from platform_api.database.transaction import Transaction
from platform_api.limits import Quota, Spent
from servicehost.contract.scalars import Guid

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The day of an address for one letter.

    Attributes:
        name: name of the counter.
        address_hash: hash of the address, which is the key of the counter.
        sent_by: the person who had the letter sent; None for a letter of the platform.
        sent_for: the contact that the person acted for.
        limit: number of letters that the address gets in a day.
        share: number of letters of one sender that count against the limit; None for all of them.
    """

    name: str
    address_hash: str
    sent_by: Guid | None
    sent_for: Guid | None
    limit: int
    share: int | None

    @property
    def shared(self) -> Quota:
        """The counter of the letters that count against the day of the address."""
        return Quota(self.name, None, DAY)

    @property
    def beyond(self) -> Quota:
        """The counter of the letters beyond their senders' shares."""
        return Quota(f"{self.name} beyond a share", None, DAY)

    @property
    def senders(self) -> Mapping[Quota, str]:
        """The counters of the senders' shares, with their keys."""
        ends = (("by a person", self.sent_by), ("for a contact", self.sent_for))
        return {Quota(f"{self.name} {how}", None, DAY): f"{self.address_hash} {end}" for how, end in ends if end}


async def spend(tx: Transaction, allowance: Allowance) -> datetime | None:
    """Count a letter.

    Returns:
        None when it may be sent now, else when to look again.
    """
    own, both = allowance.senders, dict.fromkeys((allowance.shared, allowance.beyond), allowance.address_hash)
    spent = await limits.spent(tx, {**both, **own})
    sent = max((spent[quota] for quota in own), key=lambda each: each.amount, default=Spent(0, tx.now))
    shared, beyond = spent[allowance.shared], spent[allowance.beyond]
    if allowance.share is None or sent.amount < allowance.share:
        if shared.amount >= allowance.limit:
            return shared.ends_at
        await limits.spend_each(tx, {allowance.shared: allowance.address_hash, **own})
        return None
    if shared.amount + beyond.amount >= allowance.limit:
        return min(each.ends_at for each in (sent, shared, beyond) if each.amount)
    await limits.spend_each(tx, {allowance.beyond: allowance.address_hash})
    return None


__all__ = ["DAY", "Allowance", "spend"]
