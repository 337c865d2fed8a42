"""Settings of an installation: their sections, and where values come from.

Packages declare their own sections with `platform_api.foundation.settings`; `sections.Settings` lists them.
"""

from platform_api.database.settings import DatabaseSettings
from platform_api.installation.settings.loading import (
    SETTINGS,
    Loaded,
    Setting,
    WrongSettings,
    contradictions,
    describe,
    load,
)
from platform_api.installation.settings.sections import (
    Keys,
    Logging,
    Origins,
    ServerSettings,
    Settings,
    replaced,
)

__all__ = [
    "SETTINGS",
    "DatabaseSettings",
    "Keys",
    "Loaded",
    "Logging",
    "Origins",
    "ServerSettings",
    "Setting",
    "Settings",
    "WrongSettings",
    "contradictions",
    "describe",
    "load",
    "replaced",
]
