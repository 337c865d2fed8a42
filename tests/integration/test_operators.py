"""Tests of operators and passwords on a real database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from tests.support.contacts import empty_database

from platform_api import contacts, identity
from platform_api.contacts import NewPerson, Profile
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import ContactType
from platform_api.identity import OPERATOR, EmailAddress, SharedMailbox, User, parse_address
from platform_api.installation.operators import SAMPLE_ADDRESS, NoSuchUser, Operators
from servicehost.contract.scalars import Guid
from servicehost.security.passwords import HashCost, Passwords

CHEAP = HashCost(memory_kib=8, rounds=1)


@asynccontextmanager
async def an_installation(folder: Path) -> AsyncIterator[Operators]:
    """An empty database, and passwords with a low cost."""
    async with empty_database(folder) as database:
        with closing(Passwords(CHEAP)) as passwords:
            yield Operators(database, passwords)


async def the_user(operators: Operators, address: str = SAMPLE_ADDRESS) -> User:
    """The user with this address."""
    user = await operators.database.read(lambda tx: identity.find_user_by_address(tx, parse_address(address).key))
    assert user is not None
    return user


async def is_operator(operators: Operators) -> bool:
    """Whether the sample user is an operator."""
    user = await the_user(operators)
    return OPERATOR in await operators.database.read(lambda tx: identity.roles_of(tx, user.id))


async def test_the_sample_operator_can_sign_in(tmp_path: Path) -> None:
    """The new password is that of the operator."""
    async with an_installation(tmp_path) as operators:
        made = await operators.make_sample()

        assert made is not None
        user = await the_user(operators)
        assert (SAMPLE_ADDRESS, True) == (
            made.address,
            await operators.passwords.verify(user.password_hash, made.password),
        )
        assert await is_operator(operators)


async def test_users_who_share_a_mailbox_are_listed(tmp_path: Path) -> None:
    """Users are listed by their sign-in names, which commands accept as addresses. A `#` before the @ is part of an address."""
    name = "first@example.com#2"
    async with an_installation(tmp_path) as operators:

        async def unit(tx: Transaction) -> Guid:
            for address in ("first@example.com", "a#b@example.com"):
                await identity.create_operator(tx, NewPerson(profile=Profile()), parse_address(address), "")
            return await identity.create_operator(tx, NewPerson(profile=Profile()), EmailAddress(name, name), "")

        user_id = await operators.database.write(unit)

        assert [SharedMailbox(name, user_id)] == await operators.shared_mailboxes()
        assert name == (await operators.reset_password(name)).address


async def test_the_sample_operator_is_a_member(tmp_path: Path) -> None:
    """The operator is a Real Person, so that a first invitation needs no registration."""
    async with an_installation(tmp_path) as operators:
        await operators.make_sample()
        user = await the_user(operators)

        async def unit(tx: Transaction) -> ContactType | None:
            contact = await contacts.get_contact(tx, user.contact_id)
            return contact.contact_type if contact else None

        assert ContactType.REAL_PERSON == await operators.database.read(unit)


async def test_there_is_one_sample_operator(tmp_path: Path) -> None:
    """A later start does not change the operator and the password."""
    async with an_installation(tmp_path) as operators:
        await operators.make_sample()
        before = await the_user(operators)

        assert None is await operators.make_sample()
        assert before == await the_user(operators)


async def test_a_withdrawn_sample_operator_does_not_come_back(tmp_path: Path) -> None:
    """A restart gives the role to no user."""
    async with an_installation(tmp_path) as operators:
        await operators.make_sample()
        await operators.withdraw(SAMPLE_ADDRESS)

        assert None is await operators.make_sample()
        assert not await is_operator(operators)


async def test_the_role_is_given_and_withdrawn(tmp_path: Path) -> None:
    """Granting and withdrawing can be repeated."""
    async with an_installation(tmp_path) as operators:
        await operators.make_sample()

        await operators.withdraw(SAMPLE_ADDRESS)
        await operators.withdraw(SAMPLE_ADDRESS)
        assert not await is_operator(operators)

        await operators.grant(SAMPLE_ADDRESS.upper())
        await operators.grant(SAMPLE_ADDRESS)
        assert await is_operator(operators)


async def test_a_reset_password_replaces_the_old_one(tmp_path: Path) -> None:
    """After a reset the new password is valid and the old one is not."""
    async with an_installation(tmp_path) as operators:
        old = await operators.make_sample()
        new = await operators.reset_password(SAMPLE_ADDRESS)
        stored = (await the_user(operators)).password_hash

        assert old is not None
        assert (True, False) == (
            await operators.passwords.verify(stored, new.password),
            await operators.passwords.verify(stored, old.password),
        )


async def test_an_unknown_address_is_refused(tmp_path: Path) -> None:
    """Every command refuses an address that no user has."""
    async with an_installation(tmp_path) as operators:
        for act in (operators.grant, operators.withdraw, operators.reset_password):
            with pytest.raises(NoSuchUser, match="There is no user with the address first@example"):
                await act("first@example.com")
