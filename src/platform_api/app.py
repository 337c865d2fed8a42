"""The composition root: the one place that knows everything, and gives each part what it needs.

`create_app` makes the ASGI application of an installation. Its parts are opened when the server starts it and closed,
in the opposite order, when the server stops it.
"""

import asyncio
import gc
import hmac
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog

from platform_api import journal, limits
from platform_api.accounts import upkeep as upkeep_of_accounts
from platform_api.accounts.letters import AccountLetters
from platform_api.accounts.services import AccountsService
from platform_api.accounts.values import AccountSettings
from platform_api.connections import showing
from platform_api.connections import upkeep as upkeep_of_connections
from platform_api.connections.answering import Answering
from platform_api.connections.blocking import Blocking
from platform_api.connections.letters import ConnectionLetters
from platform_api.connections.links import Links
from platform_api.connections.sending import Sending, SendingQuotas
from platform_api.connections.services import ConnectionsService, address_verified, prove_mailbox
from platform_api.connections.tokens import Invitations
from platform_api.connections.values import Terms
from platform_api.database.metadata import metadata
from platform_api.database.transaction import Database, Transaction
from platform_api.directory.list_services import ListsService
from platform_api.directory.services import DirectoryService
from platform_api.foundation import tokens
from platform_api.foundation.tokens import Purpose
from platform_api.identity import upkeep as upkeep_of_identity
from platform_api.identity.sign_in import PlatformSessions, PlatformUsers
from platform_api.identity.throttle import Lockout
from platform_api.identity.users import SESSIONS
from platform_api.installation import logs
from platform_api.installation.keys import KeyFolder, lasting_secret
from platform_api.installation.parts import make_passwords, open_database, open_keys
from platform_api.installation.settings import Settings, load
from platform_api.limits import Quota
from platform_api.lists.paging import PageLimits
from platform_api.mail import upkeep as upkeep_of_outbox
from platform_api.mail.envelope import Sender
from platform_api.mail.kinds import by_name
from platform_api.mail.mail import LetterContext
from platform_api.mail.mailbox import MailboxTransport
from platform_api.mail.services import MailboxService
from platform_api.mail.smtp import SmtpSettings, SmtpTransport
from platform_api.mail.transport import Transport
from platform_api.mail.values import OutboxSettings
from platform_api.mail.worker import OutboxWorker
from platform_api.roles import RoleBook, RolesService
from platform_api.schedule import LatestInstant, PeriodicUnit, Scheduler, repair
from platform_api.web.services import WebService
from servicehost.contract.call import Handler
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import DATACONTRACT_NAMESPACE, Request
from servicehost.contract.scalars import Guid
from servicehost.formats.registry import HOST_FORMATS
from servicehost.http.app import Host, Scope, Send
from servicehost.http.body import Receive
from servicehost.http.settings import HostSettings
from servicehost.security.origin import origin_of
from servicehost.security.passwords import Passwords
from servicehost.security.services import SignInService
from servicehost.security.settings import SignInSettings

SERVICE_NAME: Final = "Platform API"
CLR_NAMESPACE: Final = "Eros.Subtle.Canvara.WebAPIModel.ServiceModel"
"""The namespace of the contract's messages, which clients of it have in their code."""

XML_NAMESPACE: Final = DATACONTRACT_NAMESPACE + CLR_NAMESPACE

COLLECTED_AFTER: Final = 10_000
"""How many objects more there must be before the collector looks for cycles among the young ones."""

_log = structlog.get_logger("platform_api.app")


@dataclass(frozen=True)
class Parts:
    """What every capability is built from."""

    settings: Settings
    database: Database
    keys: KeyFolder
    passwords: Passwords
    roles: RoleBook


class Application:
    """The installation as an ASGI application: it exists between the start and the stop of the server's lifespan."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._host: Host | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._host is not None:
            await self._host(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as running:
            try:
                self._host = await running.enter_async_context(open_installation(self._settings))
            except Exception as error:  # noqa: BLE001 - told to the server, which ends the process
                _log.exception("not started")
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            _spare_the_collector()
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def _spare_the_collector() -> None:
    """What was made at start lives until the end, and requests leave no cycles: the collector need not look so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, 20, 20)


def create_app(settings: Settings | None = None) -> Application:
    """The ASGI application; without settings, those of the file and the environment, which say how to log too."""
    if settings is None:
        settings = load().settings
        logs.configure(settings.logging.level, settings.logging.format)
    return Application(settings)


