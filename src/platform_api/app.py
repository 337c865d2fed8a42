"""The ASGI application of an installation, as servers load it.

`platform-api serve` runs it. Other ASGI servers load `platform_api.app:create_app` as a factory.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from platform_api.installation import logs
from platform_api.installation.settings import Settings, load
from platform_api.management import Monitor, serving
from platform_api.wiring import open_platform
from servicehost.http.app import Host
from servicehost.http.lifespan import LifespanApplication


def create_app(settings: Settings | None = None) -> LifespanApplication:
    """The ASGI application for other servers, with its management listener.

    Without settings, those of the file and the environment apply, also to the log.
    """
    if settings is None:
        settings = load().settings
        logs.configure(settings.logging.level, settings.logging.format)
    return LifespanApplication(lambda: _with_listener(settings))


def create_monitored(settings: Settings, monitor: Monitor) -> LifespanApplication:
    """The ASGI application for a server that serves the monitor itself."""
    return LifespanApplication(lambda: open_platform(settings, monitor))


@asynccontextmanager
async def _with_listener(settings: Settings) -> AsyncIterator[Host]:
    monitor = Monitor()
    async with serving(monitor, settings.management.address), open_platform(settings, monitor) as host:
        yield host


__all__ = ["create_app", "create_monitored"]
