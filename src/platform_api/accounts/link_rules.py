"""When the next letter with a link is queued, and which link works. Pure.

Anyone can request links to any address. So each address has one link of each purpose, and a request neither
invalidates nor uses up anything: it mails the same link again, with growing gaps between the letters. A request within a
gap is served by the previous letter, whose link works for longer than the gap.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from platform_api.accounts.errors import LinkExpired, LinkUsed
from platform_api.accounts.settings import AccountSettings
from platform_api.accounts.values import AccountLink
from platform_api.foundation.waiting import NO_WAIT, wait_after


def requested(
    before: AccountLink | None,
    new: AccountLink,
    changed_at: datetime | None,
    now: datetime,
    settings: AccountSettings,
) -> AccountLink:
    """The link after a request. A letter is to be queued if and only if `letters` has grown.

    Args:
        before: the stored link; None at the first request.
        new: the link to store at the first request.
        changed_at: when the password of the address's user was last changed; None without a user, and for proofs.
        now: the time.
        settings: lifetimes and gaps.
    """
    if before is None:
        return new
    if not is_current(before, changed_at):
        # Only the owner can use the link or change the password, so the gaps begin anew.
        return replace(_next_version(before, now), letters=before.letters + 1, streak=1, lettered_at=now, asked_at=now)
    if wait_after(before.lettered_at, _gap(before, settings), now) > NO_WAIT:
        return replace(before, asked_at=now)
    link = before if is_open(before, changed_at, now, settings) else _next_version(before, now)
    streak = 1 if now - before.asked_at >= settings.quiet else before.streak + 1
    return replace(link, letters=before.letters + 1, streak=streak, lettered_at=now, asked_at=now)


def is_current(link: AccountLink, changed_at: datetime | None) -> bool:
    """Whether the version was neither used nor overtaken by a new password; it may have expired."""
    return link.used_version != link.version and (changed_at is None or changed_at <= link.issued_at)


def is_open(link: AccountLink, changed_at: datetime | None, now: datetime, settings: AccountSettings) -> bool:
    """Whether the current version works. Its lifetime begins when it is sent, however late that is."""
    expired = link.sent_at is not None and now >= link.sent_at + settings.life(link.purpose)
    return is_current(link, changed_at) and not expired


def was_used(link: AccountLink | None, version: int) -> bool:
    """Whether this version was the last to be used: its request may be a repetition."""
    return link is not None and link.used_version == version


def check(
    link: AccountLink | None, version: int, changed_at: datetime | None, now: datetime, settings: AccountSettings
) -> AccountLink:
    """The link of a genuine token with this version, if it works.

    Raises:
        LinkUsed: it was used.
        LinkExpired: it has expired, a newer one replaced it, or the password was changed since.
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


__all__ = ["check", "is_current", "is_open", "requested", "was_used"]
