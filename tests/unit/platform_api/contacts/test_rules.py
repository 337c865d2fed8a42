"""The name of a contact, and the profile that a message describes."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.refusals import facts, facts_of

from platform_api.contacts.errors import DetailTooLong, ProfileTooLarge, WrongValue
from platform_api.contacts.messages import AddressModel, ContactDetailModel, PhoneModel, SaveUserProfile
from platform_api.contacts.rules import LARGEST_PROFILE, UNNAMED, clean, full_name, profile_from
from platform_api.contacts.time_zones import TIME_ZONE_IDS
from platform_api.contacts.values import Profile
from platform_api.foundation.well_known import ContactMethod, well_known
from servicehost.contract.scalars import EMPTY_GUID


@pytest.mark.parametrize(
    ("expected", "profile"),
    [
        ("First Person", Profile(first_name="First", surname="Person")),
        ("First", Profile(first_name="First")),
        ("Acme", Profile(first_name="First", trading_name="Acme", legal_name="Acme Pty Ltd")),
        ("Acme Pty Ltd", Profile(legal_name="Acme Pty Ltd")),
        (UNNAMED, Profile()),
    ],
)
def test_full_names(expected: str, profile: Profile) -> None:
    """An organisation has its trading name before its legal name, a person its own name."""
    assert expected == full_name(profile)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (None, None),
        (None, " \t\n"),
        ("Two words", "  Two\r\n words "),
        ("evil", "\u202eev\u0000il\u2066"),
        ("a\u200cb", "a\u200cb"),
    ],
)
def test_clean(expected: str | None, text: str | None) -> None:
    """Line breaks, control and bidi characters are removed; joiners that scripts need stay."""
    assert expected == clean(text)


@given(st.text())
def test_clean_is_done_once(text: str) -> None:
    """Cleaning a clean text changes nothing."""
    assert clean(text) == clean(clean(text))


def test_every_member_of_the_message_goes_into_the_profile() -> None:
    """Names are cleaned; the description is unchanged."""
    gender, zone = well_known("gender", "Female"), TIME_ZONE_IDS["Australia/Sydney"]
    message = SaveUserProfile(
        profile_name=" Work\tprofile ",
        title=" Dr\t",
        first_name=" First ",
        surname=" Person ",
        legal_name=" Acme\tPty Ltd ",
        trading_name=" Acme\t",
        abn=" 11 111\t",
        acn=" 22 222\t",
        arbn=" 33 333\t",
        gst_registered=True,
        gender_id=gender,
        description=" Two\nlines ",
        employment_industry=" Building\t",
        employment_role=" Foreman\t",
        employment_geographic_area=" North\t",
        timezone=zone,
    )

    assert Profile(
        profile_name="Work profile",
        title="Dr",
        first_name="First",
        surname="Person",
        legal_name="Acme Pty Ltd",
        trading_name="Acme",
        abn="11 111",
        acn="22 222",
        arbn="33 333",
        gst_registered=True,
        gender_id=gender,
        description=" Two\nlines ",
        employment_industry="Building",
        employment_role="Foreman",
        employment_geographic_area="North",
        timezone_id=zone,
    ) == profile_from(message)


def test_an_empty_message_makes_an_empty_profile() -> None:
    """Unset ids are None in the profile."""
    assert Profile(contact_details=()) == profile_from(SaveUserProfile(gender_id=EMPTY_GUID))


def test_the_profile_has_what_the_message_says() -> None:
    """Names are cleaned, and unset ids are None."""
    message = SaveUserProfile(first_name=" First ", surname="Person", timezone=TIME_ZONE_IDS["Australia/Sydney"])
    profile = profile_from(message)
    assert ("First", "Person", TIME_ZONE_IDS["Australia/Sydney"], None) == (
        profile.first_name,
        profile.surname,
        profile.timezone_id,
        profile.gender_id,
    )


def test_an_unknown_time_zone_is_refused() -> None:
    """The error names the member."""
    with pytest.raises(WrongValue) as refusal:
        profile_from(SaveUserProfile(timezone=well_known("time zone", "Nowhere/Else")))
    assert ["Timezone"] == [field.field for field in refusal.value.fields]


@pytest.mark.parametrize(
    ("expected", "phone"),
    [
        ("+61 2 400 ext 5", PhoneModel(country_code="61", area_code="2", number="400", extension="5")),
        ("+61 400", PhoneModel(country_code="+61", number="400")),
        ("+X61+ 400", PhoneModel(country_code="X61+", number="400")),
        ("400", PhoneModel(number=" 400 ")),
        (None, PhoneModel()),
    ],
)
@pytest.mark.parametrize(
    ("member", "method"),
    [
        ("mobile_number", {"contact_method_id": ContactMethod.MOBILE.id}),
        ("mobile_number", {"contact_method_name": "mOBILE"}),
        ("phone_number", {"contact_method_id": ContactMethod.PHONE.id, "contact_method_name": "Mobile"}),
        ("phone_number", {"contact_method_name": "Home"}),
        ("phone_number", {}),
    ],
)
def test_a_number_is_written_as_it_is_dialled(
    expected: str | None, phone: PhoneModel, member: str, method: dict[str, Any]
) -> None:
    """The id of the contact method decides whether a number is mobile; its name counts only without an id."""
    profile = profile_from(SaveUserProfile(contact_details=[ContactDetailModel(contact_phone=phone, **method)]))

    numbers = {"mobile_number": profile.mobile_number, "phone_number": profile.phone_number}
    assert {"mobile_number": None, "phone_number": None, member: expected} == numbers


def test_numbers_are_found_by_their_method() -> None:
    """Lists show the first mobile number and the first other number."""
    details = [
        ContactDetailModel(contact_method_id=ContactMethod.PHONE.id, contact_phone=PhoneModel(number="1")),
        ContactDetailModel(
            contact_method_name="mobile", contact_phone=PhoneModel(country_code="61", number="400", extension="5")
        ),
    ]
    profile = profile_from(SaveUserProfile(contact_details=details))
    assert ("1", "+61 400 ext 5") == (profile.phone_number, profile.mobile_number)


@pytest.mark.parametrize(
    ("expected", "address"),
    [
        ("All in one", AddressModel(address_full="All in\none", street_name="Unused")),
        (
            "3 Example Street, Sydney NSW 2000, Australia",
            AddressModel(
                street_number="3",
                street_name="Example Street",
                suburb_name="Sydney",
                state_short_name="NSW",
                post_code="2000",
                country_name="Australia",
            ),
        ),
        (
            "5 3a Example Street, Level 2, Sydney NSW 2000, Australia",
            AddressModel(
                sub_unit="5",
                street_number="3a",
                street_name="Example Street",
                address_line_two="Level 2",
                suburb_name="Sydney",
                state_short_name="NSW",
                post_code="2000",
                country_name="Australia",
            ),
        ),
        ("PO Box 1, Sydney", AddressModel(address_line_one="PO Box 1", street_name="Unused", suburb_name="Sydney")),
        (None, AddressModel()),
    ],
)
def test_addresses_in_one_line(expected: str | None, address: AddressModel) -> None:
    """The primary address is built from its parts, unless the full text is given."""
    profile = profile_from(SaveUserProfile(contact_details=[ContactDetailModel(contact_address=address)]))
    assert expected == profile.primary_address


def test_details_are_kept_as_they_came() -> None:
    """Stored details read back as the models that were sent."""
    details = [ContactDetailModel(contact_address=AddressModel(iso_country_code="AU", latitude=1.5))]
    profile = profile_from(SaveUserProfile(contact_details=details))
    assert details == msgspec.convert(list(profile.contact_details), list[ContactDetailModel])


def test_a_profile_is_no_larger_than_one_contact_may_store() -> None:
    """The size is counted in bytes of JSON, including contact details."""
    detail = ContactDetailModel(contact_address=AddressModel(notes="x" * 4000))
    few, many = SaveUserProfile(contact_details=[detail] * 15), SaveUserProfile(contact_details=[detail] * 17)
    assert len(msgspec.json.encode(profile_from(few))) <= LARGEST_PROFILE
    with pytest.raises(ProfileTooLarge) as refused:
        profile_from(many)
    assert [("ContactDetails", "Length")] == [(error.field, error.code) for error in refused.value.fields]


def test_the_largest_profile_is_stored() -> None:
    """A profile of the greatest size is accepted; one byte more is refused, and the error has both sizes."""
    spare = LARGEST_PROFILE - len(msgspec.json.encode(profile_from(SaveUserProfile(description="x")))) + 1
    largest = profile_from(SaveUserProfile(description="x" * spare))

    assert 65_536 == LARGEST_PROFILE == len(msgspec.json.encode(largest))
    assert facts(ProfileTooLarge(65_537, 65_536)) == facts_of(
        lambda: profile_from(SaveUserProfile(description="x" * (spare + 1)))
    )


@pytest.mark.parametrize(
    ("detail", "refusal"),
    [
        (ContactDetailModel(contact_phone=PhoneModel(number="1" * 201)), DetailTooLong("phone number", 201, 200)),
        (
            ContactDetailModel(contact_phone=PhoneModel(country_code="1" * 100, number="1" * 100)),
            DetailTooLong("phone number", 202, 200),
        ),
        (
            ContactDetailModel(contact_method_name="Mobile", contact_phone=PhoneModel(number="1" * 201)),
            DetailTooLong("mobile number", 201, 200),
        ),
        (
            ContactDetailModel(contact_address=AddressModel(post_code="1" * 2000, sub_unit="2" * 2000)),
            DetailTooLong("postal address", 4002, 4000),
        ),
    ],
)
def test_a_detail_in_one_line_is_no_longer_than_a_list_shows(
    detail: ContactDetailModel, refusal: DetailTooLong
) -> None:
    """Parts within their own limits are refused if their line is too long."""
    assert facts(refusal) == facts_of(lambda: profile_from(SaveUserProfile(contact_details=[detail])))


def test_a_detail_of_the_greatest_length_is_kept() -> None:
    """A line of the greatest length is stored in full."""
    phone = ContactDetailModel(contact_phone=PhoneModel(number="1" * 200))
    address = ContactDetailModel(contact_address=AddressModel(address_full="1" * 4000))
    profile = profile_from(SaveUserProfile(contact_details=[phone, address]))
    assert ("1" * 200, "1" * 4000) == (profile.phone_number, profile.primary_address)
