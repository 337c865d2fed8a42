"""The benchmark data: contacts with received requests, identical for all implementations.

It is created through the platform's own stores, then read back and written into the schema of the peers.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

import platform_api
from platform_api import contacts, identity
from platform_api.connections import lifecycle
from platform_api.connections.lifecycle import NewRequest
from platform_api.connections.settings import Terms
from platform_api.connections.values import End
from platform_api.contacts import Actor, NewPerson, Profile
from platform_api.database.transaction import Database, Transaction
from platform_api.identity import EmailAddress, NewUser, PlatformSessions
from platform_api.installation import first_start
from platform_api.installation.opening import open_database, open_keys
from platform_api.installation.settings import Settings, load
from platform_api.roles.standard import CLIENT, SUPPLIER
from servicehost.contract.scalars import Guid
from servicehost.security.access_tokens import AccessTokens
from servicehost.security.protocols import Credential, NewSession, SignInAttempt

CONTACTS: Final = 1000
RECEIVED: Final = 50
RESENT: Final = 2000
"""Number of requests that are resent repeatedly."""

PUBLIC_URL: Final = "http://platform-api.example"
LIFE: Final = timedelta(days=14)
_FRESH: Final = 86_400
_ORDINALS: Final = ("First", "Second", "Troisième", "Vierte", "Quinto", "Šestý", "Séptima", "Ósmy", "Nionde", "Tíunda")
_TRADES: Final = ("Builder", "Électricien", "Prüfer", "Diseñador", "Carpenter", "Hráč", "Målare", "O'Fitter")
_TITLES: Final = ("Engineer", "Head of R&D", "Sales <EMEA>", "CFO")


@dataclass(frozen=True)
class Member:
    """A contact that can sign in.

    Attributes:
        token: access token of the platform.
        peer_token: token that the peers accept.
    """

    id: Guid
    names: tuple[str, str]
    address: str
    token: str
    peer_token: str


@dataclass(frozen=True)
class World:
    """Location and contents of the data.

    Attributes:
        requests: id, sender and receiver of each request, by their index among the members.
        secret: secret that signs the peers' tokens.
    """

    folder: Path
    members: list[Member]
    requests: list[tuple[Guid, int, int]]
    secret: str

    @property
    def ours(self) -> Path:
        """Database of the platform."""
        return self.folder / "ours.sqlite3"

    @property
    def peers(self) -> Path:
        """Database of the peers."""
        return self.folder / "peers.sqlite3"


def find_or_make(folder: Path) -> World:
    """Return the world of the folder; create it again if it is older than a day or the tables have changed."""
    note = folder / "world.json"
    if note.exists() and time.time() - note.stat().st_mtime < _FRESH:
        known, world = msgspec.json.decode(
            note.read_bytes(), type=tuple[str, World], dec_hook=lambda _, text: Path(text)
        )
        if known == _fingerprint():
            return world
    shutil.rmtree(folder, ignore_errors=True)
    world = make(folder)
    note.write_bytes(msgspec.json.encode((_fingerprint(), world), enc_hook=str))
    return world


def _fingerprint() -> str:
    """Return a value that changes whenever the world would differ."""
    tables = sorted(Path(platform_api.__path__[0]).rglob("tables.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in (Path(__file__), *tables))).hexdigest()


def make(folder: Path) -> World:
    """Create the world in a folder that does not exist yet."""
    folder.mkdir(parents=True)
    settings = load(flags=flags(folder / "ours.sqlite3", folder / "keys"), environment={}).settings
    first_start.prepare(settings)
    world = asyncio.run(_populate(settings, folder))
    _tidy(world.ours)
    _copy_for_peers(world)
    return world


def flags(database: Path, keys: Path) -> dict[str, str]:
    """Return the settings of the platform for measuring: no limits, no mail, no logs."""
    unlimited = (
        *("resends_per_request", "sends_per_user_hour", "sends_per_user_day", "sends_per_organisation_day"),
        *("pending_per_sender", "letters_per_address_day"),
    )
    return {
        "server.public_url": PUBLIC_URL,
        "database.path": str(database),
        "keys.path": str(keys),
        "mail.lanes": "0",
        "logging.access": "false",
        "logging.level": "warning",
        "limits.resend_cooldown": "0s",
        **{f"limits.{name}": "unlimited" for name in unlimited},
    }


async def _populate(settings: Settings, folder: Path) -> World:
    secret = secrets.token_hex(32)
    async with open_database(settings) as database:
        tokens = AccessTokens(open_keys(settings), PUBLIC_URL, LIFE)
        members = [await _member(database, tokens, number, secret) for number in range(CONTACTS)]
        requests: list[tuple[Guid, int, int]] = []
        for receiver in range(CONTACTS):
            senders = [(receiver + step) % CONTACTS for step in range(1, RECEIVED + 1)]
            ids = await database.write(partial(_ask, members=members, senders=senders, receiver=receiver))
            requests += [(id_, sender, receiver) for id_, sender in zip(ids, senders, strict=True)]
    return World(folder, members, requests, secret)


async def _member(database: Database, tokens: AccessTokens, number: int, secret: str) -> Member:
    """Create a person with a login, a profile and a session."""
    names = _ORDINALS[number % len(_ORDINALS)], f"{_TRADES[number % len(_TRADES)]} {number}"
    address = EmailAddress(f"member{number}@example.com", f"member{number}@example.com")
    profile = Profile(first_name=names[0], surname=names[1], employment_role=_TITLES[number % len(_TITLES)])

    async def unit(tx: Transaction) -> Guid:
        contact_id = await contacts.create_person(tx, NewPerson(profile=profile, email=address.text))
        await identity.create_user(tx, user := NewUser(contact_id=contact_id, address=address, password_hash=None))
        user_ids.append(user.id)
        return contact_id

    user_ids: list[Guid] = []
    contact_id = await database.write(unit)
    session = NewSession((Credential("lasting", secrets.token_hex(32), LIFE),), remembered=True)
    attempt = SignInAttempt(address.text, "", user_ids[-1], None)
    principal = await PlatformSessions(database).open(attempt, session, None)
    if principal is None:
        raise LookupError("the member that was just created cannot be found")
    token = tokens.issue(principal.user_id, principal.session_id, time.time())
    return Member(contact_id, names, address.text, token, _peer_token(secret, contact_id))


async def _ask(tx: Transaction, members: list[Member], senders: Iterable[int], receiver: int) -> list[Guid]:
    """Create a pending request from each of the senders."""
    to, asked = members[receiver], []
    for sender in senders:
        by = members[sender].id
        wish = NewRequest(End(by, CLIENT), End(to.id, SUPPLIER), to.id, None, to.address)
        asked.append((await lifecycle.open_request(tx, Actor(by, by), wish, Terms(request_life=LIFE))).id)
    return asked


def _peer_token(secret: str, contact_id: Guid) -> str:
    now = int(time.time())
    claims = {"sub": contact_id, "iss": "benchmark", "iat": now, "exp": now + int(LIFE.total_seconds())}
    signed = b".".join(_packed(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return (signed + b"." + _packed(hmac.digest(secret.encode(), signed, "sha256"))).decode()


def _packed(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


_PEER_SCHEMA = """
CREATE TABLE contact (
    id TEXT PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT NOT NULL,
    company TEXT NOT NULL, job_title TEXT NOT NULL, avatar_url TEXT NOT NULL);
