"""Pairs of cases that must be indistinguishable, with the people they need, created through the platform's own stores."""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

import msgspec

from benchmarks.world import LIFE, PUBLIC_URL
from platform_api import contacts, identity
from platform_api.connections import lifecycle, store
from platform_api.connections.lifecycle import NewRequest
from platform_api.connections.settings import Terms
from platform_api.connections.values import End
from platform_api.contacts import Actor, NewPerson, Profile
from platform_api.database.transaction import Database, Transaction
from platform_api.identity import NewUser, PlatformSessions, parse_address
from platform_api.installation.opening import make_passwords, open_database, open_keys
from platform_api.installation.settings import Settings
from platform_api.roles.standard import EMPLOYEE, EMPLOYER
from servicehost.contract.scalars import Guid
from servicehost.security.access_tokens import AccessTokens
from servicehost.security.protocols import Credential, NewSession, SignInAttempt

BATCH: Final = 100
PASSWORD: Final = "correct horse battery staple"
WRONG: Final = "incorrect horse battery staple"


@dataclass(frozen=True)
class Asking:
    """One request: path, body, and whether it is signed."""

    path: str
    body: Mapping[str, object] = field(default_factory=dict)
    signed: bool = True


@dataclass(frozen=True)
class Pair:
    """Two cases that a client must not be able to distinguish; each makes a request from a number."""

    name: str
    first: Callable[[int], Asking]
    second: Callable[[int], Asking]


@dataclass(frozen=True)
class Scenes:
    """The data to measure with: the sender's token, and every pair."""

    token: str
    pairs: Sequence[Pair]


async def make(settings: Settings, samples: int) -> Scenes:
    """Create the people of all pairs, enough for the given number of samples of each."""
    keys = open_keys(settings)
    passwords = make_passwords(settings)
    try:
        password_hash = await passwords.hash(PASSWORD)
    finally:
        passwords.close()
    async with open_database(settings) as database:
        cast = _Cast(database, samples, password_hash)
        tokens = AccessTokens(keys, PUBLIC_URL, LIFE)
        sender, token = await cast.sender(tokens)
        return Scenes(token, [*_of_accounts(await cast.accounts()), *_of_requests(sender, await cast.requests(sender))])


@dataclass(frozen=True)
class _Cast:
    """Creates people in batches; their addresses contain their numbers."""

    database: Database
    samples: int
    password_hash: str

    async def people(self, role: str) -> list[Guid]:
        """Create a registered person for each sample, with the given purpose in the name."""
        made: list[Guid] = []
        for start in range(0, self.samples, BATCH):
            numbers = range(start, min(start + BATCH, self.samples))
            made += await self.database.write(partial(self._batch, role=role, numbers=numbers))
        return made

    async def _batch(self, tx: Transaction, role: str, numbers: range) -> list[Guid]:
        return [(await self._person(tx, f"{role}{number}@example.com")).contact_id for number in numbers]

    async def _person(self, tx: Transaction, text: str) -> NewUser:
        address = parse_address(text)
        profile = Profile(first_name="Some", surname="Person")
        contact_id = await contacts.create_person(tx, NewPerson(profile=profile, email=address.text))
        user = NewUser(contact_id=contact_id, address=address, password_hash=self.password_hash)
        await identity.create_user(tx, user)
        return user

    async def sender(self, tokens: AccessTokens) -> tuple[Guid, str]:
        """Create the member who invites and resends; return an access token."""
        user = await self.database.write(lambda tx: self._person(tx, "sender@example.com"))
        session = NewSession((Credential("lasting", secrets.token_hex(32), LIFE),), remembered=True)
        attempt = SignInAttempt("sender@example.com", "", user.id, self.password_hash)
        principal = await PlatformSessions(self.database).open(attempt, session, None)
        if principal is None:
            raise LookupError("the sender that was just created cannot be found")
        return user.contact_id, tokens.issue(principal.user_id, principal.session_id, time.time())

    async def accounts(self) -> Sequence[str]:
        """Create an account for each sample of resets, registrations and sign-ins."""
        kinds = ("reset", "registration", "signin")
        for kind in kinds:
            await self.people(kind)
        return kinds

    async def requests(self, sender: Guid) -> dict[str, list[Guid]]:
        """Create the sender's pending, ignored and blocked requests, by kind, and the invited contacts."""
        await self.people("registered")
        for kind, blocked in (("blocked", True), ("ignored", False)):
            invited = await self.people(kind)
            await self._ask(sender, invited, kind, ignored=True, blocked=blocked)
        return {
            kind: await self._ask(
                sender, await self.people(f"resend-{kind}"), f"resend-{kind}", ignored=ignored, blocked=blocked
            )
            for kind, ignored, blocked in (("pending", False, False), ("ignored", True, False), ("blocked", True, True))
        }

    async def _ask(
        self, sender: Guid, receivers: Sequence[Guid], role: str, *, ignored: bool, blocked: bool
    ) -> list[Guid]:
        made: list[Guid] = []
        for start in range(0, len(receivers), BATCH):
            numbered = list(enumerate(receivers))[start : start + BATCH]

            async def unit(tx: Transaction, numbered: list[tuple[int, Guid]] = numbered) -> list[Guid]:
                for _, receiver in numbered if blocked else ():
                    await store.add_block(tx, receiver, sender)
                asked = [_asked(sender, each, f"{role}{number}@example.com", ignored) for number, each in numbered]
                actor, terms = Actor(sender, sender), Terms(request_life=timedelta(days=14))
                return [(await lifecycle.open_request(tx, actor, each, terms)).id for each in asked]

            made += await self.database.write(unit)
        return made


