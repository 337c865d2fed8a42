"""The contract of contacts: a contact as it is shown, and the parts of a profile to be saved."""

from typing import Annotated, ClassVar

import msgspec

from platform_api.foundation.dotnet import COMMON, MODELS
from servicehost.contract.messages import Member, Message
from servicehost.contract.scalars import EMPTY_GUID, Guid


# Made by position, once for each row of a list: by keyword it takes more than twice as long.
class ContactSummaryModel(Message, kw_only=False):
    """A contact as the asker may see it: members that the asker may not see are absent."""

    clr_namespace: ClassVar[str | None] = MODELS

    contact_id: Annotated[Guid, Member("The contact.")] = EMPTY_GUID
    contact_full_name: Annotated[str | None, Member("Full name of the contact.")] = None
    email_address: Annotated[str | None, Member("E-mail address of the contact.")] = None
    mobile_number: Annotated[str | None, Member("Mobile number of the contact.")] = None
    phone_number: Annotated[str | None, Member("The phone number to call first.")] = None
    contact_type_id: Annotated[str | None, Member("Type of the contact: real or virtual, person or organisation.")] = (
        None
    )
    profile_photo_url: Annotated[str | None, Member("Address of the profile's photo.")] = None
    profile_photo_thumbnail_url: Annotated[str | None, Member("Address of a small copy of the profile's photo.")] = None
    description: Annotated[str | None, Member("What the contact says of itself.")] = None
    employment_industry: Annotated[str | None, Member("Industry that the contact works in.")] = None
    employment_role: Annotated[str | None, Member("What the contact does there.")] = None
    employment_geographic_area: Annotated[str | None, Member("Areas that the contact works in.")] = None
    timezone_name: Annotated[str | None, Member("Time zone of the contact.")] = None
    primary_address: Annotated[str | None, Member("The address to write to first.")] = None
    is_removed_contact: Annotated[bool, Member("True when every connection to the contact has been removed.")] = False


class LocationCoordinatesModel(Message):
    """A place on the globe, as a device reports it."""

    clr_namespace: ClassVar[str | None] = COMMON

    latitude: Annotated[
        float, Member("Degrees north of the equator.", place="query", states_type=False, states_name=False)
    ] = 0.0
    longitude: Annotated[
        float, Member("Degrees east of Greenwich.", place="query", states_type=False, states_name=False)
    ] = 0.0
    altitude: Annotated[
        int | None, Member("Metres above the sea.", place="query", states_type=False, states_name=False)
    ] = None
    accuracy: Annotated[
        int | None,
        Member("Metres that the position may be wrong by.", place="query", states_type=False, states_name=False),
    ] = None
    altitude_accuracy: Annotated[
        int | None,
        Member("Metres that the altitude may be wrong by.", place="query", states_type=False, states_name=False),
    ] = None
    heading: Annotated[
        int | None,
        Member(
            "Direction of travel in degrees, clockwise from north.", place="query", states_type=False, states_name=False
        ),
    ] = None
    speed: Annotated[
        int | None, Member("Metres a second over ground.", place="query", states_type=False, states_name=False)
    ] = None
    vertical_speed: Annotated[
        int | None, Member("Metres a second upwards.", place="query", states_type=False, states_name=False)
    ] = None


class AddressModel(Message):
    """A street or postal address of a contact."""

    clr_namespace: ClassVar[str | None] = COMMON

    distance_away: Annotated[float, Member("Kilometres from the place that was searched from.", place="body")] = 0.0
    latitude: Annotated[float, Member("Degrees north of the equator.", place="body", data_type="Double?")] = 0.0
    longitude: Annotated[float, Member("Degrees east of Greenwich.", place="body", data_type="Double?")] = 0.0
    address_format_id: Annotated[str | None, Member("How the parts of the address are put together.", place="body")] = (
        None
    )
    suburb_id: Annotated[str | None, Member("The suburb, by id.", place="body")] = None
    suburb_name: Annotated[str | None, Member("The suburb or town.", place="body")] = None
    state_short_name: Annotated[str | None, Member("The state, in short.", place="body")] = None
    post_code: Annotated[str | None, Member("The post code.", place="body")] = None
    country_id: Annotated[str | None, Member("The country, by id.", place="body")] = None
    country_name: Annotated[str | None, Member("The country.", place="body")] = None
    iso_country_code: Annotated[str | None, Member("The country by its two letters of ISO 3166.", place="body")] = (
        msgspec.field(default=None, name="ISOCountryCode")
    )
    lot_number: Annotated[str | None, Member("Number of the lot.", place="body")] = None
    sub_unit: Annotated[str | None, Member("Unit, flat, level or the like.", place="body")] = None
    building_number: Annotated[str | None, Member("Number of the building.", place="body")] = None
    street_number: Annotated[str | None, Member("Number in the street.", place="body")] = None
    street_name: Annotated[str | None, Member("The street.", place="body")] = None
    address_line_one: Annotated[
        str | None, Member("First line, where the address is not given in parts.", place="body")
    ] = None
    address_line_two: Annotated[
        str | None, Member("Second line, where the address is not given in parts.", place="body")
    ] = None
    address_full: Annotated[str | None, Member("The whole address in one line.", place="body")] = None
    is_physical: Annotated[bool, Member("True for a place to go to, false for one to write to.", place="body")] = False
    notes: Annotated[str | None, Member("What a visitor should know.", place="body")] = None
    auto_map_coordinates: Annotated[
        bool, Member("Whether the coordinates are looked up from the address.", place="body")
    ] = False
    location_coordinates: Annotated[
        LocationCoordinatesModel | None, Member("Where the address is, as a device reported it.", place="body")
    ] = None


