"""Which notices also go by mail, and which become one. Pure."""

from datetime import timedelta

from platform_api.notices.values import NoticeKind

MAILED_BY_DEFAULT = frozenset({NoticeKind.REQUESTED, NoticeKind.CONNECTED, NoticeKind.ACCEPTED, NoticeKind.REMOVED})
"""What goes by mail to a contact that has chosen nothing: what it waits for, and what it would miss."""


COALESCED = timedelta(days=1)
"""How long an unread notice stands for what the same contact does again: one notice and one mail of a kind."""


def goes_by_mail(kind: NoticeKind, chosen: bool | None) -> bool:
    """Whether a notice goes by mail to a contact that has `chosen` so, or not, or nothing (None)."""
    return kind in MAILED_BY_DEFAULT if chosen is None else chosen


__all__ = ["COALESCED", "MAILED_BY_DEFAULT", "goes_by_mail"]
