"""Operators of the installation: the sample operator of the first start, and the role, granted on the command line."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from platform_api import identity
from platform_api.contacts import NewPerson, Profile
from platform_api.database.migrations.schema import current_revision, head_revision
from platform_api.database.opening import engine_of
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.refusals import Refusal
from platform_api.identity import OPERATOR, SharedMailbox, User, parse_address
from platform_api.installation.key_checks import adopt
from platform_api.installation.opening import make_passwords, open_database
from platform_api.installation.settings import Settings
from servicehost.contract.errors import ServiceError
from servicehost.security.passwords import Passwords

T = TypeVar("T")

SAMPLE_ADDRESS: Final = "operator@platform-api.example"
"""Address of the sample operator. Only the built-in mailbox receives mail for it."""

SAMPLE_PROFILE: Final = Profile(first_name="Sample", surname="Operator")


@dataclass(frozen=True)
class Credentials:
    """An address and its new password, which is shown once."""

    address: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class OperatorStanding:
    """The operators of an installation.

    Attributes:
        made: the sample operator, if this start created it.
        sample: whether the sample operator holds the role.
        others: number of other holders.
    """

    made: Credentials | None
    sample: bool
    others: int


class NoSuchUser(Refusal):
    """No user has the address."""

    def __init__(self, address: str) -> None:
        super().__init__(f"There is no user with the address {address}. Give the address of a registered user.")


class NotPrepared(Refusal):
    """The database does not exist or has the schema of another version."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            f"There is no database of this version at {engine_of(settings.database).name}. Start the server "
            "once, or name another by --set database.path=FILE or --set database.url=ADDRESS."
        )


@dataclass(frozen=True)
class Operators:
    """Acts of the command line on users."""

    database: Database
    passwords: Passwords

    async def make_sample(self) -> Credentials | None:
        """Create the sample operator, a verified member; None if there is an operator, or a user with the address."""
        if not await self.database.read(_sample_is_wanted):
            return None
        made, password_hash = await self._new_password(SAMPLE_ADDRESS)

        async def unit(tx: Transaction) -> Credentials | None:
            if not await _sample_is_wanted(tx):
                return None
            address = parse_address(SAMPLE_ADDRESS)
            await identity.create_operator(
                tx, NewPerson(profile=SAMPLE_PROFILE, email=address.text), address, password_hash
            )
            return made

        return await self.database.write(unit)

    async def standing(self, made: Credentials | None) -> OperatorStanding:
        """The current holders of the role; `made` is the sample operator, if this start created it."""

        async def unit(tx: Transaction) -> OperatorStanding:
            holders = await identity.holders_of(tx, OPERATOR)
            sample = await identity.find_user_by_address(tx, parse_address(SAMPLE_ADDRESS).key)
            holds = sample is not None and sample.id in holders
            return OperatorStanding(made, holds, len(holders) - holds)

        return await self.database.read(unit)

    async def reset_password(self, address: str) -> Credentials:
        """Give a user a new password and end all sessions of the user.

        Raises:
            NoSuchUser: no user has the address.
        """
        made, password_hash = await self._new_password(address)

        async def unit(tx: Transaction) -> None:
            await identity.set_password(tx, (await _find(tx, address)).id, password_hash)

        await self.database.write(unit)
        return made

    async def grant(self, address: str) -> None:
        """Make a user an operator, with immediate effect. An operator stays one.

        Raises:
            NoSuchUser: no user has the address.
        """

        async def unit(tx: Transaction) -> None:
            await identity.give_role(tx, (await _find(tx, address)).id, OPERATOR)

        await self.database.write(unit)

    async def withdraw(self, address: str) -> None:
        """Withdraw the role of operator from a user, with immediate effect. Another user is unchanged.

        Raises:
            NoSuchUser: no user has the address.
        """

        async def unit(tx: Transaction) -> None:
            await identity.take_role(tx, (await _find(tx, address)).id, OPERATOR)

        await self.database.write(unit)

    async def adopt_keys(self, path: Path) -> None:
        """Make the keys in a folder those of the database.

        Raises:
            UnusableKey: a file is unreadable, or other users can read it.
        """
        await adopt(self.database, path)

    async def shared_mailboxes(self) -> list[SharedMailbox]:
        """The users who share a mailbox with another user."""
        return await self.database.read(identity.shared_mailboxes)

    async def _new_password(self, address: str) -> tuple[Credentials, str]:
        made = Credentials(address, secrets.token_urlsafe(12))
        return made, await self.passwords.hash(made.password)


def carry_out(settings: Settings, act: Callable[[Operators], Awaitable[T]]) -> T:
    """Carry out an act on the users of an installation, whether or not its server runs.

    Raises:
        NotPrepared: there is no database, or it has the schema of another version.
        Refusal: the act failed.
    """
    revision = current_revision(engine_of(settings.database))
    if revision is None or revision != head_revision():
        raise NotPrepared(settings)
    try:
        return asyncio.run(_carry_out(settings, act))
    except ServiceError as error:
        raise Refusal(error.message) from error


async def _carry_out(settings: Settings, act: Callable[[Operators], Awaitable[T]]) -> T:
    with closing(make_passwords(settings)) as passwords:
        async with open_database(settings) as database:
            return await act(Operators(database, passwords))


async def _sample_is_wanted(tx: Transaction) -> bool:
    address = parse_address(SAMPLE_ADDRESS)
    return not await identity.holders_of(tx, OPERATOR) and await identity.find_user_by_address(tx, address.key) is None


async def _find(tx: Transaction, address: str) -> User:
    user = await identity.find_user_by_address(tx, identity.sign_in_key(address))
    if user is None:
        raise NoSuchUser(address)
    return user


__all__ = ["SAMPLE_ADDRESS", "Credentials", "NoSuchUser", "NotPrepared", "OperatorStanding", "Operators", "carry_out"]
