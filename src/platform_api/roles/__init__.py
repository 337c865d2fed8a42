"""Role definitions and roles: the ends of connections, standard and custom."""

from platform_api.roles.book import RoleBook
from platform_api.roles.seeding import seed
from platform_api.roles.services import RolesService
from platform_api.roles.standard import CUSTOMER, EMPLOYEE, SUBCONTRACTOR, SUPPLIER
from platform_api.roles.store import get_role, list_roles
from platform_api.roles.values import Role, RoleTrait
from platform_api.roles.wording import in_sentence, with_article

__all__ = [
    "CUSTOMER",
    "EMPLOYEE",
    "SUBCONTRACTOR",
    "SUPPLIER",
    "Role",
    "RoleBook",
    "RoleTrait",
    "RolesService",
    "get_role",
    "in_sentence",
    "list_roles",
    "seed",
    "with_article",
]
