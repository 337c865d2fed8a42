"""Which registration the proof of a mailbox completes. Pure.

The person who registers an address need not be its owner, but the one who follows the mailed link is. So the password typed on the
page decides: the password of an open registration completes that registration, and any other becomes the password of the
registration that the page shows, the newest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import compress

from platform_api.accounts.messages import VerifyMailbox
from platform_api.accounts.rules import password_errors
from platform_api.accounts.values import NewAccount, Proof, Registration
from platform_api.contacts.rules import clean
from platform_api.contacts.values import Profile
from servicehost.contract.errors import FieldError, InvalidFields
from servicehost.contract.scalars import EMPTY_GUID


def checked_password(message: VerifyMailbox, proof: Proof) -> str:
    """The password that the reader of the link typed.

    Raises:
        InvalidFields: the password is missing or not acceptable, or a name is empty; every such member is named.
    """
    address = proof.registrations[0].account.address
    errors = [*password_errors("Password", message.password, address), *_name_errors(message)]
    if errors or not message.password:
        raise InvalidFields("VerifyMailbox", errors)
    return message.password


def completed_account(message: VerifyMailbox, proof: Proof, matches: Sequence[bool], password_hash: str) -> NewAccount:
    """The account that a proof creates.

    Args:
        message: the proof, with corrections from the page.
        proof: the registrations that it may complete.
        matches: for each open registration, whether the typed password is that of the registration.
        password_hash: hash of the typed password.
    """
    matched = next(compress(proof.registrations, matches), None)
    shown = next((each for each in proof.registrations if each.id == message.registration_id), None)
    chosen = matched or shown or proof.registrations[0]
    account = chosen.account
    return NewAccount(
        address=account.address,
        password_hash=account.password_hash if matched else password_hash,
        profile=_corrected(account.profile, message, matched, shown),
        business=account.business if _keeps_organisation(message, matched, shown) else None,
    )


def _corrected(
    profile: Profile, message: VerifyMailbox, matched: Registration | None, shown: Registration | None
) -> Profile:
    """The profile with the names from the form, unless the form only returned the names of another registration."""
    if message.first_name is None and message.surname is None:
        return profile
    if matched is not None and _is_unchanged(message, shown):
        return profile
    first_name = profile.first_name if message.first_name is None else clean(message.first_name)
    surname = profile.surname if message.surname is None else clean(message.surname)
    return replace(profile, first_name=first_name, surname=surname)


def _is_unchanged(message: VerifyMailbox, shown: Registration | None) -> bool:
    """Whether the names may be those that the page showed. The registration shown need not be the matching one."""
    if shown is None:
        return _names_registration(message)
    profile = shown.account.profile
    typed = (clean(message.first_name), clean(message.surname))
    return typed == (profile.first_name, profile.surname)


def _keeps_organisation(message: VerifyMailbox, matched: Registration | None, shown: Registration | None) -> bool:
    """Whether the organisation is created: never one that the page could not show because it was registered later."""
    if matched is not None and matched is not shown and _names_registration(message):
        return True
    seen = matched is not None or shown is not None or not _names_registration(message)
    return seen and not message.drop_organisation


def _names_registration(message: VerifyMailbox) -> bool:
    """Whether the message comes from the page, which names the registration that it showed."""
    return message.registration_id != EMPTY_GUID


def _name_errors(message: VerifyMailbox) -> Iterator[FieldError]:
    if message.first_name is not None and clean(message.first_name) is None:
        yield FieldError("FirstName", "'FirstName' is empty.", "NotEmpty")


__all__ = ["checked_password", "completed_account"]
