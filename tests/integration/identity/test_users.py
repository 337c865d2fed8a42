"""Tests of the functions of identity that other packages call."""

from collections.abc import AsyncIterator

import pytest
from tests.support.accounts import ADDRESS, Installation, described, installation

from platform_api import contacts, identity
from platform_api.contacts import NewPerson, Profile
from platform_api.identity import OPERATOR, AddressTaken, EmailAddress, parse_address
from servicehost.contract.scalars import Guid

FIRST = EmailAddress(ADDRESS, "first@example.com")
SECOND = EmailAddress("second@example.com", "second@example.com")
OPERATOR_PROFILE = Profile(first_name="Sample", surname="Operator")


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation with one member."""
    async with installation() as platform:
        await platform.member()
        yield platform


async def test_a_contact_is_found_by_its_address(platform: Installation) -> None:
    """A contact is found by an address that its user has verified, and by no other."""
    contact = platform.verified[-1][0]
    assert contact == await platform.database.read(lambda tx: identity.contact_with_address(tx, FIRST.key))
    assert await platform.database.read(lambda tx: identity.has_verified(tx, contact, FIRST.key))
    assert not await platform.database.read(lambda tx: identity.has_verified(tx, contact, SECOND.key))


async def test_mail_to_a_contact_goes_to_its_main_address(platform: Installation) -> None:
    """The main address is returned as its owner wrote it."""
    contact = platform.verified[-1][0]
    assert FIRST == await platform.database.read(lambda tx: identity.main_address(tx, contact))
    assert [FIRST] == await platform.database.read(lambda tx: identity.verified_addresses(tx, contact))


async def test_a_contact_without_a_user_has_no_address(platform: Installation) -> None:
    """A contact without a login has no main address."""
    nobody = Guid("00000000-0000-4000-8000-00000000000a")
    assert await platform.database.read(lambda tx: identity.main_address(tx, nobody)) is None


async def test_a_user_has_a_contact(platform: Installation) -> None:
    """The contact of a user is found by the user's id."""
    user_id = Guid(described(await platform.authenticate()).user_id or "")
    user = await platform.database.read(lambda tx: identity.find_user_by_address(tx, "first@example.com"))
    assert user is not None
    assert (user_id, platform.verified[-1][0]) == (user.id, user.contact_id)


async def test_an_operator_is_a_member_with_a_role(platform: Installation) -> None:
    """An operator is a user with a contact, who can send invitations without registering."""
    password_hash = await platform.passwords.hash("operator's password")
    address = parse_address("operator@example.com")
    person = NewPerson(profile=OPERATOR_PROFILE, email=address.text)
    user_id = await platform.database.write(lambda tx: identity.create_operator(tx, person, address, password_hash))
    response = described(await platform.authenticate("operator's password", address.text))
    assert (user_id, "Sample Operator", [OPERATOR]) == (response.user_id, response.display_name, response.roles)
    assert [user_id] == await platform.database.read(lambda tx: identity.holders_of(tx, OPERATOR))


async def test_an_address_belongs_to_one_user(platform: Installation) -> None:
    """A second user with the address is refused and leaves no row behind."""
    person = NewPerson(profile=OPERATOR_PROFILE)
    with pytest.raises(AddressTaken):
        await platform.database.write(lambda tx: identity.create_operator(tx, person, FIRST, "a hash"))
    assert [] == await platform.database.read(lambda tx: identity.holders_of(tx, OPERATOR))


async def test_merging_moves_a_login(platform: Installation) -> None:
    """A contact without a login gets the login of the contact merged into it."""
    source = platform.verified[-1][0]
    into = await platform.database.write(lambda tx: contacts.create_person(tx, NewPerson(profile=OPERATOR_PROFILE)))
    await platform.database.write(lambda tx: identity.merge(tx, source, into))
    assert FIRST == await platform.database.read(lambda tx: identity.main_address(tx, into))
    assert "Sample Operator" == described(await platform.authenticate()).display_name


async def test_merging_two_logins_keeps_one_with_both_addresses(platform: Installation) -> None:
    """The remaining login gets the other's addresses; the other's sessions end."""
    kept = platform.verified[-1][0]
    moved = await platform.member("second@example.com", "the other's password")
    await platform.database.write(lambda tx: identity.merge(tx, moved, kept))
    assert [FIRST, SECOND] == await platform.database.read(lambda tx: identity.verified_addresses(tx, kept))
    assert described(await platform.authenticate(address="second@example.com")).user_name == ADDRESS


async def test_erasing_a_login_ends_its_sessions(platform: Installation) -> None:
    """Sessions of an erased login end at once, also in the memory of a node."""
    response = await platform.bearer()
    headers = {"authorization": f"Bearer {response.bearer_token}"}
    assert (await platform.sign_in.authenticator.authenticate(headers, {}, "")).principal is not None
    await platform.database.write(lambda tx: identity.erase(tx, platform.verified[-1][0]))
    assert (await platform.sign_in.authenticator.authenticate(headers, {}, "")).principal is None
