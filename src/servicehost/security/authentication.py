"""The authentication interface that the HTTP edge uses; the rest of this package implements it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from servicehost.contract.call import Cookie, Principal

Scheme = Literal["none", "bearer", "basic", "cookie", "api_key"]
"""How the sender of a request was authenticated. Browsers attach `basic` and `cookie` automatically, so only these two can be
forged by a page of another site.
"""


@dataclass(frozen=True)
class Authentication:
    """The result of authenticating a request.

    Attributes:
        principal: the authenticated caller; None without credentials or with invalid ones.
        scheme: how the caller was authenticated; "none" without credentials.
        cookies: cookies to set on the response (renewed tokens, or deletions of stale ones).
        problem: why the credentials are invalid; the message of the 401 response.
    """

    principal: Principal | None = None
    scheme: Scheme = "none"
    cookies: Sequence[Cookie] = ()
    problem: str | None = None


class Authenticator(Protocol):
    """Authenticates requests."""

    async def authenticate(self, headers: Mapping[str, str], cookies: Mapping[str, str], client: str) -> Authentication:
        """Authenticate a request by its headers (lower-case names) and cookies; `client` is the client address.

        Never raises for invalid credentials, because public operations ignore them.
        """

    async def holds_role(self, principal: Principal, role: str) -> bool:
        """Whether the principal holds the role now: a revoked role is lost at once."""


class Anonymous:
    """An authenticator for services with public operations only: it accepts no credentials."""

    async def authenticate(self, headers: Mapping[str, str], cookies: Mapping[str, str], client: str) -> Authentication:  # noqa: ARG002 - the Protocol's signature
        """Return an anonymous result for any credentials."""
        return Authentication()

    async def holds_role(self, principal: Principal, role: str) -> bool:  # noqa: ARG002 - the Protocol's signature
        """Always false."""
        return False


async def proved_by_header(
    authenticator: Authenticator, headers: Mapping[str, str], client: str
) -> Authentication | None:
    """Return the principal authenticated by a bearer token or an API key; None if the request carries no valid one.

    Cookies and Basic credentials are not passed to the authenticator, because a browser attaches them automatically.
    """
    carried = {name: headers[name] for name in ("authorization", "x-api-key") if name in headers}
    if not carried.get("authorization", "").lower().startswith("bearer "):
        carried.pop("authorization", None)
    if not carried:
        return None
    found = await authenticator.authenticate(carried, {}, client)
    return found if found.principal is not None else None


__all__ = ["Anonymous", "Authentication", "Authenticator", "Scheme", "proved_by_header"]
