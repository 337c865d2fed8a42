"""E-mail addresses: the text is kept for sending, the key is compared."""

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from servicehost.contract.errors import FieldError, ServiceError


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address.

    Attributes:
        text: as somebody typed it, without blanks around it; mail goes there.
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

    Args:
        text: what somebody typed.
        field: the member of the request that it came in, for the refusal.

    Raises:
        InvalidAddress: it writes none.
    """
    typed = text.strip()
    try:
        found = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise InvalidAddress(field, str(error)) from error
    return EmailAddress(typed, _key(found))


def _key(found: ValidatedEmail) -> str:
    """Lower-cased domain, casefolded local part. Dots and plus signs are part of an address: only its owner knows."""
    local_part = unicodedata.normalize("NFC", found.local_part.casefold())
    return f"{local_part}@{found.ascii_domain.lower()}"


__all__ = ["EmailAddress", "InvalidAddress", "parse_address"]
