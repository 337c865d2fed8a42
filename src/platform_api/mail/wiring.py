"""Wiring of mail: the worker with every kind of letter, and the built-in mailbox."""

import hmac
from collections.abc import Iterable

from platform_api.foundation import tokens
from platform_api.foundation.parts import Capability, Parts
from platform_api.foundation.tokens import Purpose
from platform_api.lists.paging import PageLimits
from platform_api.mail import upkeep
from platform_api.mail.envelope import Sender
from platform_api.mail.kinds import by_name
from platform_api.mail.mail import LetterContext
from platform_api.mail.mailbox import MailboxTransport
from platform_api.mail.services import MailboxService
from platform_api.mail.settings import MailServer
from platform_api.mail.smtp import SmtpTransport
from platform_api.mail.transport import Transport
from platform_api.mail.values import MailSettings
from platform_api.mail.worker import MailWorker
from servicehost.contract.scalars import Guid


def build(
    parts: Parts, server: MailServer, settings: MailSettings, pages: PageLimits, packages: Iterable[Capability]
) -> Capability:
    """The worker that sends the letters, and the operations of the built-in mailbox.

    Args:
        parts: the shared parts.
        server: the SMTP server.
        settings: the numbers of sending.
        pages: how long lists may be.
        packages: the packages whose letters are sent.
    """

    def token(purpose: str, subject_id: Guid, version: int) -> str:
        return tokens.derive(parts.keys(), Purpose(purpose), subject_id, version)

    def address_hash(address_key: str) -> str:
        return hmac.digest(parts.lasting_secret, address_key.encode(), "sha256").hex()

    worker = MailWorker(
        parts.database,
        by_name(*(letter for each in packages for letter in each.letters)),
        _transport(parts, server),
        LetterContext(parts.service.name, parts.service.public_url, token),
        sender=Sender.read(server.sender),
        address_hash=address_hash,
        settings=settings,
    )
    return Capability(
        operations=MailboxService(parts.database, pages).handlers(),
        periodic_units=upkeep.periodic_units(settings),
        latest_instants=upkeep.latest_instants(worker.lease),
        work=(worker,),
    )


def _transport(parts: Parts, server: MailServer) -> Transport:
    smtp = server.smtp
    return MailboxTransport(parts.database) if smtp is None else SmtpTransport(smtp)


__all__ = ["build"]
