"""What the HTTP edge asks of authentication; the mechanism behind it is the rest of this room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from servicehost.contract.call import Cookie, Principal

Scheme = Literal["none", "bearer", "basic", "cookie", "api_key"]
"""How a request proved who sends it. Browsers attach `basic` and `cookie` by themselves, so only those can be forged
from a page of another site."""


@dataclass(frozen=True)
class Authentication:
    """Who a request comes from.

    Attributes:
        principal: None when there are no credentials, or none that hold.
        scheme: how it was proved; "none" without credentials.
        cookies: to be set on the answer (a token that was renewed, or stale ones to delete).
        problem: why credentials that were sent do not hold; the message of the 401.
    """

    principal: Principal | None = None
    scheme: Scheme = "none"
    cookies: Sequence[Cookie] = ()
    problem: str | None = None


class Authenticator(Protocol):
    """Finds out who sends a request."""

    async def authenticate(self, headers: Mapping[str, str], cookies: Mapping[str, str], client: str) -> Authentication:
        """Who sends a request with these headers (lower-cased names) and cookies from this client address.

        Never raises for bad credentials: operations that anybody may call ignore them.
        """

    async def holds_role(self, principal: Principal, role: str) -> bool:
        """Whether the principal holds the role now: a withdrawal takes effect at once."""


class Anonymous:
    """An authenticator for services whose operations are all public: it accepts no credentials."""

    async def authenticate(self, headers: Mapping[str, str], cookies: Mapping[str, str], client: str) -> Authentication:  # noqa: ARG002 - the Protocol's signature
        """Nobody, whatever credentials the request carries."""
        return Authentication()

    async def holds_role(self, principal: Principal, role: str) -> bool:  # noqa: ARG002 - the Protocol's signature
        """Whether the principal holds the role: never."""
        return False


async def proved_by_header(
    authenticator: Authenticator, headers: Mapping[str, str], client: str
) -> Authentication | None:
    """The principal that a bearer token or an API key proves; None if the request carries no valid one.

    Cookies and Basic credentials are not even shown to the authenticator: a browser attaches them by itself.
    """
    carried = {name: headers[name] for name in ("authorization", "x-api-key") if name in headers}
    if not carried.get("authorization", "").lower().startswith("bearer "):
        carried.pop("authorization", None)
    if not carried:
        return None
    found = await authenticator.authenticate(carried, {}, client)
    return found if found.principal is not None else None


__all__ = ["Anonymous", "Authentication", "Authenticator", "Scheme", "proved_by_header"]
