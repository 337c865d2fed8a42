"""The composition root: builds every package, from the bottom to the top, and the host that serves their operations."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from platform_api.accounts import wiring as accounts_wiring
from platform_api.connections import wiring as connections_wiring
from platform_api.database.metadata import metadata
from platform_api.directory import wiring as directory_wiring
from platform_api.foundation.error_codes import ErrorCode
from platform_api.foundation.parts import Capability, Operations, Parts, Runner
from platform_api.identity import wiring as identity_wiring
from platform_api.installation.opening import open_parts
from platform_api.installation.settings import Settings
from platform_api.journal import wiring as journal_wiring
from platform_api.limits import wiring as limits_wiring
from platform_api.mail import wiring as mail_wiring
from platform_api.management import Monitor, RequestMetrics
from platform_api.management import wiring as management_wiring
from platform_api.roles import RoleBook
from platform_api.roles import wiring as roles_wiring
from platform_api.schedule import wiring as schedule_wiring
from platform_api.web import wiring as web_wiring
from servicehost.contract.catalog import Catalog
from servicehost.formats.registry import HOST_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings

COLLECTED_AFTER: Final = 10_000
"""New objects after which the garbage collector examines the youngest generation."""


@dataclass(frozen=True)
class Platform:
    """An installation that is built, and does nothing before it is run.

    Attributes:
        packages: additions of each package, from the bottom to the top.
        catalog: the operations below the mount.
        host: serves the operations and the pages.
        runners: background work, from the start of the server to its stop.
    """

    packages: tuple[Capability, ...]
    catalog: Catalog
    host: Host
    runners: tuple[Runner, ...]

    @property
    def operations(self) -> Operations:
        """Handlers of the operations below the mount."""
        return _merged(each.operations for each in self.packages)


def build(parts: Parts, settings: Settings, roles: RoleBook, monitor: Monitor | None = None) -> Platform:
    """Build the platform: each package of `parts`, its settings, and the packages before it.

    The worker of mail and the schedule come last: they carry out what the packages add. The monitor watches them all.
    """
    host_settings = _host_settings(settings)
    mail = mail_wiring.build(parts, settings.mail_server, settings.mail, settings.lists)
    identity = identity_wiring.build(parts, settings.sign_in, host_settings.trusted_origins)
    connections = connections_wiring.build(parts, settings.connections, roles)
    accounts = accounts_wiring.build(parts, settings.accounts, connections)
    packages = (
        journal_wiring.build(),
        limits_wiring.build(),
        mail,
        roles_wiring.build(parts, roles),
        identity,
        connections,
        accounts,
        directory_wiring.build(parts, settings.lists, roles),
        web_wiring.build(parts, connections, accounts),
    )
    catalog = Catalog(parts.service, _merged(each.operations for each in packages), error_codes=ErrorCode)
    pages = _merged(each.pages for each in packages)
    requests = RequestMetrics()
    host = Host(catalog, HOST_FORMATS, identity.authenticator, host_settings, pages=pages, observe=requests.observe)
    letters = [letter for each in packages for letter in each.letters]
    runners = (schedule_wiring.build(parts, packages), mail.make_worker(letters, host.addresses.url_of))
    management_wiring.build(parts, packages, runners, requests, monitor or Monitor())
    return Platform(packages, catalog, host, runners)


@asynccontextmanager
async def open_platform(settings: Settings, monitor: Monitor | None = None) -> AsyncIterator[Host]:
    """The running installation, until the end of the `async with`. This is the one place that opens and closes.

    `monitor` reports on it.

    Background work is stopped first and waited for, then the parts that it uses are closed.
    """
    async with AsyncExitStack() as running:
        parts = await running.enter_async_context(open_parts(settings))
        watching = monitor or Monitor()
        roles = await RoleBook.open(parts.database)
        running.push_async_callback(roles.close)
        platform = build(parts, settings, roles, watching)
        for runner in platform.runners:
            await running.enter_async_context(_running(runner))
        _spare_the_collector()
        await running.enter_async_context(watching.serving())
        yield platform.host


def _merged(operations: Iterable[Operations]) -> Operations:
    return {request: handler for each in operations for request, handler in each.items()}


def _host_settings(settings: Settings) -> HostSettings:
    server, origins = settings.server, settings.origins
    return HostSettings(
        body_limit=server.body_limit,
        header_limit=server.header_limit,
        header_count=server.header_count,
        allowed_origins=origins.allowed,
        cors_origins=origins.cors,
        trusted_proxies=server.trusted_proxies,
        access_log=settings.logging.access,
    )


@asynccontextmanager
async def _running(runner: Runner) -> AsyncIterator[None]:
    """Run background work until the end of the `async with`; it is asked to stop, then waited for."""
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        runner.stop()
        await task


def _spare_the_collector() -> None:
    """Make the garbage collector run rarely: what is built at start lives until the end, and requests leave no cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, 20, 20)


__all__ = ["Platform", "build", "metadata", "open_platform"]
