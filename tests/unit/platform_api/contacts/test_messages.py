"""The members of the contract's types: their order, names and types."""

from platform_api.contacts.messages import (
    AddressModel,
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
    """Members have the order and types of the contract; the contact type is declared as a string."""
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
    ] == [(m.name, csharp_name(m.type)) for m in model(ContactSummaryModel).members if m.declared.place is None]


def test_names_that_are_no_plain_pascal_case() -> None:
    """Initials stay in capitals."""
    assert "ISOCountryCode" in [member.name for member in model(AddressModel).members]


def test_a_profile_is_sent_with_a_registration_before_it_has_ids() -> None:
    """Binding accepts a profile without members that the pages mark as required."""
    members = model(SaveUserProfile).members
    assert (["UserProfileId", "UserId", "ContactId", "ProfileName", "FirstName", "Surname", "ContactDetails"], []) == (
        [member.name for member in members if member.declared.required],
        [member.name for member in members if member.enforced],
    )


def test_coordinates_state_their_place_and_not_their_name() -> None:
    """Only coordinates state their place but not their name."""
    members = model(LocationCoordinatesModel).members
    expected = {("query", False, False)}
    assert expected == {(m.declared.place, m.declared.states_type, m.declared.states_name) for m in members}
