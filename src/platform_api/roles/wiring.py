"""Wiring of roles."""

from platform_api.foundation.parts import Capability, Parts
from platform_api.roles.book import RoleBook
from platform_api.roles.services import RolesService


def build(parts: Parts, roles: RoleBook) -> Capability:
    """Build the operations on roles."""
    return Capability(operations=RolesService(parts.database, roles).handlers())


__all__ = ["build"]
