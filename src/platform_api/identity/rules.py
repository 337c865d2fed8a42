"""How texts become addresses and sign-in names. Pure.

The text of an address is kept for sending and its key is used for comparison; both name the same mailbox
(`platform_api.foundation.mailboxes`).
"""

from email_validator import EmailNotValidError, validate_email

from platform_api.foundation.mailboxes import Mailbox, NotAnAddress, mailbox
from platform_api.identity.errors import InvalidAddress
from platform_api.identity.values import EmailAddress


def parse_address(text: str, field: str = "EmailAddress") -> EmailAddress:
    """Parse an e-mail address. Its domain is not looked up.

    Quoted local parts, domain literals and domains with a trailing dot are refused: they are rare, and the same mailbox
    could be written in many ways.

    Args:
        text: the address as typed.
        field: the member of the request that holds it, for the error.

    Raises:
        InvalidAddress: the text is not an address.
    """
    typed = text.strip()
    try:
        return EmailAddress(typed, _checked(typed).key)
    except (NotAnAddress, EmailNotValidError) as error:
        raise InvalidAddress(field, str(error)) from error


def sign_in_key(user_name: str) -> str:
    """The key under which a user name is looked up and its failures are counted: that of the address, if it is one."""
    try:
        return parse_address(user_name).key
    except InvalidAddress:
        return user_name.strip()


def _checked(typed: str) -> Mailbox:
    """The mailbox of an address that passes every check. `mailbox` runs first, since it refuses texts that are too long.

    Raises:
        NotAnAddress: the text names no mailbox, or the validator reads a different one.
        EmailNotValidError: the validator refuses it.
    """
    named = mailbox(typed)
    found = validate_email(typed, test_environment=True)  # no DNS look-up; `.test` is allowed
    if named.wire != f"{found.local_part}@{found.ascii_domain}":
        raise NotAnAddress("Its parts can be read in more than one way.")
    return named


__all__ = ["parse_address", "sign_in_key"]
