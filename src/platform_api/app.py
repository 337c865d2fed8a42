"""The ASGI application of an installation, as servers load it.

`platform-api serve` runs it. Other ASGI servers load `platform_api.app:create_app` as a factory.
"""

from platform_api.installation import logs
from platform_api.installation.settings import Settings, load
from platform_api.wiring import open_platform
from servicehost.http.lifespan import LifespanApplication


def create_app(settings: Settings | None = None) -> LifespanApplication:
    """The ASGI application; without settings, those of the file and the environment apply, also to the log."""
    if settings is None:
        settings = load().settings
        logs.configure(settings.logging.level, settings.logging.format)
    return LifespanApplication(lambda: open_platform(settings))


__all__ = ["create_app"]
