"""Decisions about the links that are mailed to an address: when the next letter leaves, and which link works. Pure.

Strangers can ask for links to anybody's address. So an address has one link of each purpose; asking for it again neither
makes it void nor uses anything up: it only mails the same link again, with growing gaps between the letters. A request
within a gap is served by the letter before it, whose link works for longer than the gap.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from platform_api.accounts.errors import LinkExpired, LinkUsed
from platform_api.accounts.values import AccountLink, AccountSettings
from platform_api.foundation.tokens import Purpose
from platform_api.foundation.waiting import NO_WAIT, wait_after
from servicehost.contract.scalars import Guid


def asked(
    before: AccountLink | None,
    first: tuple[Guid, Purpose, str],
    changed_at: datetime | None,
    now: datetime,
    settings: AccountSettings,
) -> AccountLink:
    """The link after it was asked for. A letter is to be queued if and only if `letters` has grown.

    Args:
        before: the link as it is.
        first: the id, purpose and address key of a new one.
        changed_at: when the password of the address's user was last changed; None for nobody, and for proofs.
        now: the time.
        settings: lives and gaps.
    """
    if before is None:
        id_, purpose, address_key = first
        return AccountLink(id_, purpose, address_key, 1, 1, 1, lettered_at=now, asked_at=now, issued_at=now)
    if not counts(before, changed_at):
        # Its owner used it or changed the password, which no stranger can do: the gaps begin anew.
        return replace(_next_version(before, now), letters=before.letters + 1, streak=1, lettered_at=now, asked_at=now)
    if wait_after(before.lettered_at, _gap(before, settings), now) > NO_WAIT:
        return replace(before, asked_at=now)
    link = before if is_open(before, changed_at, now, settings) else _next_version(before, now)
    streak = 1 if now - before.asked_at >= settings.quiet else before.streak + 1
    return replace(link, letters=before.letters + 1, streak=streak, lettered_at=now, asked_at=now)


def counts(link: AccountLink, changed_at: datetime | None) -> bool:
    """Whether the current version was neither used nor overtaken by a new password; it may have expired."""
    return link.used_version != link.version and (changed_at is None or changed_at <= link.issued_at)


def is_open(link: AccountLink, changed_at: datetime | None, now: datetime, settings: AccountSettings) -> bool:
    """Whether the current version of a link works. Its life begins when it is sent, however late that is."""
    expired = link.sent_at is not None and now >= link.sent_at + settings.life(link.purpose)
    return counts(link, changed_at) and not expired


def was_used(link: AccountLink | None, version: int) -> bool:
    """Whether a version of a link is the one that was used last: the same request may come again."""
    return link is not None and link.used_version == version


def check(
    link: AccountLink | None, version: int, changed_at: datetime | None, now: datetime, settings: AccountSettings
) -> AccountLink:
    """The link that a genuine token of a version belongs to, when it works.

    Raises:
        LinkUsed: it was used.
        LinkExpired: its time is over, or a newer one took its place, or the password was changed since.
    """
    if link is not None and was_used(link, version):
        raise LinkUsed(link.purpose)
    if link is None or link.version != version or not is_open(link, changed_at, now, settings):
        raise LinkExpired
    return link


def _next_version(link: AccountLink, now: datetime) -> AccountLink:
    return replace(link, version=link.version + 1, issued_at=now, sent_at=None)


def _gap(link: AccountLink, settings: AccountSettings) -> timedelta:
    """The least time between the latest letter and the next."""
    if not settings.gaps:
        return timedelta(0)
    return settings.gaps[min(link.streak, len(settings.gaps)) - 1]


__all__ = ["asked", "check", "counts", "is_open", "was_used"]
