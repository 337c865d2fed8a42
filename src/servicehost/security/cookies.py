"""The cookies of a session, by the names that ServiceStack's clients know.

| cookie | holds |
|---|---|
| `ss-tok` | the access token |
| `ss-reftok` | the refresh token, replaced at each use |
| `ss-id`, `ss-pid` | for clients that keep tokens: the session's id, no credential. For the others: the secret that proves the session. `ss-pid` stays when the browser is closed, if the session is remembered |
| `ss-opt` | `perm` when the session is remembered, else `temp` |

They have Max-Age and never Expires: a published client splits Set-Cookie at the comma of its date.
"""

from collections.abc import Mapping
from datetime import timedelta

from servicehost.contract.call import Cookie, Cookies

ACCESS, REFRESH = "ss-tok", "ss-reftok"
SESSION, PERMANENT_SESSION, OPTIONS = "ss-id", "ss-pid", "ss-opt"
ALL = (SESSION, PERMANENT_SESSION, OPTIONS, ACCESS, REFRESH)

ANNOUNCEMENT: Mapping[str, str] = {"X-Cookies": f"{ACCESS},{REFRESH}"}
"""The header by which a browser's client learns that there are token cookies, which it cannot read."""

_SECRET_LENGTH = 43
_MOST_TRIED = 4
"""How many cookies of one name are tried: each may cost a question to the database."""


def is_browser(headers: Mapping[str, str]) -> bool:
    """Whether the headers are a browser's. Node's fetch sends `Sec-Fetch-Mode` too, but no site and no Mozilla."""
    return "sec-fetch-site" in headers or "origin" in headers or headers.get("user-agent", "").startswith("Mozilla/")


def session_cookies(value: str, *, remembered: bool, life: timedelta) -> list[Cookie]:
    """The cookies that name a session, or prove it when `value` is its secret."""
    kept = _seconds(life) if remembered else None
    return [
        Cookie(SESSION, value),
        Cookie(PERMANENT_SESSION, value, max_age=kept),
        Cookie(OPTIONS, "perm" if remembered else "temp", max_age=kept),
    ]


def access_cookie(token: str, *, remembered: bool, life: int) -> Cookie:
    """The cookie that carries an access token."""
    return Cookie(ACCESS, token, max_age=life if remembered else None)


def refresh_cookie(token: str, *, remembered: bool, life: timedelta) -> Cookie:
    """The cookie that carries a refresh token."""
    return Cookie(REFRESH, token, max_age=_seconds(life) if remembered else None)


def deletions(*names: str) -> list[Cookie]:
    """Cookies that delete those of these names."""
    return [Cookie(name, "", max_age=0) for name in names]


def values(cookies: Mapping[str, str], name: str) -> list[str]:
    """The values of the cookies of this name that are worth trying, the last first; mostly one, or none."""
    if isinstance(cookies, Cookies):
        return [value for value in cookies.every(name) if value][:_MOST_TRIED]
    value = cookies.get(name)
    return [value] if value else []


def session_secrets(cookies: Mapping[str, str]) -> list[str]:
    """The secrets that may prove a session, among what the cookies carry."""
    carried = [*values(cookies, SESSION), *values(cookies, PERMANENT_SESSION)]
    return list(dict.fromkeys(value for value in carried if len(value) == _SECRET_LENGTH))


def _seconds(life: timedelta) -> int:
    return int(life.total_seconds())


__all__ = [
    "ACCESS",
    "ALL",
    "ANNOUNCEMENT",
    "OPTIONS",
    "PERMANENT_SESSION",
    "REFRESH",
    "SESSION",
    "access_cookie",
    "deletions",
    "is_browser",
    "refresh_cookie",
    "session_cookies",
    "session_secrets",
    "values",
]
