"""E-mail addresses: the text is kept for sending, the key is compared. Both name one mailbox (`platform_api.foundation.mailboxes`)."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from platform_api.foundation.mailboxes import Mailbox, NotAnAddress, mailbox
from servicehost.contract.errors import FieldError, ServiceError


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address.

    Attributes:
        text: as somebody typed it, without blanks around it; `mailboxes.mailbox` makes the form that SMTP carries of it.
        key: equal for two writings of one mailbox.
    """

    text: str
    key: str


class InvalidAddress(ServiceError):
    """A member of a request should be an e-mail address and is not."""

    status = 400
    code = "Email"

    def __init__(self, field: str, reason: str) -> None:
        message = f"'{field}' is not an e-mail address. {reason}"
        super().__init__(message, fields=[FieldError(field, message, self.code)])


def parse_address(text: str, field: str = "EmailAddress") -> EmailAddress:
    """The address that `text` writes. Its domain is not looked up.

    Quoted local parts, domain literals and domains that end in a dot are refused: few need them, and their writings
    are many.

    Args:
        text: what somebody typed.
        field: the member of the request that it came in, for the refusal.

    Raises:
        InvalidAddress: it writes none.
    """
    typed = text.strip()
    try:
        return EmailAddress(typed, _checked(typed).key)
    except (NotAnAddress, EmailNotValidError) as error:
        raise InvalidAddress(field, str(error)) from error


def _checked(typed: str) -> Mailbox:
    """The mailbox of an address that passes every check. `mailbox` comes first, since it refuses what is too long.

    Raises:
        NotAnAddress: it names no mailbox, or the validator reads another one.
        EmailNotValidError: the validator refuses it.
    """
    named = mailbox(typed)
    found = validate_email(typed, check_deliverability=False, test_environment=True)
    if named.wire != f"{found.local_part}@{found.ascii_domain}":
        raise NotAnAddress("Its parts can be read in more than one way.")
    return named


__all__ = ["EmailAddress", "InvalidAddress", "parse_address"]
