"""A small installation for registration and sign-in: SQLite in memory, real password hashes, a clock set by the test."""

import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, select, update
from tests.support.letters import addresses
from tests.support.recorded_units import RecordedTransaction
from tests.support.stores import SqliteRunner, a_runner

from platform_api.accounts.letters import AccountLetters
from platform_api.accounts.messages import (
    GetResetPasswordToken,
    PasswordReset,
    RegisterNewUser,
    RegisterNewUserResponse,
    VerifyMailbox,
)
from platform_api.accounts.services import READY, AccountsService
from platform_api.accounts.settings import AccountSettings
from platform_api.database.figures import Figures
from platform_api.database.metadata import metadata
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction, Unit
from platform_api.foundation import tokens
from platform_api.foundation.tokens import Purpose
from platform_api.identity import PlatformSessions, PlatformUsers
from platform_api.journal import tables as journal_tables
from platform_api.limits import tables as limit_tables
from platform_api.mail.kinds import LetterKind
from platform_api.mail.mail import LetterContext, Mail
from platform_api.mail.tables import letters
from platform_api.mail.values import Drop, LetterKey, Wait, Withhold
from servicehost.contract.call import Answer, Call
from servicehost.contract.scalars import Guid
from servicehost.security.keys import KeyRing, SigningKey
from servicehost.security.messages import Authenticate, AuthenticateResponse
from servicehost.security.passwords import HashCost, Passwords
from servicehost.security.services import SignInService
from servicehost.security.settings import SignInSettings

T = TypeVar("T")

TABLES = (journal_tables, limit_tables)
"""Named so that they have declared their tables."""

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ADDRESS = "First@Example.com"
PASSWORD = "correct horse battery"
ORIGIN = "https://platform.example"
ELSEWHERE = "192.0.2.250"
"""The client from which mailboxes are proved, so that the others are strangers at their first sign-in."""
BROWSER = {"sec-fetch-site": "same-origin", "user-agent": "Mozilla/5.0"}
INVITATION = "the token of an invitation"
CHEAP = HashCost(memory_kib=8, rounds=1)
KEYS = KeyRing((SigningKey("01020304", b"k" * 32),))

_WAITING = Query(
    select(letters.c.kind, letters.c.subject_id, letters.c.version, letters.c.series)
    .where(letters.c.due_at.is_not(None))
    .order_by(letters.c.created_at, letters.c.id),
    lambda kind, subject_id, version, series: (kind, LetterKey(subject_id, version, series)),
)


_SEND = Command(
    update(letters)
    .where(letters.c.subject_id == bindparam("subject"), letters.c.series == bindparam("of_series"))
    .values(due_at=None, state="sent", attempts=1)
)


