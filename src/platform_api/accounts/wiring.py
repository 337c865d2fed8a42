"""Wiring of accounts."""

from dataclasses import dataclass

from platform_api.accounts import upkeep
from platform_api.accounts.letters import AccountLetters
from platform_api.accounts.services import AccountsService
from platform_api.accounts.settings import AccountSettings
from platform_api.connections import address_verified
from platform_api.connections.wiring import Connections
from platform_api.foundation.parts import Capability, Parts


@dataclass(frozen=True, kw_only=True)
class Accounts(Capability):
    """Accounts, with the service that pages are built from.

    Attributes:
        service: registration, proof of a mailbox, password reset.
    """

    service: AccountsService


def build(parts: Parts, settings: AccountSettings, connections: Connections) -> Accounts:
    """Build the operations, letters and periodic units of accounts."""
    service = AccountsService(
        database=parts.database,
        passwords=parts.passwords,
        keys=parts.keys,
        proved_by_invitation=connections.proved_by_invitation,
        address_verified=address_verified,
        settings=settings,
    )

    return Accounts(
        service=service,
        operations=service.handlers(),
        letters=AccountLetters(settings).kinds(),
        periodic_units=upkeep.periodic_units(settings),
        latest_instants=upkeep.latest_instants(),
    )


__all__ = ["Accounts", "build"]
