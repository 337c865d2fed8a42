"""Who is signed in, as the platform needs it with each call."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicehost.contract.call import Call, Principal
from servicehost.contract.errors import NotAuthenticated
from servicehost.contract.scalars import EMPTY_GUID, Guid

OPERATOR = "Operator"
"""The installation-wide role of who runs the installation; it gives no right on members' connections."""


@dataclass(frozen=True)
class PlatformPrincipal(Principal):
    """A signed-in user.

    Attributes:
        contact_id: the user's own contact, a Real Person. What else the user acts for is read with each act.
    """

    contact_id: Guid = EMPTY_GUID

    @property
    def meta(self) -> Mapping[str, str]:
        """The contact that the user is: every operation on connections asks for it."""
        return {"ContactId": self.contact_id}


def acting_person(call: Call) -> Guid:
    """The contact of the person who sends a call.

    Raises:
        NotAuthenticated: nobody is signed in.
    """
    principal = call.principal
    if not isinstance(principal, PlatformPrincipal):
        raise NotAuthenticated
    return principal.contact_id


__all__ = ["OPERATOR", "PlatformPrincipal", "acting_person"]
