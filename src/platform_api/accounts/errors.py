"""Errors of accounts."""

from platform_api.foundation.tokens import Purpose
from servicehost.contract.errors import Gone, NotFound

_AFTER_USE = {
    Purpose.PASSWORD_RESET: "Sign in with the password that you chose, or ask for a new link.",
    Purpose.MAILBOX_PROOF: "Sign in with the password that you chose, or ask for a link that resets it.",
}


class UnknownLink(NotFound):
    """The token of a link is not genuine."""

    def __init__(self) -> None:
        super().__init__("This link is not valid. Copy the complete link from the email.")


class LinkExpired(Gone):
    """The link is genuine but no longer works: it has expired, or a newer one replaced it."""

    def __init__(self) -> None:
        super().__init__("This link has expired. Use the link in the newest email, or request a new one.")


class LinkUsed(Gone):
    """The link is genuine but was used already."""

    def __init__(self, purpose: Purpose) -> None:
        super().__init__(f"This link was used already. {_AFTER_USE[purpose]}")


__all__ = ["LinkExpired", "LinkUsed", "UnknownLink"]
