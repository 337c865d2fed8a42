"""Redirects people to the sign-in page when they open a page that requires one. Programs get 401."""

from typing import Any

from servicehost.addresses import Addresses, NoAddress, local_path
from servicehost.contract.messages import Request
from servicehost.http.exchange import Exchange
from servicehost.http.reply import NOSNIFF, Reply, field

SignInPage = type[Request[Any]]
"""The request of a sign-in page: public, with a member `redirect` for the path to return to."""


class UnusableSignInPage(ValueError):
    """The request passed to the host as its sign-in page is not suitable."""

    def __init__(self, page: SignInPage, reason: str) -> None:
        super().__init__(f"{page.__name__} cannot be the sign-in page: {reason}.")


class SignInRedirects:
    """Redirects to a sign-in page."""

    def __init__(self, addresses: Addresses, page: SignInPage | None) -> None:
        """Set the page; None disables redirects.

        Raises:
            UnusableSignInPage: the page requires a sign-in itself, has no member `redirect`, or is not served.
        """
        self._addresses = addresses
        self._page = page
        if page is not None:
            _check(addresses, page)

    def reply_to(self, exchange: Exchange) -> Reply | None:
        """The redirect for a person who is not signed in; None for programs and for everything else."""
        endpoint = exchange.endpoint
        if self._page is None or endpoint is None or not endpoint.authenticated or exchange.principal is not None:
            return None
        if not _is_navigation(exchange):
            return None
        fields = [field("Location", self._location(self._page, exchange)), field("Cache-Control", "no-store"), NOSNIFF]
        return Reply(302, [*fields, field("Vary", "Accept, Authorization, Cookie, Sec-Fetch-Mode")])

    def _location(self, page: SignInPage, exchange: Exchange) -> str:
        """The address of the sign-in page, with the path to return to if it is one of this host."""
        query = exchange.query_string.decode("latin-1")
        path = self._addresses.public_path(exchange.path)
        redirect = local_path(f"{path}?{query}" if query else path, "")
        try:
            return self._addresses.path_of(page(redirect=redirect))
        except NoAddress:  # the path is too long for the member
            return self._addresses.path_of(page())


def _check(addresses: Addresses, page: SignInPage) -> None:
    if page.access.authenticated:
        raise UnusableSignInPage(page, "it requires a sign-in; declare `access = Public`")
    if page.changes_state:
        raise UnusableSignInPage(page, "it does not support GET; declare `changes_state = False`")
    if "redirect" not in page.__struct_fields__:
        raise UnusableSignInPage(page, "it has no member `redirect`; declare `redirect: str | None = None`")
    try:
        addresses.path_of(page())
    except (NoAddress, TypeError) as error:
        raise UnusableSignInPage(
            page, f"it has no address ({error}); serve it, with defaults for its members"
        ) from error


def _is_navigation(exchange: Exchange) -> bool:
    """Whether a person opens the address in a browser. A script would follow the redirect without noticing."""
    headers = exchange.headers
    return (
        exchange.method in ("GET", "HEAD")
        and "text/html" in headers.get("accept", "").lower()
        and "authorization" not in headers
        and headers.get("sec-fetch-mode", "navigate") == "navigate"
    )


__all__ = ["SignInPage", "SignInRedirects", "UnusableSignInPage"]
