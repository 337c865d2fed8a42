"""The periodic units of the outbox: letters of dead workers, addresses and mails that were kept long enough."""

from datetime import timedelta

from platform_api.database.transaction import Transaction
from platform_api.mail import rules, store
from platform_api.mail.tables import letters, mailbox
from platform_api.mail.values import MailSettings
from platform_api.schedule import LatestInstant, PeriodicUnit

BATCH = 200
"""Rows that one unit changes at most, so that no transaction grows long."""


def periodic_units(settings: MailSettings) -> tuple[PeriodicUnit, ...]:
    """What the schedule is to run for the outbox."""
    upkeep = Upkeep(settings)
    lookout = min(timedelta(minutes=1), settings.lease or timedelta(minutes=1))
    return (
        PeriodicUnit("recover abandoned letters", lookout, upkeep.recover),
        PeriodicUnit("forget recipients of letters", timedelta(hours=6), upkeep.forget_recipients),
        PeriodicUnit("purge the mailbox", timedelta(hours=6), upkeep.purge_mailbox),
    )


def latest_instants(lease: timedelta) -> tuple[LatestInstant, ...]:
    """The latest instants of letters and of the built-in mailbox.

    A letter that waits is looked at now: whatever makes it wait is decided again, by the clock as it is.

    Args:
        lease: how long one attempt may take before its worker counts as dead.
    """
    return (
        LatestInstant(letters.c.due_at),
        LatestInstant(letters.c.lease_until, lease),
        LatestInstant(letters.c.settled_at),
        LatestInstant(mailbox.c.stored_at),
    )


class Upkeep:
    """The units, with the numbers that they need."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def recover(self, tx: Transaction) -> bool:
        """Take letters from workers that count as dead: each may have gone out, and is tried once more."""
        found = await store.abandoned(tx, BATCH)
        for letter in found:
            await store.keep(tx, letter, rules.abandoned(letter, tx.now, self._settings))
        return len(found) == BATCH

    async def forget_recipients(self, tx: Transaction) -> bool:
        """Forget the addresses of letters that were finished long ago; strangers among them agreed to nothing."""
        before = tx.now - self._settings.forget_recipients_after
        return await store.purge_addresses(tx, before, BATCH) == BATCH

    async def purge_mailbox(self, tx: Transaction) -> bool:
        """Delete the mails of the built-in mailbox that are old."""
        return await store.purge_mailbox(tx, tx.now - self._settings.mailbox_life, BATCH) == BATCH


__all__ = ["BATCH", "Upkeep", "latest_instants", "periodic_units"]
