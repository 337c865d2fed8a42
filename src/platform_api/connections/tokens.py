"""The tokens of invitations and of request mails: derived from the request and its version, never stored."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from platform_api.connections.values import ConnectionRequest
from platform_api.foundation import tokens
from platform_api.foundation.tokens import KeyRing, Purpose


class Link(enum.Enum):
    """What a genuine token is to its request."""

    CURRENT = "the link of the last sending"
    OLD = "the link of an earlier sending"


@dataclass(frozen=True, slots=True)
class Invitations:
    """Derives and recognises the tokens of requests with the installation's keys."""

    keys: Callable[[], KeyRing]

    def token(self, request: ConnectionRequest) -> str:
        """The token of the last sending."""
        return tokens.derive(self.keys(), Purpose.INVITATION, request.id, request.token_version)

    def recognise(self, request: ConnectionRequest, token: str) -> Link | None:
        """What a token is to this request; None when it is not genuine."""
        found = tokens.recognise(self.keys(), Purpose.INVITATION, request.id, token)
        if found is None or found.version > request.token_version:
            return None
        return Link.CURRENT if found.version == request.token_version else Link.OLD


__all__ = ["Invitations", "Link"]
