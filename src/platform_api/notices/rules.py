"""Which notices are mailed, and which are coalesced. Pure."""

from datetime import timedelta

from platform_api.notices.values import NoticeKind

MAILED_BY_DEFAULT = frozenset({NoticeKind.REQUESTED, NoticeKind.CONNECTED, NoticeKind.ACCEPTED, NoticeKind.REMOVED})
"""Kinds mailed to a contact without a preference: those that it waits for, or would otherwise miss."""


COALESCED = timedelta(days=1)
"""How long further acts of the same actor update an unread notice of the same kind, instead of adding one."""


def is_mailed(kind: NoticeKind, preference: bool | None) -> bool:
    """Whether a notice is mailed to a contact with this preference for its kind; None: no preference."""
    return kind in MAILED_BY_DEFAULT if preference is None else preference


__all__ = ["COALESCED", "MAILED_BY_DEFAULT", "is_mailed"]
