"""Decisions about contacts: the name of a contact, and the profile that a message describes."""

import unicodedata

import msgspec

from platform_api.contacts.errors import DetailTooLong, ProfileTooLarge
from platform_api.contacts.messages import AddressModel, ContactDetailModel, PhoneModel, SaveUserProfile
from platform_api.contacts.time_zones import time_zone
from platform_api.contacts.values import Profile
from platform_api.foundation.well_known import CONTACT_METHOD_IDS, ContactMethod
from servicehost.contract import lengths
from servicehost.contract.scalars import EMPTY_GUID

UNNAMED = "Unnamed"
"""The name of a contact that has no other; never its address, which strangers may not see."""

LARGEST_PROFILE = 65_536
"""The greatest size of a profile, in bytes of JSON, including its contact details."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def full_name(profile: Profile) -> str:
    """The name of a contact in lists: the trading or legal name, else first name and surname."""
    person = " ".join(part for part in (profile.first_name, profile.surname) if part)
    return profile.trading_name or profile.legal_name or person or UNNAMED


def clean(text: str | None) -> str | None:
    """The text on one line, without control and bidi characters and surrounding spaces; None if nothing is left."""
    if text is None:
        return None
    return " ".join("".join(filter(_is_visible, " ".join(text.split()))).split()) or None


def _is_visible(character: str) -> bool:
    return character not in _BIDI and unicodedata.category(character) != "Cc"


def profile_from(message: SaveUserProfile) -> Profile:
    """The profile that the message describes.

    Raises:
        WrongValue: the time zone does not exist.
        DetailTooLong: a phone number or postal address is too long for one line of a list.
        ProfileTooLarge: the profile is larger than `LARGEST_PROFILE`.
    """
    details = message.contact_details
    profile = Profile(
        profile_name=clean(message.profile_name),
        title=clean(message.title),
        first_name=clean(message.first_name),
        surname=clean(message.surname),
        legal_name=clean(message.legal_name),
        trading_name=clean(message.trading_name),
        abn=clean(message.abn),
        acn=clean(message.acn),
        arbn=clean(message.arbn),
        gst_registered=message.gst_registered,
        gender_id=None if message.gender_id == EMPTY_GUID else message.gender_id,
        description=message.description,
        employment_industry=clean(message.employment_industry),
        employment_role=clean(message.employment_role),
        employment_geographic_area=clean(message.employment_geographic_area),
        timezone_id=time_zone(message.timezone),
        mobile_number=_first_phone(details, mobile=True),
        phone_number=_first_phone(details, mobile=False),
        primary_address=next((_one_line(d.contact_address) for d in details if d.contact_address), None),
        contact_details=tuple(msgspec.to_builtins(detail) for detail in details),
    )
    _check_size(profile)
    return profile


def _check_size(profile: Profile) -> None:
    for name, line, most in (
        ("mobile number", profile.mobile_number, lengths.NAME),
        ("phone number", profile.phone_number, lengths.NAME),
        ("postal address", profile.primary_address, lengths.TEXT),
    ):
        if line is not None and len(line) > most:
            raise DetailTooLong(name, len(line), most)
    size = len(msgspec.json.encode(profile))
    if size > LARGEST_PROFILE:
        raise ProfileTooLarge(size, LARGEST_PROFILE)


def _first_phone(details: list[ContactDetailModel], *, mobile: bool) -> str | None:
    phones = (d.contact_phone for d in details if d.contact_phone and _is_mobile(d) is mobile)
    return next((_dialled(phone) for phone in phones), None)


def _is_mobile(detail: ContactDetailModel) -> bool:
    if detail.contact_method_id != EMPTY_GUID:
        return detail.contact_method_id == CONTACT_METHOD_IDS[ContactMethod.MOBILE]
    return (detail.contact_method_name or "").casefold() == ContactMethod.MOBILE.casefold()


def _dialled(phone: PhoneModel) -> str | None:
    country = f"+{phone.country_code.lstrip('+')}" if phone.country_code else None
    extension = f"ext {phone.extension}" if phone.extension else None
    return clean(" ".join(part for part in (country, phone.area_code, phone.number, extension) if part))


def _one_line(address: AddressModel) -> str | None:
    if address.address_full:
        return clean(address.address_full)
    street = address.address_line_one or _joined(" ", address.sub_unit, address.street_number, address.street_name)
    town = _joined(" ", address.suburb_name, address.state_short_name, address.post_code)
    return _joined(", ", street, address.address_line_two, town, address.country_name)


def _joined(separator: str, *parts: str | None) -> str | None:
    return separator.join(part for part in map(clean, parts) if part) or None


__all__ = ["LARGEST_PROFILE", "UNNAMED", "clean", "full_name", "profile_from"]
