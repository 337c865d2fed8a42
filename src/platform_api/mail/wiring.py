"""Wiring of mail: the built-in mailbox, and the worker that sends every kind of letter."""

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from platform_api.foundation import tokens
from platform_api.foundation.parts import Capability, Parts
from platform_api.foundation.tokens import Purpose
from platform_api.lists.settings import PageLimits
from platform_api.mail import upkeep
from platform_api.mail.claiming import AddressHash
from platform_api.mail.envelope import Sender
from platform_api.mail.kinds import LetterKind, by_name
from platform_api.mail.mail import AddressMaker, LetterContext, TokenMaker
from platform_api.mail.mailbox import MailboxTransport
from platform_api.mail.metrics import letters_by_state
from platform_api.mail.services import MailboxService
from platform_api.mail.settings import MailServer, MailSettings
from platform_api.mail.smtp import SmtpSettings, SmtpTransport
from platform_api.mail.transport import Transport
from platform_api.mail.worker import MailWorker, lease_of
from servicehost.contract.scalars import Guid

_USUAL_PORTS: Final = {"none": 25, "starttls": 587, "tls": 465}

WorkerMaker = Callable[[Iterable[LetterKind[Any]], AddressMaker], MailWorker]


@dataclass(frozen=True, kw_only=True)
class Mailing(Capability):
    """Mail, and its worker, which needs what is known only when everything else is built.

    Attributes:
        make_worker: (letters of every package, maker of the addresses in mails) -> the worker that sends them.
    """

    make_worker: WorkerMaker


def build(parts: Parts, server: MailServer, settings: MailSettings, pages: PageLimits) -> Mailing:
    """The worker that sends the letters, and the operations of the built-in mailbox."""
    transport = _transport(parts, server)

    def make_worker(letters: Iterable[LetterKind[Any]], url_of: AddressMaker) -> MailWorker:
        return MailWorker(
            parts.database,
            by_name(*letters),
            transport,
            LetterContext(parts.service.name, parts.service.public_url, url_of, _token_maker(parts)),
            sender=Sender.read(server.sender),
            address_hash=_address_hash(parts),
            settings=settings,
        )

    return Mailing(
        make_worker=make_worker,
        operations=MailboxService(parts.database, pages).handlers(),
        periodic_units=upkeep.periodic_units(settings),
        latest_instants=upkeep.latest_instants(lease_of(settings, transport)),
        stored_metrics=(letters_by_state,),
    )


def _transport(parts: Parts, server: MailServer) -> Transport:
    if server.host is None:
        return MailboxTransport(parts.database)
    return SmtpTransport(
        SmtpSettings(
            host=server.host,
            port=server.port or _USUAL_PORTS[server.security],
            security=server.security,
            username=server.username,
            password=server.password,
            timeout=server.timeout,
        )
    )


def _token_maker(parts: Parts) -> TokenMaker:
    def token(purpose: str, subject_id: Guid, version: int) -> str:
        return tokens.derive(parts.keys(), Purpose(purpose), subject_id, version)

    return token


def _address_hash(parts: Parts) -> AddressHash:
    def address_hash(address_key: str) -> str:
        return hmac.digest(parts.lasting_secret, address_key.encode(), "sha256").hex()

    return address_hash


__all__ = ["Mailing", "WorkerMaker", "build"]
