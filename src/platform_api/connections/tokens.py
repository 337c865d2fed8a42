"""The tokens in the links of request mails: derived from the request and its version, never stored."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from platform_api.connections.values import ConnectionRequest
from platform_api.foundation import tokens
from platform_api.foundation.tokens import KeyRing, Purpose


class LinkVersion(enum.Enum):
    """The sending of a request that a genuine token belongs to."""

    CURRENT = "the last sending"
    OLD = "an earlier sending"


@dataclass(frozen=True, slots=True)
class InvitationTokens:
    """Derives and recognises the tokens of requests with the keys of the installation."""

    keys: Callable[[], KeyRing]

    def token(self, request: ConnectionRequest) -> str:
        """The token of the last sending of a request."""
        return tokens.derive(self.keys(), Purpose.INVITATION, request.id, request.token_version)

    def recognise(self, request: ConnectionRequest, token: str) -> LinkVersion | None:
        """The sending that a token belongs to; None if it is not a genuine token of this request."""
        found = tokens.recognise(self.keys(), Purpose.INVITATION, request.id, token)
        if found is None or found.version > request.token_version:
            return None
        return LinkVersion.CURRENT if found.version == request.token_version else LinkVersion.OLD


__all__ = ["InvitationTokens", "LinkVersion"]