CREATE TABLE connection_request (
    id TEXT PRIMARY KEY, sender_id TEXT NOT NULL REFERENCES contact (id),
    recipient_id TEXT NOT NULL REFERENCES contact (id), status TEXT NOT NULL, message TEXT NOT NULL,
    created_at TEXT NOT NULL, expires_at TEXT NOT NULL, resent_at TEXT, resend_count INTEGER NOT NULL);
CREATE INDEX ix_request_recipient ON connection_request (recipient_id, created_at);
CREATE TABLE email_outbox (
    id INTEGER PRIMARY KEY, request_id TEXT NOT NULL, recipient_id TEXT NOT NULL, kind TEXT NOT NULL,
    created_at TEXT NOT NULL, state TEXT NOT NULL);
"""


def _copy_for_peers(world: World) -> None:
    with closing(sqlite3.connect(world.ours)) as ours:
        times = {row[0]: row[1:] for row in ours.execute("SELECT id, created_at, expires_at FROM connection_requests")}
    with closing(sqlite3.connect(world.peers)) as peers, peers:
        peers.execute("PRAGMA journal_mode = WAL")
        peers.executescript(_PEER_SCHEMA)
        peers.executemany("INSERT INTO contact VALUES (?, ?, ?, ?, ?, ?, ?)", _peer_contacts(world))
        peers.executemany(
            "INSERT INTO connection_request VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _peer_requests(world, times)
        )
    _tidy(world.peers)


def _peer_contacts(world: World) -> Iterator[tuple[Any, ...]]:
    for number, member in enumerate(world.members):
        title = _TITLES[number % len(_TITLES)]
        photo = f"https://images.example.com/{number}.png"
        yield member.id, *member.names, member.address, f"Company & Sons {number % 97}", title, photo


def _peer_requests(world: World, times: dict[str, tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    message = "Hello, I would like to connect with you about <our> common project & more."
    for number, (id_, sender, receiver) in enumerate(world.requests):
        created, expires = times[id_]
        ends = world.members[sender].id, world.members[receiver].id
        yield id_, *ends, "Pending", message, created, expires, created if number % 2 else None, number % 3


def _tidy(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("ANALYZE")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def some_requests(world: World) -> list[tuple[Guid, int, int]]:
    """Return the requests to resend: the same ones in every run, spread over the table."""
    return random.Random(7).sample(world.requests, RESENT)  # noqa: S311 - no secret


__all__ = [
    "CONTACTS",
    "LIFE",
    "PUBLIC_URL",
    "RECEIVED",
    "RESENT",
    "Member",
    "World",
    "find_or_make",
    "flags",
    "make",
    "some_requests",
]
