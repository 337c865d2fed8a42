"""Session cookies, with the names that ServiceStack clients know.

| cookie | contents |
|---|---|
| `ss-tok` | access token |
| `ss-reftok` | refresh token, replaced at each use |
| `ss-id`, `ss-pid` | for clients that keep tokens, the session id, which is not a credential; for others, the secret that authenticates the session. `ss-pid` survives closing the browser if the session is remembered |
| `ss-opt` | `perm` if the session is remembered, otherwise `temp` |

They have Max-Age and never Expires: a published client splits Set-Cookie at the comma of the date.
"""

from collections.abc import Mapping
from datetime import timedelta

from servicehost.contract.call import Cookie, Cookies

ACCESS, REFRESH = "ss-tok", "ss-reftok"
SESSION, PERMANENT_SESSION, OPTIONS = "ss-id", "ss-pid", "ss-opt"
ALL = (SESSION, PERMANENT_SESSION, OPTIONS, ACCESS, REFRESH)

ANNOUNCEMENT: Mapping[str, str] = {"X-Cookies": f"{ACCESS},{REFRESH}"}
"""Header that tells a browser's client that token cookies exist, which it cannot read."""

_SECRET_LENGTH = 43
_MOST_TRIED = 4
"""Maximum number of cookies tried per name, since each may cost a database query."""


def is_browser(headers: Mapping[str, str]) -> bool:
    """Whether a browser sent the headers. Node's fetch sends `Sec-Fetch-Mode` too, but no site and no Mozilla user agent."""
    return "sec-fetch-site" in headers or "origin" in headers or headers.get("user-agent", "").startswith("Mozilla/")


def session_cookies(value: str, *, remembered: bool, life: timedelta) -> list[Cookie]:
    """Return the cookies that name a session, or authenticate it if `value` is its secret."""
    kept = _seconds(life) if remembered else None
    return [
        Cookie(SESSION, value),
        Cookie(PERMANENT_SESSION, value, max_age=kept),
        Cookie(OPTIONS, "perm" if remembered else "temp", max_age=kept),
    ]


def access_cookie(token: str, *, remembered: bool, life: int) -> Cookie:
    """Return the cookie with an access token."""
    return Cookie(ACCESS, token, max_age=life if remembered else None)


def refresh_cookie(token: str, *, remembered: bool, life: timedelta) -> Cookie:
    """Return the cookie with a refresh token."""
    return Cookie(REFRESH, token, max_age=_seconds(life) if remembered else None)


def deletions(*names: str) -> list[Cookie]:
    """Return cookies that delete those with these names."""
    return [Cookie(name, "", max_age=0) for name in names]


def values(cookies: Mapping[str, str], name: str) -> list[str]:
    """Return the values of the cookies with this name that are worth trying, the last one first."""
    if isinstance(cookies, Cookies):
        return [value for value in cookies.every(name) if value][:_MOST_TRIED]
    value = cookies.get(name)
    return [value] if value else []


def session_secrets(cookies: Mapping[str, str]) -> list[str]:
    """Return the session secrets among the cookies."""
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
