"""Wiring of the directory."""

from platform_api.directory.list_services import ListsService
from platform_api.directory.services import DirectoryService
from platform_api.foundation.parts import Capability, Parts
from platform_api.lists.settings import PageLimits
from platform_api.roles import RoleBook


def build(parts: Parts, limits: PageLimits, roles: RoleBook) -> Capability:
    """The lists of requests and connections, and the lists that clients choose from."""
    directory = DirectoryService(parts.database, roles, limits)
    return Capability(operations={**directory.handlers(), **ListsService(parts.database, roles).handlers()})


__all__ = ["build"]
