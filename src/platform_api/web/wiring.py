"""Wiring of the pages that people see."""

from platform_api.accounts.wiring import Accounts
from platform_api.connections.wiring import Connections
from platform_api.foundation.parts import Capability, Parts
from platform_api.web.cards import Cards
from platform_api.web.services import WebService


def build(parts: Parts, connections: Connections, accounts: Accounts) -> Capability:
    """The pages behind the links of mails, and the welcome page."""
    web = WebService(Cards(parts.service), connections.links, connections.answering, accounts.service)
    return Capability(operations=web.handlers(), pages=web.pages())


__all__ = ["build"]
