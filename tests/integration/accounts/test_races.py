"""Tests of concurrent proofs and registrations of one address on two nodes that share a database file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.support.accounts import CHEAP, KEYS, a_registration
from tests.support.stores import an_engine

from platform_api import identity
from platform_api.accounts.messages import GetResetPasswordToken, VerifyMailbox
from platform_api.accounts.services import READY, READY_ALREADY, AccountsService
from platform_api.accounts.settings import AccountSettings
from platform_api.accounts.tables import account_links, registrations
from platform_api.contacts.tables import contacts
from platform_api.database.metadata import metadata
from platform_api.database.statements import Query
from platform_api.database.transaction import Transaction
from platform_api.foundation import tokens
from platform_api.limits import Quota
from platform_api.mail.tables import letters
from servicehost.contract.call import Call
from servicehost.contract.scalars import Guid
from servicehost.security.passwords import Passwords

LINK = Query(select(account_links.c.id), Guid)
UNLIMITED = Quota("requests of a client", None, AccountSettings().quiet)
NODES = 2


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[list[AccountsService]]:
    """The accounts of two nodes, each with its own connection to the database file."""
    engine = an_engine(tmp_path / "platform.sqlite3", metadata)
    passwords = Passwords(CHEAP, waiting=1000)
    async with AsyncExitStack() as opened:
        databases = [await opened.enter_async_context(engine.open()) for _ in range(NODES)]
        settings = AccountSettings(registrations=UNLIMITED, resets=UNLIMITED)
        yield [
            AccountsService(each, passwords, lambda: KEYS, _proves_nothing, _ignored, settings) for each in databases
        ]
    passwords.close()


async def _proves_nothing(_tx: Transaction, _token: str, _address_key: str) -> None:
    """An invitation that proves no mailbox."""


async def _ignored(_tx: Transaction, _contact_id: Guid, _address_key: str) -> None:
    """A listener that ignores verified addresses."""


async def counted(node: AccountsService) -> dict[str, int | None]:
    """The number of rows of each table."""
    tables = (contacts, account_links, registrations, letters)
    queries = {table.name: Query(select(func.count()).select_from(table), int) for table in tables}
    return {name: await node.database.read(lambda tx, query=query: tx.one(query)) for name, query in queries.items()}  # type: ignore[misc]


async def test_a_flood_at_once_makes_one_link_and_five_registrations(nodes: list[AccountsService]) -> None:
    """Thirty registrations and thirty resets on two nodes queue one letter of each kind."""
    work = [
        *(
            nodes[number % NODES].register(a_registration(password=f"strange password {number}"), Call(client="1"))
            for number in range(30)
        ),
        *(
            nodes[number % NODES].get_reset_token(
                GetResetPasswordToken(user_name="first@example.com"), Call(client="1")
            )
            for number in range(30)
        ),
    ]
    await asyncio.gather(*work)
    assert {"contacts": 0, "account_links": 2, "registrations": 5, "letters": 2} == await counted(nodes[0])


async def test_proofs_and_registrations_at_once_make_one_account(nodes: list[AccountsService]) -> None:
    """One proof sets the password; the others are answered that the account exists, and no other password works."""
    await nodes[0].register(a_registration(password="the stranger's password"), Call(client="1"))
    link_id = await nodes[0].database.read(lambda tx: tx.one(LINK))
    assert link_id is not None
    token = tokens.named(link_id, tokens.derive(KEYS, tokens.Purpose.MAILBOX_PROOF, link_id, 1))
    proofs = [
        nodes[number % NODES].verify_mailbox(VerifyMailbox(token=token, password=f"typed password {number}"), Call())
        for number in range(8)
    ]
    strangers = [
        nodes[number % NODES].register(a_registration(password=f"strange password {number}"), Call(client="1"))
        for number in range(8)
    ]
    answers, _ = await asyncio.gather(asyncio.gather(*proofs), asyncio.gather(*strangers))
    assert sorted([READY, *[READY_ALREADY] * 7]) == sorted(str(answer.message) for answer in answers)
    assert 1 == (await counted(nodes[0]))["contacts"]
    user = await nodes[1].database.read(lambda tx: identity.find_user_by_address(tx, "first@example.com"))
    assert user is not None
    typed = [await nodes[0].passwords.verify(user.password_hash, f"typed password {number}") for number in range(8)]
    assert 1 == sum(typed)
