"""The members of the contract's types, in the order and of the types that clients know."""

from platform_api.contacts.messages import (
    ContactAddressModel,
    ContactSummaryModel,
    LocationCoordinatesModel,
    SaveUserProfile,
)
from servicehost.contract.messages import Message
from servicehost.contract.types import MessageModel, TypeModel, csharp_name


def model(message: type[Message]) -> MessageModel:
    """The type model of a message."""
    return TypeModel().message(message)


def test_the_summary_has_the_members_of_the_contract() -> None:
    """Every member travels in the form; the type of a contact is declared as a string."""
    assert [
        ("ContactId", "Guid"),
        ("ContactFullName", "string"),
        ("EmailAddress", "string"),
        ("MobileNumber", "string"),
        ("PhoneNumber", "string"),
        ("ContactTypeId", "string"),
        ("ProfilePhotoUrl", "string"),
        ("ProfilePhotoThumbnailUrl", "string"),
        ("Description", "string"),
        ("EmploymentIndustry", "string"),
        ("EmploymentRole", "string"),
        ("EmploymentGeographicArea", "string"),
        ("TimezoneName", "string"),
        ("PrimaryAddress", "string"),
        ("IsRemovedContact", "bool"),
    ] == [(m.name, csharp_name(m.type)) for m in model(ContactSummaryModel).members if m.declared.place == "form"]


def test_names_that_are_no_plain_pascal_case() -> None:
    """Initials keep their capitals."""
    assert "ISOCountryCode" in [member.name for member in model(ContactAddressModel).members]


def test_a_profile_is_sent_with_a_registration_before_it_has_ids() -> None:
    """Nothing of a profile is refused for its absence by binding, though the pages mark it required."""
    members = model(SaveUserProfile).members
    assert (["UserProfileId", "UserId", "ContactId", "ProfileName", "FirstName", "Surname", "ContactDetails"], []) == (
        [member.name for member in members if member.declared.required],
        [member.name for member in members if member.enforced],
    )


def test_only_the_position_of_coordinates_is_in_the_query() -> None:
    """The rest of what a device reports has no place of its own."""
    members = model(LocationCoordinatesModel).members
    assert ["Latitude", "Longitude"] == [member.name for member in members if member.declared.place == "query"]
