"""In-app notices, and the preferences that decide which of them are mailed too."""

from platform_api.notices.posting import post, wants_mail
from platform_api.notices.store import erase, get_notice, latest_notices, merge, prefer
from platform_api.notices.values import Notice, NoticeKind, PostedNotice

__all__ = [
    "Notice",
    "NoticeKind",
    "PostedNotice",
    "erase",
    "get_notice",
    "latest_notices",
    "merge",
    "post",
    "prefer",
    "wants_mail",
]