class PhoneModel(Message):
    """A phone number in its parts."""

    clr_namespace: ClassVar[str | None] = COMMON

    country_code: Annotated[str | None, Member("Digits of the country.")] = None
    area_code: Annotated[str | None, Member("Digits of the area.")] = None
    number: Annotated[str | None, Member("The number within the area.")] = None
    extension: Annotated[str | None, Member("The extension to ask for.")] = None


class ContactDetailModel(Message):
    """One way to reach a contact."""

    clr_namespace: ClassVar[str | None] = COMMON

    contact_method_id: Annotated[
        Guid, Member("Kind of this way, an item of the list Contact Methods.", place="body")
    ] = EMPTY_GUID
    contact_method_name: Annotated[str | None, Member("Name of the kind.", place="body")] = None
    contact_address: Annotated[
        AddressModel | None, Member("The address, if it is one.", place="body", data_type="ContactAddressModel")
    ] = None
    contact_phone: Annotated[PhoneModel | None, Member("The phone number, if it is one.", place="body")] = None
    country_id: Annotated[Guid, Member("Country of the address or number, by id.", place="body")] = EMPTY_GUID


class SaveUserProfile(Message):
    """What a profile is saved from: that of a person, or with a legal or trading name that of an organisation."""

    # Marked Yes on the pages, but not enforced by binding: a profile that is part of a registration has no ids yet,
    # and an organisation has no surname. The operation that receives it decides.
    user_profile_id: Annotated[
        Guid, Member("The user's grant on the profile.", required=True, place="query", enforced=False)
    ] = EMPTY_GUID
    user_id: Annotated[Guid, Member("The user.", required=True, place="query", enforced=False)] = EMPTY_GUID
    contact_id: Annotated[
        Guid, Member("The contact whose profile it is.", required=True, place="query", enforced=False)
    ] = EMPTY_GUID
    profile_name: Annotated[
        str | None, Member("What the user calls the profile.", required=True, place="query", enforced=False)
    ] = None
    title: Annotated[str | None, Member("How to address the person: Dr, Ms and so on.", place="query")] = None
    first_name: Annotated[
        str | None, Member("First name of the person.", required=True, place="query", enforced=False)
    ] = None
    surname: Annotated[str | None, Member("Surname of the person.", required=True, place="query", enforced=False)] = (
        None
    )
    description: Annotated[str | None, Member("What the contact says of itself.", place="query")] = None
    employment_industry: Annotated[str | None, Member("Industry that the contact works in.", place="query")] = None
    employment_role: Annotated[str | None, Member("What the contact does there.", place="query")] = None
    employment_geographic_area: Annotated[str | None, Member("Areas that the contact works in.", place="query")] = None
    timezone: Annotated[Guid, Member("Time zone, an item of the list Time Zones.", place="query")] = EMPTY_GUID
    contact_details: Annotated[
        list[ContactDetailModel], Member("Ways to reach the contact.", required=True, place="query")
    ] = msgspec.field(default_factory=list)
    contact_type: Annotated[str | None, Member("Type of the contact, by name.", place="query")] = None
    legal_name: Annotated[str | None, Member("Name that the organisation is registered under.", place="query")] = None
    trading_name: Annotated[str | None, Member("Name that the organisation trades under.", place="query")] = None
    abn: Annotated[str | None, Member("Australian Business Number.", place="query")] = None
    acn: Annotated[str | None, Member("Australian Company Number.", place="query")] = None
    arbn: Annotated[str | None, Member("Australian Registered Body Number.", place="query")] = None
    gst_registered: Annotated[
        bool, Member("Whether it is registered for the goods and services tax.", place="query")
    ] = False
    gender_id: Annotated[Guid, Member("Gender, an item of the list Genders.", place="query")] = EMPTY_GUID


__all__ = [
    "AddressModel",
    "ContactDetailModel",
    "ContactSummaryModel",
    "LocationCoordinatesModel",
    "PhoneModel",
    "SaveUserProfile",
]
