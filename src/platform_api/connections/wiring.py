"""Wiring of the life cycle of connections."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from platform_api.connections import upkeep
from platform_api.connections.answering import Answering
from platform_api.connections.blocking import Blocking
from platform_api.connections.letters import ConnectionLetters
from platform_api.connections.links import Links
from platform_api.connections.sending import Sending, SendingQuotas
from platform_api.connections.services import ConnectionsService, prove_mailbox
from platform_api.connections.settings import Terms
from platform_api.connections.tokens import InvitationTokens
from platform_api.database.transaction import Transaction
from platform_api.foundation.parts import Capability, Parts
from platform_api.limits import Quota
from platform_api.roles import RoleBook


@dataclass(frozen=True, kw_only=True)
class Connections(Capability):
    """The life cycle, and what others are built from.

    Attributes:
        answering: answers to requests.
        links: the requests behind mailed links.
        proved_by_invitation: whether the token of an invitation proves a mailbox: (tx, token, address key).
    """

    answering: Answering
    links: Links
    proved_by_invitation: Callable[[Transaction, str, str], Awaitable[object | None]]


def build(parts: Parts, terms: Terms, roles: RoleBook) -> Connections:
    """The operations, letters and periodic units of requests and connections."""
    database, invitations = parts.database, InvitationTokens(parts.keys)
    answering = Answering(database, roles, terms, invitations)
    service = ConnectionsService(Sending(database, roles, terms, sending_quotas(terms)), answering, Blocking(database))

    async def proved_by_invitation(tx: Transaction, token: str, address_key: str) -> object | None:
        return await prove_mailbox(tx, invitations, token, address_key)

    return Connections(
        answering=answering,
        links=Links(database, roles, terms, invitations),
        proved_by_invitation=proved_by_invitation,
        operations=service.handlers(),
        letters=ConnectionLetters(roles).kinds(),
        periodic_units=upkeep.periodic_units(),
        latest_instants=upkeep.latest_instants(terms),
    )


def sending_quotas(terms: Terms) -> SendingQuotas:
    """The quotas of sending."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    return SendingQuotas(
        person_hourly=Quota("sendings of a person in an hour", terms.person_hourly, hour),
        person_daily=Quota("sendings of a person in a day", terms.person_daily, day),
        organisation_daily=Quota("sendings of an organisation in a day", terms.organisation_daily, day),
    )


__all__ = ["Connections", "build", "sending_quotas"]
