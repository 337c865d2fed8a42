"""Challenges of a 401 answer: the `WWW-Authenticate` fields (RFC 9110, 11.6.1).

Programs such as curl, wget and urllib send a password only after a Basic challenge. A browser that gets one opens a
dialog, even for requests that a page's script has sent, and keeps the password until it is closed, so that nobody can
sign out. Browsers therefore get the Bearer challenge alone.
"""

from collections.abc import Mapping
from typing import Final

REALM: Final = "/api/auth/credentials"
"""The realm of every challenge; clients of ServiceStack hosts look for one."""

BASIC: Final = f'Basic realm="{REALM}"'
"""Without `charset`: old .NET clients split the value at each comma and equals sign."""

BEARER: Final = f'Bearer realm="{REALM}"'

_BROWSER_FIELDS: Final = ("origin", "x-requested-with", "sec-fetch-")
"""Beginnings of the names of fields that only browsers and their scripts send."""


def challenges(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The challenges for the client that sent these headers (lower-cased names), the preferred one first."""
    return (BEARER,) if _is_browser(headers) else (BASIC, BEARER)


def _is_browser(headers: Mapping[str, str]) -> bool:
    return headers.get("user-agent", "").startswith("Mozilla/") or any(
        name.startswith(_BROWSER_FIELDS) for name in headers
    )


__all__ = ["BASIC", "BEARER", "REALM", "challenges"]
