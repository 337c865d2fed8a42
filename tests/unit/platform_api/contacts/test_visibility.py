"""The visibility of a contact: every member for every relation."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.contacts import some_facts

from platform_api.contacts.facts import Facts
from platform_api.contacts.messages import ContactSummaryModel
from platform_api.contacts.visibility import ContactFacts, Relation
from platform_api.contacts.visibility import view as view_of
from platform_api.foundation.well_known import CONTACT_TYPE_IDS, CONTACT_TYPES_BY_CODE, ContactType

PUBLIC = {
    "contact_id": "contact_id",
    "contact_full_name": "full_name",
    "description": "description",
    "employment_industry": "employment_industry",
    "employment_role": "employment_role",
    "employment_geographic_area": "employment_geographic_area",
    "timezone_name": "timezone_name",
}
PRIVATE = {
    "email_address": "email",
    "mobile_number": "mobile_number",
    "phone_number": "phone_number",
    "profile_photo_url": "photo_url",
    "profile_photo_thumbnail_url": "photo_thumbnail_url",
    "primary_address": "primary_address",
}
DERIVED = {"contact_type_id", "is_removed_contact"}
NEAR = [Relation.SELF, Relation.KEEPER, Relation.CONNECTED]

public = st.text().map(lambda text: f"public {text}")
private = st.text().map(lambda text: f"private {text}")


def view(facts: Facts, seen_as: Relation, *, removed: bool = False) -> ContactSummaryModel:
    """The view of these facts."""
    return view_of(ContactFacts(facts), seen_as, removed=removed)


@st.composite
def facts_of_anybody(draw: st.DrawFn) -> Facts:
    """Facts of which any may be missing; each text says whether it is private."""
    drawn = {fact: draw(public | st.none()) for fact in PUBLIC.values()}
    drawn |= {fact: draw(private | st.none()) for fact in PRIVATE.values()}
    drawn |= {"contact_type": draw(st.sampled_from(sorted(CONTACT_TYPES_BY_CODE)))}
    drawn |= {"full_name": draw(st.sampled_from([drawn["email"] or "public", "public name"]))}
    return some_facts(**drawn)


def test_every_member_is_decided() -> None:
    """A new member of the summary must be declared public, private or derived here."""
    assert set(ContactSummaryModel.__struct_fields__) == {*PUBLIC, *PRIVATE, *DERIVED}


@pytest.mark.parametrize("seen_as", Relation)
@pytest.mark.parametrize(("member", "fact"), PUBLIC.items())
def test_public_members_are_shown_to_everybody(seen_as: Relation, member: str, fact: str) -> None:
    """Every relation shows the public profile."""
    facts = some_facts()
    assert getattr(facts, fact) == getattr(view(facts, seen_as), member)


@pytest.mark.parametrize("seen_as", NEAR)
@pytest.mark.parametrize(("member", "fact"), PRIVATE.items())
def test_private_members_are_shown_to_the_near(seen_as: Relation, member: str, fact: str) -> None:
    """The contact itself, its keeper and a connected contact see private members."""
    facts = some_facts()
    assert getattr(facts, fact) == getattr(view(facts, seen_as), member)


@pytest.mark.parametrize("member", PRIVATE)
def test_private_members_are_hidden_from_strangers(member: str) -> None:
    """A stranger sees no private member."""
    assert getattr(view(some_facts(), Relation.STRANGER), member) is None


@given(facts_of_anybody())
def test_a_strangers_view_holds_no_private_value(facts: Facts) -> None:
    """No member of a stranger's view has a private value."""
    shown = msgspec.structs.asdict(view(facts, Relation.STRANGER)).values()
    assert [] == [value for value in shown if str(value).startswith("private")]


@given(facts_of_anybody(), st.sampled_from(NEAR))
def test_the_near_see_all_that_is_known(facts: Facts, seen_as: Relation) -> None:
    """The contact itself, its keeper and a connected contact see every fact unchanged."""
    shown = view(facts, seen_as)
    assert [getattr(facts, fact) for fact in (PUBLIC | PRIVATE).values()] == [
        getattr(shown, member) for member in PUBLIC | PRIVATE
    ]


def test_an_address_in_place_of_a_name_is_hidden_from_strangers() -> None:
    """A stranger sees no name of a virtual contact that is named by its address."""
    facts = some_facts(full_name="first@example.com", email="first@example.com")
    assert view(facts, Relation.STRANGER).contact_full_name is None


@pytest.mark.parametrize("kind", ContactType)
def test_the_type_is_shown_by_its_well_known_id(kind: ContactType) -> None:
    """The code in the table becomes the well-known id in the message."""
    assert CONTACT_TYPE_IDS[kind] == view(some_facts(contact_type=kind.code), Relation.STRANGER).contact_type_id


def test_removed_is_what_the_caller_says() -> None:
    """The caller says whether every connection was removed; by default none was."""
    shown = [view(some_facts(), Relation.STRANGER, removed=removed).is_removed_contact for removed in (True, False)]

    assert [True, False] == shown
    assert view(some_facts(), Relation.STRANGER, removed=False) == view_of(
        ContactFacts(some_facts()), Relation.STRANGER
    )
