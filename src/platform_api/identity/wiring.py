"""Wiring of identity: users and sessions behind the sign-in of `servicehost`."""

from dataclasses import dataclass

from platform_api.foundation.parts import Capability, Parts
from platform_api.identity import upkeep
from platform_api.identity.metrics import SignIns
from platform_api.identity.settings import SignIn
from platform_api.identity.sign_in import PlatformSessions, PlatformUsers
from platform_api.identity.values import SESSIONS_CHANGED, SignInPauses
from servicehost.security.authentication import Authenticator
from servicehost.security.origin import origin_of
from servicehost.security.services import SignInService
from servicehost.security.settings import SignInSettings


@dataclass(frozen=True, kw_only=True)
class Identity(Capability):
    """Authentication of callers.

    Attributes:
        authenticator: finds the caller of a request.
    """

    authenticator: Authenticator


def build(parts: Parts, settings: SignIn, trusted_origins: frozenset[str]) -> Identity:
    """Build sign-in, sign-out and the sessions behind them.

    Args:
        parts: the shared parts.
        settings: lives of sessions and tokens.
        trusted_origins: other origins whose pages may act for a visitor.
    """
    pauses, sign_ins = SignInPauses(), SignIns()
    service = SignInService.build(
        users=PlatformUsers(parts.database, pauses, sign_ins),
        sessions=PlatformSessions(parts.database, pauses, sign_ins),
        passwords=parts.passwords,
        keys=parts.keys,
        on_wrong_credentials=sign_ins.failed,
        settings=SignInSettings(
            public_origin=origin_of(parts.service.public_url),
            allowed_origins=trusted_origins,
            access_life=settings.access_token_life,
            session_life=settings.session_life,
            remembered_life=settings.remembered_session_life,
            refresh_life=settings.refresh_token_life,
        ),
    )
    parts.database.listen(SESSIONS_CHANGED, service.authenticator.expect_revocations)

    return Identity(
        authenticator=service.authenticator,
        operations=service.handlers(),
        periodic_units=upkeep.periodic_units(pauses),
        metrics=(sign_ins,),
        latest_instants=upkeep.latest_instants(settings.lives),
    )


__all__ = ["Identity", "build"]