class TimedDatabase:
    """An in-memory `Database` whose time is set by the test.

    Attributes:
        now: time of the next transaction.
        set_by: total time by which the clock was set forward, which a stopwatch does not show.
        reads: number of read units.
        long: number of these that were long.
        figures: counts that nothing changes.
        statements: statements executed since `recording` began; None while not recording.
    """

    def __init__(self) -> None:
        self.now = START
        self.set_by = timedelta(0)
        self.reads = 0
        self.long = 0
        self.figures = Figures()
        self.statements: list[object] | None = None
        self._runner = a_runner(metadata)
        self._listeners: dict[str, list[Callable[[], None]]] = {}

    async def write(self, unit: Unit[T]) -> T:
        """Run a unit, then wake the listeners."""
        topics: set[str] = set()
        result = self._runner.at(self.now, lambda tx: unit(RecordedTransaction(tx, self.statements, topics)))
        for topic in topics:
            for wake in self._listeners.get(topic, ()):
                wake()
        return result

    async def read(self, unit: Unit[T]) -> T:
        """Run a reading unit."""
        self.reads += 1
        return self._runner.at(self.now, lambda tx: unit(RecordedTransaction(tx, self.statements, set())))

    async def read_long(self, unit: Unit[T]) -> T:
        """Run a long reading unit."""
        self.long += 1
        return await self.read(unit)

    def listen(self, topic: str, wake: Callable[[], None]) -> None:
        """Call `wake` after each write that notified `topic`."""
        self._listeners.setdefault(topic, []).append(wake)

    def time(self) -> float:
        """Return the time of the next transaction in seconds since 1970."""
        return self.now.timestamp()

    def stopwatch(self) -> float:
        """Return seconds that do not change when the clock is set."""
        return (self.now - self.set_by).timestamp()

    def set_clock(self, by: timedelta) -> None:
        """Set the clock without letting time pass."""
        self.now += by
        self.set_by += by

    @contextmanager
    def recording(self) -> Iterator[list[object]]:
        """Yield the list of statements executed in the block."""
        self.statements = []
        try:
            yield self.statements
        finally:
            self.statements = None

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows at once; columns that a row does not name are null."""
        self._runner.insert(table, rows)

    def trial(self) -> AbstractContextManager[list[int]]:
        """Undo all changes of the block, and count the steps of SQLite's virtual machine in the list's only item."""
        assert isinstance(self._runner, SqliteRunner)
        return self._runner.trial()

    def close(self) -> None:
        """Close the database."""
        self._runner.close()


@dataclass
class Installation:
    """The installation under test.

    Attributes:
        database: the database.
        passwords: a hasher with low cost.
        sent: mails sent so far.
        sign_in: the sign-in operations.
        accounts: the operations of accounts.
        invited: keys of the addresses whose mailbox `INVITATION` proves.
        verified: contacts and address keys of which the life cycle was notified.
    """

    database: TimedDatabase
    passwords: Passwords
    sent: list[Mail] = field(default_factory=list)
    invited: set[str] = field(default_factory=set)
    verified: list[tuple[Guid, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sign_in = self.node()
        self.accounts = AccountsService(
            self.database, self.passwords, lambda: KEYS, self._prove, self._note_verified, AccountSettings()
        )

    def node(
        self,
        passwords: Passwords | None = None,
        allowed_origins: Collection[str] = frozenset(),
        *,
        is_told: bool = True,
    ) -> SignInService:
        """Create the sign-in operations of another node of the installation.

        Args:
            passwords: hasher; by default that of the installation.
            allowed_origins: other origins whose pages may act for a visitor.
            is_told: whether the node is notified of revocations.
        """
        service = SignInService.build(
            users=PlatformUsers(self.database),
            sessions=PlatformSessions(self.database),
            passwords=passwords or self.passwords,
            keys=lambda: KEYS,
            settings=SignInSettings(ORIGIN, frozenset(allowed_origins)),
            clock=self.database.time,
            stopwatch=self.database.stopwatch,
        )
        if is_told:
            self.database.listen("sessions", service.authenticator.expect_revocations)
        return service

    def wait(self, duration: timedelta) -> None:
        """Let time pass."""
        self.database.now += duration

    async def register(self, address: str = ADDRESS, **members: Any) -> RegisterNewUserResponse:
        """Register an address."""
        message = a_registration(email_address=address, **members)
        return await self.accounts.register(message, Call(client="192.0.2.1"))

    async def member(self, address: str = ADDRESS, password: str = PASSWORD) -> Guid:
        """Register an address and prove the mailbox; return the contact."""
        await self.register(address, password=password)
        await self.prove(address, password)
        return self.verified[-1][0]

    async def prove(self, address: str = ADDRESS, password: str = PASSWORD) -> None:
        """Confirm the latest link mailed to the address."""
        await self.verify(await self.link_to(address), password)

    async def verify(
        self, token: str, password: str | None = PASSWORD, client: str = ELSEWHERE, **members: Any
    ) -> None:
        """Confirm a link with a password and the other inputs of the page."""
        assert READY == await self.answer_to_proof(token, password, client, **members)

    async def answer_to_proof(
        self, token: str, password: str | None = PASSWORD, client: str = ELSEWHERE, **members: Any
    ) -> str | None:
        """Return the response to confirming a link, whether success or error."""
        message = VerifyMailbox(token=token, password=password, **members)
        return (await self.accounts.verify_mailbox(message, Call(client=client))).message

    async def link_to(self, address: str = ADDRESS) -> str:
        """Return the token of the latest link mailed to an address."""
        return token_in([mail for mail in await self.mails() if mail.to == address][-1])

    async def ask_for_reset(self, address: str = ADDRESS) -> None:
        """Request a password reset."""
        await self.accounts.get_reset_token(GetResetPasswordToken(user_name=address), Call(client="192.0.2.1"))

    async def reset(self, token: str, password: str, client: str = "192.0.2.1") -> None:
        """Choose a new password."""
        await self.accounts.reset_password(PasswordReset(token=token, new_password=password), Call(client=client))

    async def authenticate(
        self, password: str = PASSWORD, address: str = ADDRESS, *, call: Call | None = None, **members: Any
    ) -> Answer:
        """Sign in."""
        message = Authenticate(provider="credentials", user_name=address, password=password, **members)
        return await self.sign_in.authenticate(message, call or Call(client="192.0.2.1"))

    async def bearer(self, **members: Any) -> AuthenticateResponse:
        """Sign in as a program that keeps tokens."""
        return described(await self.authenticate(**members))

    async def browser(self, **members: Any) -> dict[str, str]:
        """Sign in as a browser; return its cookies."""
        answer = await self.authenticate(call=Call(headers=BROWSER, client="192.0.2.1"), **members)
        return jar_after({}, answer)

    async def letters_waiting(self) -> list[tuple[str, LetterKey]]:
        """Return the letters to be sent."""
        return await self.database.read(lambda tx: tx.all(_WAITING))

    async def mails(self) -> list[Mail]:
        """Send the waiting letters; return all mails sent so far, without dropped and withheld letters."""
        kinds = {kind.name: kind for kind in AccountLetters(AccountSettings()).kinds()}
        context = LetterContext("Platform API", ORIGIN, addresses(ORIGIN).url_of, _token)
        for name, key in await self.letters_waiting():
            kind: Any = kinds[name]
            facts = await self.database.write(partial(_sent, kind, key))
            if not isinstance(facts, Drop | Wait | Withhold):
                self.sent.append(kind.render(facts, context))
        return list(self.sent)

    async def _prove(self, _tx: Transaction, token: str, address_key: str) -> str | None:
        return "proved" if token == INVITATION and address_key in self.invited else None

    async def _note_verified(self, _tx: Transaction, contact_id: Guid, address_key: str) -> None:
        self.verified.append((contact_id, address_key))


@asynccontextmanager
async def installation() -> AsyncIterator[Installation]:
    """Create an empty installation."""
    database, passwords = TimedDatabase(), Passwords(CHEAP)
    try:
        yield Installation(database, passwords)
    finally:
        passwords.close()
        database.close()


def a_registration(**members: Any) -> RegisterNewUser:
    """Create a complete registration."""
    given = {
        "email_address": ADDRESS,
        "password": PASSWORD,
        "first_name": "First",
        "surname": "Person",
        "description": "Builds things",
        "employment_industry": "Construction",
        "employment_role": "Foreman",
        "employment_geographic_area": "New South Wales",
    }
    return RegisterNewUser(**given | members)


def token_in(mail: Mail) -> str:
    """Return the token of the link in a mail."""
    found = re.search(r"Token=([\w.-]+)", mail.text)
    assert found is not None
    return found[1]


def described(answer: Answer) -> AuthenticateResponse:
    """Return the message of a sign-in response."""
    assert isinstance(answer.message, AuthenticateResponse)
    return answer.message


def jar_after(jar: Mapping[str, str], answer: Any) -> dict[str, str]:
    """Return a client's cookies after a response, or anything else with `cookies`."""
    kept = dict(jar)
    for cookie in answer.cookies:
        if cookie.max_age == 0:
            kept.pop(cookie.name, None)
        else:
            kept[cookie.name] = cookie.value
    return kept


async def _sent(kind: LetterKind[Any], key: LetterKey, tx: Transaction) -> Any:
    """Render the facts of a letter as a mail."""
    facts = await kind.load(tx, key)
    await tx.execute(_SEND, subject=key.subject_id, of_series=key.series)
    return facts


def _token(purpose: str, id_: Guid, version: int) -> str:
    return tokens.derive(KEYS, Purpose(purpose), id_, version)


__all__ = [
    "ADDRESS",
    "BROWSER",
    "ELSEWHERE",
    "INVITATION",
    "ORIGIN",
    "PASSWORD",
    "START",
    "Installation",
    "TimedDatabase",
    "a_registration",
    "described",
    "installation",
    "jar_after",
    "token_in",
]
