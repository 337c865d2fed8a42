"""The periodic units of mail: letters of dead workers, old addresses, old mails of the built-in mailbox."""

from datetime import timedelta

from platform_api import work
from platform_api.database.transaction import Transaction
from platform_api.mail import rules, store
from platform_api.mail.settings import MailSettings
from platform_api.mail.tables import letters, mailbox
from platform_api.schedule import LatestInstant, PeriodicUnit

BATCH = 200
"""Number of rows that one unit changes at most, so that transactions stay short."""


def periodic_units(settings: MailSettings) -> tuple[PeriodicUnit, ...]:
    """The periodic units of mail."""
    upkeep = Upkeep(settings)
    lookout = min(timedelta(minutes=1), settings.lease or timedelta(minutes=1))
    return (
        PeriodicUnit("recover abandoned letters", lookout, upkeep.recover),
        PeriodicUnit("forget recipients of letters", timedelta(hours=6), upkeep.forget_recipients),
        PeriodicUnit("purge the mailbox", timedelta(hours=6), upkeep.purge_mailbox),
    )


def latest_instants(lease: timedelta) -> tuple[LatestInstant, ...]:
    """The latest instants of letters and of the built-in mailbox.

    A letter that waits becomes due now: its wait is decided again, by the corrected clock.

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
    """The units, with their settings."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def recover(self, tx: Transaction) -> bool:
        """Recover letters of workers that count as dead: each may have been sent, and is tried once more."""
        return await work.recover(tx, store.LETTERS, lambda letter, now: rules.abandoned(letter, now, self._settings))

    async def forget_recipients(self, tx: Transaction) -> bool:
        """Purge the addresses of letters that were finished long ago: strangers among them agreed to nothing."""
        before = tx.now - self._settings.forget_recipients_after
        return await store.purge_addresses(tx, before, BATCH) == BATCH

    async def purge_mailbox(self, tx: Transaction) -> bool:
        """Delete the mails of the built-in mailbox that are old."""
        return await store.purge_mailbox(tx, tx.now - self._settings.mailbox_life, BATCH) == BATCH


__all__ = ["BATCH", "Upkeep", "latest_instants", "periodic_units"]