def _asked(sender: Guid, receiver: Guid, address: str, ignored: bool) -> NewRequest:
    return NewRequest(End(sender, EMPLOYEE), End(receiver, EMPLOYER), receiver, None, address, ignored)


def _of_accounts(kinds: Sequence[str]) -> list[Pair]:
    makers = dict(zip(kinds, (_reset, _registration, _sign_in), strict=True))
    return [
        Pair(f"{kind}: nobody, somebody", partial(make, "nobody-" + kind), partial(make, kind))
        for kind, make in makers.items()
    ]


def _reset(who: str, number: int) -> Asking:
    return Asking("/api/GetResetPasswordToken", {"UserName": f"{who}{number}@example.com"}, signed=False)


def _registration(who: str, number: int) -> Asking:
    body = {
        "FirstName": "Some",
        "Surname": "Person",
        "EmailAddress": f"{who}{number}@example.com",
        "Password": PASSWORD,
    }
    return Asking("/api/RegisterNewUser", body, signed=False)


def _sign_in(who: str, number: int) -> Asking:
    body = {"UserName": f"{who}{number}@example.com", "Password": WRONG}
    return Asking("/api/auth/credentials", body, signed=False)


def _of_requests(sender: Guid, resent: dict[str, list[Guid]]) -> list[Pair]:
    def invite(who: str, number: int) -> Asking:
        body = {"ContactId": sender, "EmailAddress": f"{who}{number}@example.com", "Roles": [EMPLOYEE]}
        return Asking("/api/InviteContact", body)

    def resend(kind: str, number: int) -> Asking:
        ids = resent[kind]
        body = {"ConnectionRequestId": ids[number % len(ids)], "ContactId": sender}
        return Asking("/api/ConnectionRequestResend", body)

    others = ("registered", "blocked", "ignored")
    return [
        *(
            Pair(f"invitation: unregistered, {who}", partial(invite, f"{who}-not"), partial(invite, who))
            for who in others
        ),
        *(Pair(f"resend: pending, {kind}", partial(resend, "pending"), partial(resend, kind)) for kind in others[1:]),
    ]


def encoded(asking: Asking) -> bytes:
    """Return the body of a request."""
    return msgspec.json.encode(asking.body)


__all__ = ["Asking", "Pair", "Scenes", "encoded", "make"]
