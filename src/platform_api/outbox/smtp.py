"""Mail over SMTP: one short-lived connection for the letters that wait, and the truth about each of them."""

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPStatus,
)

from platform_api.outbox.envelope import Envelope, Outgoing, UnsafeMail, seal
from platform_api.outbox.replies import SENT, Stage, judge, lost
from platform_api.outbox.transport import TransportUnavailable
from platform_api.outbox.values import Outcome, Result

Security = Literal["none", "starttls", "tls"]
"""How the connection is protected. `starttls` fails, and sends nothing, where the server does not offer it."""

_LEADING_DOT = re.compile(rb"(?m)^\.")
_GOODBYE_SECONDS = 5.0
_ROUND_TRIPS = 14
"""Replies that one sending waits for at most: two dialogues, and between them connecting, TLS and signing in."""


@dataclass(frozen=True)
class SmtpSettings:
    """How the mail server is reached.

    Attributes:
        host: its name.
        port: its port.
        security: how the connection is protected.
        username: who signs in; None for nobody.
        password: of `username`.
        timeout: how long the server may take for each reply.
        final_timeout: how long it may take to say that it has taken a mail; short ones make duplicates.
        local_hostname: how this machine introduces itself; None for its own name.
        tls_context: whom to trust; None for the authorities of this machine.
    """

    host: str
    port: int
    security: Security = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: timedelta = timedelta(seconds=30)
    final_timeout: timedelta = timedelta(minutes=5)
    local_hostname: str | None = None
    tls_context: ssl.SSLContext | None = field(default=None, repr=False)


class SmtpTransport:
    """A `Transport` to one mail server."""

    def __init__(self, settings: SmtpSettings) -> None:
        if settings.security != "none" and settings.tls_context is None:
            # Here, since reading all authorities anew for each connection costs more than a letter does.
            settings = replace(settings, tls_context=ssl.create_default_context())
        self._settings = settings

    @property
    def patience(self) -> timedelta:
        """The longest time that one sending takes."""
        return self._settings.timeout * _ROUND_TRIPS + self._settings.final_timeout

    @asynccontextmanager
    async def session(self) -> AsyncIterator["SmtpSession"]:
        """A connection for the letters that wait now.

        Raises:
            TransportUnavailable: the server cannot be reached, or does not let us in.
        """
        session = SmtpSession(self._settings)
        await session.connect()
        self._settings = replace(self._settings, local_hostname=session.local_hostname)  # the network is asked once
        try:
            yield session
        finally:
            await session.close()


class SmtpSession:
    """One connection, made anew when it breaks between two letters."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._client = self._new_client()

    async def connect(self) -> None:
        """Connect, protect the line and sign in.

        Raises:
            TransportUnavailable: one of these failed.
        """
        self._client.close()
        self._client = self._new_client()
        try:
            await self._client.connect()
            if self._client.is_ehlo_or_helo_needed:
                await self._client.ehlo()
        except (SMTPException, OSError) as error:
            self._client.close()
            raise TransportUnavailable(_class_of(error)) from error

    @property
    def local_hostname(self) -> str | None:
        """How this machine introduced itself."""
        return self._client.local_hostname

    async def close(self) -> None:
        """Say goodbye if the line stands, and hang up."""
        if self._client.is_connected:
            with suppress(SMTPException, OSError):
                await self._client.quit(timeout=min(_GOODBYE_SECONDS, self._settings.timeout.total_seconds()))
        self._client.close()

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Hand one mail over. A line that broke before anything was taken is made anew, once."""
        try:
            envelope = seal(outgoing)
        except UnsafeMail as error:
            return Outcome(Result.FAILED, f"unsafe: {error}")
        outcome = await self._dialogue(envelope)
        if not outcome.interrupted:
            return outcome
        try:
            await self.connect()
        except TransportUnavailable as error:
            return Outcome(Result.DEFERRED, f"connection {error.reason}")
        return await self._dialogue(envelope)

    async def _dialogue(self, envelope: Envelope) -> Outcome:
        """The commands for one mail, up to the first that is not answered as hoped."""
        client, stage = self._client, Stage.SENDER
        options, encoding = (["SMTPUTF8"], "utf-8") if envelope.utf8 else ([], "ascii")
        if options and client.is_connected and not client.supports_extension("smtputf8"):
            return Outcome(Result.BOUNCED, "smtputf8")
        try:
            await client.mail(envelope.sender, options=options, encoding=encoding)
            stage = Stage.RECIPIENT
            await client.rcpt(envelope.recipient, encoding=encoding)
            stage = Stage.DATA
            _expect(SMTPStatus.start_input, await client.execute_command(b"DATA"))
            stage = Stage.CONTENT
            _expect(SMTPStatus.completed, await self._hand_over(envelope.content))
        except SMTPResponseException as refused:
            await self._start_over()
            return judge(stage, refused.code, refused.message)
        except (SMTPServerDisconnected, OSError) as error:
            client.close()
            return lost(stage, silent=isinstance(error, TimeoutError))
        return SENT

    async def _hand_over(self, content: bytes) -> SMTPResponse:
        """The content and the final dot; not aiosmtplib's `data`, which hides whether DATA or the dot was lost."""
        protocol = self._client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        protocol.write(_LEADING_DOT.sub(b"..", content) + b".\r\n")
        return await protocol.read_response(timeout=self._settings.final_timeout.total_seconds())

    async def _start_over(self) -> None:
        """Forget a refused mail, so that the next one finds a fresh dialogue."""
        if self._client.is_connected:
            with suppress(SMTPException, OSError):
                await self._client.rset()

    def _new_client(self) -> SMTP:
        settings = self._settings
        return SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password,
            local_hostname=settings.local_hostname,
            timeout=settings.timeout.total_seconds(),
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=settings.tls_context,
        )


def _expect(wanted: SMTPStatus, reply: SMTPResponse) -> None:
    """Nothing, when the server answered as hoped.

    Raises:
        SMTPResponseException: it answered otherwise.
    """
    if reply.code != wanted:
        raise SMTPResponseException(reply.code, reply.message)


def _class_of(error: BaseException) -> str:
    """What kind of failure kept us out, in words that name nobody."""
    match error:
        case SMTPAuthenticationError():
            return f"sign-in refused {error.code}"
        case SMTPResponseException():
            return f"refused {error.code}"
        case TimeoutError():
            return "silence"
        case ssl.SSLError():
            return "TLS failed"
        case SMTPConnectError() | OSError():
            return "unreachable"
        case _:
            return str(error)  # aiosmtplib's own words, such as that STARTTLS is not offered


__all__ = ["Security", "SmtpSession", "SmtpSettings", "SmtpTransport"]
