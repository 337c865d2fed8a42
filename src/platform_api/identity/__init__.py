"""Users, their addresses, passwords, sessions and installation-wide roles.

`PlatformUsers` and `PlatformSessions` are given to `servicehost.security`. Functions work in the caller's transaction.
"""

from platform_api.identity.attempts import count_success
from platform_api.identity.errors import AddressTaken, InvalidAddress, TooManyFailures
from platform_api.identity.pause_rules import network_of
from platform_api.identity.rules import parse_address, sign_in_key
from platform_api.identity.sign_in import PlatformSessions, PlatformUsers
from platform_api.identity.store import (
    contact_with_address,
    find_user_by_address,
    find_user_of_contact,
    give_role,
    holders_of,
    main_address,
    roles_of,
    shared_mailboxes,
    take_role,
    verified_addresses,
)
from platform_api.identity.users import (
    create_operator,
    create_user,
    end_sessions,
    erase,
    has_verified,
    merge,
    set_password,
)
from platform_api.identity.values import (
    OPERATOR,
    SESSIONS_CHANGED,
    EmailAddress,
    NewUser,
    SharedMailbox,
    SignInPauses,
    User,
)

__all__ = [
    "OPERATOR",
    "SESSIONS_CHANGED",
    "AddressTaken",
    "EmailAddress",
    "InvalidAddress",
    "NewUser",
    "PlatformSessions",
    "PlatformUsers",
    "SharedMailbox",
    "SignInPauses",
    "TooManyFailures",
    "User",
    "contact_with_address",
    "count_success",
    "create_operator",
    "create_user",
    "end_sessions",
    "erase",
    "find_user_by_address",
    "find_user_of_contact",
    "give_role",
    "has_verified",
    "holders_of",
    "main_address",
    "merge",
    "network_of",
    "parse_address",
    "roles_of",
    "set_password",
    "shared_mailboxes",
    "sign_in_key",
    "take_role",
    "verified_addresses",
]