@asynccontextmanager
async def open_installation(settings: Settings) -> AsyncIterator[Host]:
    """Everything that serves, mails and keeps house, until the end of the `async with`."""
    keys = open_keys(settings)
    async with AsyncExitStack() as running:
        passwords = running.enter_context(closing(make_passwords(settings)))
        database = await running.enter_async_context(open_database(settings))
        parts = Parts(settings, database, keys, passwords, await RoleBook.open(database))
        worker = _outbox_worker(parts)
        scheduler = Scheduler(database, _periodic_units(parts, worker.lease))
        await running.enter_async_context(_running(scheduler.run(), scheduler.stop))
        await running.enter_async_context(_running(worker.run(), worker.stop))
        yield build_host(parts)


def build_host(parts: Parts) -> Host:
    """The host with every operation of the platform."""
    sign_in = _sign_in(parts)
    accounts, answering = _accounts(parts), make_answering(parts)
    service = make_service(parts.settings)
    web = WebService(service, _links(parts), answering, accounts)
    catalog = Catalog(service, {**operations(parts, sign_in, accounts, answering), **web.handlers()})
    server, allowed = parts.settings.server, parts.settings.sign_in.allowed_origins
    return Host(
        catalog,
        HOST_FORMATS,
        sign_in.authenticator,
        HostSettings(
            body_limit=server.body_limit,
            header_limit=server.header_limit,
            header_count=server.header_count,
            allowed_origins=allowed,
            cors_origins=parts.settings.cors.allowed_origins,
            trusted_proxies=server.trusted_proxies,
            access_log=parts.settings.logging.access,
        ),
        pages=web.pages(),
    )


def make_service(settings: Settings) -> Service:
    """What the host says of itself."""
    return Service(SERVICE_NAME, settings.server.url, XML_NAMESPACE, CLR_NAMESPACE, front="/")


def operations(
    parts: Parts, sign_in: SignInService, accounts: AccountsService, answering: Answering
) -> Mapping[type[Request[Any]], Handler]:
    """Every published operation with its handler."""
    database, roles = parts.database, parts.roles
    services = (
        sign_in,
        accounts,
        ConnectionsService(make_sending(parts), answering, Blocking(database)),
        RolesService(database, roles),
        make_directory(parts),
        ListsService(database, roles),
        MailboxService(database, page_limits(parts)),
    )
    return {request: handler for service in services for request, handler in service.handlers().items()}


def _sign_in(parts: Parts) -> SignInService:
    sign_in, server = parts.settings.sign_in, parts.settings.server
    lockout = Lockout()
    service = SignInService.build(
        users=PlatformUsers(parts.database, lockout),
        sessions=PlatformSessions(parts.database, lockout),
        passwords=parts.passwords,
        keys=parts.keys,
        settings=SignInSettings(
            public_origin=origin_of(server.url),
            allowed_origins=frozenset(
                origin_of(origin) for origin in (*sign_in.allowed_origins, *parts.settings.cors.allowed_origins)
            ),
            access_life=sign_in.access_token_life,
            session_life=sign_in.session_life,
            remembered_life=sign_in.remembered_session_life,
            refresh_life=sign_in.refresh_token_life,
        ),
    )
    parts.database.listen(SESSIONS, service.authenticator.expect_revocations)
    return service


def _accounts(parts: Parts) -> AccountsService:
    async def proved(tx: Transaction, token: str, address_key: str) -> object | None:
        return await prove_mailbox(tx, _invitations(parts), token, address_key)

    return AccountsService(
        database=parts.database,
        passwords=parts.passwords,
        keys=parts.keys,
        proved_by_invitation=proved,
        address_verified=address_verified,
        settings=_account_settings(parts.settings),
    )


def _account_settings(settings: Settings) -> AccountSettings:
    return AccountSettings(
        proof_life=settings.sign_in.proof_life,
        reset_life=settings.sign_in.reset_life,
        gaps=settings.limits.account_letter_gaps,
    )


def make_directory(parts: Parts) -> DirectoryService:
    """The lists of requests and connections."""
    return DirectoryService(parts.database, parts.roles, page_limits(parts), parts.settings.server.url)


def page_limits(parts: Parts) -> PageLimits:
    """How long lists and their pages may be."""
    lists = parts.settings.lists
    return PageLimits(lists.page_size, lists.page_size_limit, lists.unpaged_limit)


def make_sending(parts: Parts) -> Sending:
    """The operations that send requests."""
    numbers = parts.settings.limits
    hour, day = timedelta(hours=1), timedelta(days=1)
    quotas = SendingQuotas(
        person_hourly=Quota("sendings of a person in an hour", numbers.sends_per_user_hour, hour),
        person_daily=Quota("sendings of a person in a day", numbers.sends_per_user_day, day),
        organisation_daily=Quota("sendings of an organisation in a day", numbers.sends_per_organisation_day, day),
    )
    return Sending(parts.database, parts.roles, _terms(parts.settings), quotas)


