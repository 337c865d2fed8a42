"""Required contents of a registration, and acceptable passwords. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from platform_api.accounts.messages import PasswordReset, RegisterNewUser
from platform_api.accounts.values import Applicant
from platform_api.contacts.errors import WrongValue
from platform_api.contacts.messages import SaveUserProfile
from platform_api.contacts.rules import clean, profile_from
from platform_api.contacts.time_zones import time_zone
from platform_api.contacts.values import Profile
from platform_api.identity.errors import InvalidAddress
from platform_api.identity.rules import parse_address
from platform_api.identity.values import EmailAddress
from servicehost.contract import lengths
from servicehost.contract.errors import FieldError, InvalidFields
from servicehost.contract.scalars import Guid

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = lengths.PASSWORD


def applicant(message: RegisterNewUser) -> Applicant:
    """Parse a registration.

    Raises:
        InvalidFields: members are missing or invalid; every such member is named.
    """
    errors: list[FieldError] = []
    address = _address(message, errors)
    errors += password_errors("Password", message.password, address)
    errors += confirmation_errors("Password", message.password, "ConfirmPassword", message.confirm_password)
    errors += _name_errors(message)
    profile = _profile(message, errors)
    business = _business(message.business_profile, errors) if message.business_profile else None
    if errors or address is None or message.password is None:
        raise InvalidFields("RegisterNewUser", errors)
    return Applicant(address, message.password, profile, business, message.token or None)


def password_errors(field: str, password: str | None, address: EmailAddress | None) -> Iterator[FieldError]:
    """The errors of a new password.

    Args:
        field: the member with the password.
        password: the password as typed.
        address: the address of the account; None while it is not known.
    """
    if not password:
        yield FieldError(
            field, f"'{field}' is empty. Choose one of {SHORTEST_PASSWORD} characters or more.", "NotEmpty"
        )
        return
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        yield FieldError(
            field, f"'{field}' has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, not {len(password)}.", "Length"
        )
    if address is not None and password.strip().casefold() in (address.text.casefold(), address.key):
        yield FieldError(field, f"'{field}' is the e-mail address, which others know. Choose another.", "NotEqual")


def confirmation_errors(
    field: str, password: str | None, confirm_field: str, confirmation: str | None
) -> Iterator[FieldError]:
    """The error of a password that is not repeated exactly. The repetition may be missing.

    Args:
        field: the member with the password.
        password: the password as typed.
        confirm_field: the member that repeats the password.
        confirmation: the repetition; None if it was not given.
    """
    if password and confirmation is not None and confirmation != password:
        yield FieldError(confirm_field, f"'{confirm_field}' is not the same as '{field}'.", "Equal")


def check_reset(message: PasswordReset, address: EmailAddress | None = None) -> None:
    """Check the members of a password reset.

    Raises:
        InvalidFields: members are missing or invalid; every such member is named.
    """
    errors = [
        *(
            []
            if message.token
            else [FieldError("Token", "'Token' is empty. It is in the link of the mail.", "NotEmpty")]
        ),
        *password_errors("NewPassword", message.new_password, address),
        *confirmation_errors("NewPassword", message.new_password, "ConfirmPassword", message.confirm_password),
    ]
    if errors:
        raise InvalidFields("PasswordReset", errors)


def _address(message: RegisterNewUser, errors: list[FieldError]) -> EmailAddress | None:
    typed = message.email_address or message.email or message.user_name
    if not typed:
        errors.append(FieldError("EmailAddress", "'EmailAddress' is empty.", "NotEmpty"))
        return None
    try:
        return parse_address(typed)
    except InvalidAddress as wrong:
        errors += wrong.fields
        return None


def _names(message: RegisterNewUser) -> tuple[str | None, str | None]:
    """First name and surname. A display name without its parts becomes the first name."""
    first, surname = clean(message.first_name), clean(message.surname or message.last_name)
    if first is None and surname is None:
        return clean(message.display_name), None
    return first, surname


def _name_errors(message: RegisterNewUser) -> Iterator[FieldError]:
    first, surname = _names(message)
    whole = first is not None and message.first_name is None
    if first is None:
        yield FieldError("FirstName", "'FirstName' is empty.", "NotEmpty")
    if surname is None and not whole:
        yield FieldError("Surname", "'Surname' is empty.", "NotEmpty")


def _profile(message: RegisterNewUser, errors: list[FieldError]) -> Profile:
    first, surname = _names(message)
    zone: Guid | None = None
    try:
        zone = time_zone(message.timezone)
    except WrongValue as wrong:
        errors += wrong.fields
    return Profile(
        first_name=first,
        surname=surname,
        description=message.description or None,
        employment_industry=clean(message.employment_industry),
        employment_role=clean(message.employment_role),
        employment_geographic_area=clean(message.employment_geographic_area),
        timezone_id=zone,
    )


def _business(message: SaveUserProfile, errors: list[FieldError]) -> Profile | None:
    prefix = "BusinessProfile."
    if not (clean(message.trading_name) or clean(message.legal_name)):
        field = f"{prefix}TradingName"
        errors.append(
            FieldError(field, f"'{field}' is empty. An organisation needs a trading or legal name.", "NotEmpty")
        )
    try:
        return profile_from(message)
    except WrongValue as wrong:
        errors += [replace(error, field=prefix + error.field) for error in wrong.fields]
        return None


__all__ = [
    "LONGEST_PASSWORD",
    "SHORTEST_PASSWORD",
    "applicant",
    "check_reset",
    "confirmation_errors",
    "password_errors",
]
