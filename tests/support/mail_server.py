"""A real SMTP server on the loopback interface, in the event loop of the test, with scripted failures."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from platform_api.mail.smtp import SmtpSettings

OK = "250 OK"
"""Reply of a server without scripted failures."""

HANG_UP = "hang up"
"""No reply; the connection is closed."""

SILENCE = "silence"
"""No reply; the connection stays open."""

TAKE_AND_HANG_UP = "take and hang up"
"""No reply to the content: the mail is kept, and the connection closed."""


@dataclass
class MailServer:
    """Keeps the mails that it accepts.

    Attributes:
        script: replies at MAIL, RCPT and DATA (after the content), used one after the other before normal behaviour.
        mails: contents of the mails, in order of arrival.
        recipients: recipients of each mail.
        connections: number of connections so far.
        arrived: event set by each mail.
    """

    script: dict[str, list[str]] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    def settings(self, **changes: Any) -> SmtpSettings:
        """Settings that reach this server."""
        settings = SmtpSettings(
            host="127.0.0.1",
            port=self.port,
            security="none",
            local_hostname="localhost",
            timeout=timedelta(seconds=5),
            final_timeout=timedelta(seconds=5),
        )
        return replace(settings, **changes)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept or reject a sender."""
        reply = await self._reply("MAIL", server)
        if reply == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Accept or reject a recipient."""
        reply = await self._reply("RCPT", server)
        if reply == OK:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Accept or reject a mail."""
        reply = await self._reply("DATA", server, envelope)
        if reply == OK:
            self._keep(envelope)
        return reply

    def _keep(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        self.recipients.extend(envelope.rcpt_tos)
        self.arrived.set()

    async def _reply(self, stage: str, server: SMTP, envelope: Envelope | None = None) -> str:
        scripted = self.script.get(stage)
        reply = scripted.pop(0) if scripted else OK
        if reply == TAKE_AND_HANG_UP and envelope:
            self._keep(envelope)
        if reply in (HANG_UP, TAKE_AND_HANG_UP):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if reply in (HANG_UP, TAKE_AND_HANG_UP, SILENCE):
            await asyncio.Event().wait()
        return reply


@asynccontextmanager
async def a_mail_server(
    script: dict[str, list[str]] | None = None, *, implicit_tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[MailServer]:
    """Run a mail server until the end of the block; `options` are those of aiosmtpd's SMTP."""
    server = MailServer(script or {})
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        server.connections += 1
        return SMTP(server, hostname="mail.example", loop=loop, enable_SMTPUTF8=True, **options)

    listening = await loop.create_server(protocol, "127.0.0.1", 0, ssl=implicit_tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await asyncio.sleep(0)


__all__ = ["HANG_UP", "OK", "SILENCE", "TAKE_AND_HANG_UP", "MailServer", "a_mail_server"]