def make_answering(parts: Parts) -> Answering:
    """The operations that answer requests and end connections."""
    return Answering(parts.database, parts.roles, _terms(parts.settings), _invitations(parts))


def _links(parts: Parts) -> Links:
    return Links(parts.database, parts.roles, _terms(parts.settings), _invitations(parts))


def _invitations(parts: Parts) -> Invitations:
    return Invitations(parts.keys)


def _terms(settings: Settings) -> Terms:
    numbers = settings.limits
    return Terms(
        request_life=numbers.request_life,
        undo_window=numbers.decline_undo,
        resend_cooldown=numbers.resend_cooldown,
        resends=numbers.resends_per_request,
        pending=numbers.pending_per_sender,
        kept=numbers.kept_contacts_per_contact,
    )


def _outbox_worker(parts: Parts) -> OutboxWorker:
    secret = lasting_secret(parts.settings.keys.path)

    def token(purpose: str, subject_id: Guid, version: int) -> str:
        return tokens.derive(parts.keys(), Purpose(purpose), subject_id, version)

    def address_hash(address_key: str) -> str:
        return hmac.digest(secret, address_key.encode(), "sha256").hex()

    return OutboxWorker(
        parts.database,
        by_name(*ConnectionLetters(parts.roles).kinds(), *AccountLetters(_account_settings(parts.settings)).kinds()),
        _transport(parts),
        LetterContext(SERVICE_NAME, parts.settings.server.url, token),
        sender=Sender.read(parts.settings.mail.sender),
        address_hash=address_hash,
        settings=_outbox_settings(parts.settings),
    )


def _outbox_settings(settings: Settings) -> OutboxSettings:
    mail = settings.mail
    return OutboxSettings(
        daily_letters=settings.limits.letters_per_address_day,
        sender_letters=settings.limits.letters_per_sender_day,
        lanes=mail.lanes,
        tick=mail.tick,
        lease=mail.lease,
        slow_retry=mail.slow_retry,
    )


def _transport(parts: Parts) -> Transport:
    mail = parts.settings.mail
    if mail.host is None:
        return MailboxTransport(parts.database)
    return SmtpTransport(
        SmtpSettings(
            host=mail.host,
            port=mail.smtp_port,
            security=mail.security,
            username=mail.username,
            password=mail.password,
            timeout=mail.timeout,
        )
    )


def _periodic_units(parts: Parts, lease: timedelta) -> tuple[PeriodicUnit, ...]:
    account_settings = _account_settings(parts.settings)

    async def purge_sessions(tx: Transaction) -> bool:
        return await upkeep_of_identity.purge(tx, Lockout()) >= upkeep_of_identity.BATCH

    async def purge_registrations(tx: Transaction) -> bool:
        return await upkeep_of_accounts.purge(tx, account_settings) >= upkeep_of_accounts.BATCH

    return (
        repair(latest_instants(parts.settings, lease)),  # first: the other units decide by these instants
        upkeep_of_connections.EXPIRY,
        upkeep_of_connections.STRANGERS,
        showing.MORE,
        PeriodicUnit("put the journal in order", timedelta(seconds=2), journal.sequence),
        PeriodicUnit("purge limits", timedelta(hours=1), limits.purge),
        PeriodicUnit("purge sessions", timedelta(hours=1), purge_sessions),
        PeriodicUnit("purge registrations", timedelta(hours=6), purge_registrations),
        *upkeep_of_outbox.periodic_units(_outbox_settings(parts.settings)),
    )


def latest_instants(settings: Settings, lease: timedelta) -> tuple[LatestInstant, ...]:
    """The latest instants that columns can hold; `lease` is how long a worker may have a letter in hand."""
    sign_in = settings.sign_in
    lives = (sign_in.session_life, sign_in.remembered_session_life, sign_in.refresh_token_life)
    return (
        *upkeep_of_connections.latest_instants(_terms(settings)),
        *upkeep_of_accounts.latest_instants(),
        *upkeep_of_identity.latest_instants(lives),
        *upkeep_of_outbox.latest_instants(lease),
    )


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None], stop: Callable[[], None]) -> AsyncIterator[None]:
    """Let background work run until the end of the `async with`; it is asked to stop, then waited for."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        stop()
        await task


__all__ = [
    "Application",
    "Parts",
    "build_host",
    "create_app",
    "latest_instants",
    "make_answering",
    "make_directory",
    "make_sending",
    "make_service",
    "metadata",
    "open_installation",
    "operations",
]
