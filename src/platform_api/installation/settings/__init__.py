"""The settings of an installation: what there is to set, and how values are found and checked."""

from platform_api.installation.settings.loading import SETTINGS, Loaded, Setting, WrongSettings, describe, load
from platform_api.installation.settings.sections import (
    Cors,
    DatabaseSettings,
    Keys,
    Limits,
    Lists,
    Logging,
    Mail,
    Server,
    Settings,
    SignIn,
    replaced,
)

__all__ = [
    "SETTINGS",
    "Cors",
    "DatabaseSettings",
    "Keys",
    "Limits",
    "Lists",
    "Loaded",
    "Logging",
    "Mail",
    "Server",
    "Setting",
    "Settings",
    "SignIn",
    "WrongSettings",
    "describe",
    "load",
    "replaced",
]
