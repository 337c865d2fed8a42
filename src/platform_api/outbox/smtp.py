"""Mail over SMTP: one short-lived connection for the letters that wait, and the truth about each of them."""

import asyncio
import random
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal, NamedTuple

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
from aiosmtplib.protocol import SMTPProtocol

from platform_api.outbox.envelope import Envelope
from platform_api.outbox.pace import Pace
from platform_api.outbox.replies import SENT, Stage, is_hoped, is_refusal, judge, lost
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
    """A `Transport` to one mail server.

    Args:
        settings: how it is reached.
        chance: random numbers from 0 to 1.
        sleep: waits for so many seconds.

    Attributes:
        pace: how long the last sendings took.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        chance: Callable[[], float] = random.random,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if settings.security != "none" and settings.tls_context is None:
            # Here, since reading all authorities anew for each connection costs more than a letter does.
            settings = replace(settings, tls_context=ssl.create_default_context())
        self._settings = settings
        self.pace = Pace()
        self._rehearsals = Rehearsals(self.pace, chance, sleep)

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
        session = SmtpSession(self._settings, self._rehearsals)
        await session.connect()
        self._settings = replace(self._settings, local_hostname=session.local_hostname)  # the network is asked once
        try:
            yield session
        finally:
            await session.close()


class Rehearsals(NamedTuple):
    """What a rehearsal needs: how long sending takes, which duration to take, and how to wait."""

    pace: Pace
    chance: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


class SmtpSession:
    """One connection, made anew when it breaks between two letters."""

    def __init__(self, settings: SmtpSettings, rehearsals: Rehearsals) -> None:
        self._settings = settings
        self._rehearsals = rehearsals
        self._client = self._new_client()

    async def connect(self) -> None:
        """Connect, protect the line and sign in.

        Raises:
            TransportUnavailable: one of these failed.
        """
        self._client.close()
        self._client = self._new_client()
        began = time.monotonic()
        try:
            await self._client.connect()
            if self._client.is_ehlo_or_helo_needed:
                await self._client.ehlo()
        except Exception as error:
            self._client.close()
            raise TransportUnavailable(_class_of(error)) from error
        # A greeting and EHLO are two round trips; a mail takes four.
        self._rehearsals.pace.guess(2 * (time.monotonic() - began))

    @property
    def local_hostname(self) -> str | None:
        """How this machine introduced itself."""
        return self._client.local_hostname

    async def close(self) -> None:
        """Say goodbye if the line stands, and hang up."""
        if self._client.is_connected:
            with suppress(Exception):  # whatever the server answers, the letters have been dealt with
                await self._client.quit(timeout=min(_GOODBYE_SECONDS, self._settings.timeout.total_seconds()))
        self._client.close()

    async def send(self, envelope: Envelope) -> Outcome:
        """Hand one mail over. A line that broke before anything was taken is made anew, once."""
        began = time.monotonic()
        outcome = await self._send_on_sound_line(envelope)
        if outcome.result is Result.SENT:
            self._rehearsals.pace.took(time.monotonic() - began)
        return outcome

    async def rehearse(self, envelope: Envelope) -> None:
        """Wait as long as sending takes; nothing of the mail goes out."""
        _quote_dots(envelope.content)
        pace, chance, sleep = self._rehearsals
        await sleep(pace.draw(chance()))

    async def _send_on_sound_line(self, envelope: Envelope) -> Outcome:
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
        client = self._client
        if envelope.utf8 and client.is_connected and not client.supports_extension("smtputf8"):
            return Outcome(Result.BOUNCED, "smtputf8")
        for stage, said in self._lines(envelope):
            try:
                reply = await self._say(stage, said)
            except Exception as error:
                client.close()
                if stage is not Stage.CONTENT and not isinstance(error, SMTPException | OSError):
                    raise
                return lost(stage, silent=isinstance(error, TimeoutError))
            if not is_hoped(stage, reply.code):
                await self._start_over(reply.code)
                return judge(stage, reply.code, reply.message)
        return SENT

    def _lines(self, envelope: Envelope) -> tuple[tuple[Stage, bytes], ...]:
        """What is said about one mail. Addresses are written as they are: aiosmtplib would parse and rewrite them."""
        encoding, option = ("utf-8", b" SMTPUTF8") if envelope.utf8 else ("ascii", b"")
        return (
            (Stage.SENDER, b"MAIL FROM:<" + envelope.sender.encode(encoding) + b">" + option),
            (Stage.RECIPIENT, b"RCPT TO:<" + envelope.recipient.encode(encoding) + b">"),
            (Stage.DATA, b"DATA"),
            (Stage.CONTENT, _quote_dots(envelope.content) + b".\r\n"),
        )

    async def _say(self, stage: Stage, said: bytes) -> SMTPResponse:
        """The reply to a command, or to the content.

        Raises:
            SMTPServerDisconnected: the line is gone, or the server said something that it was not asked.
        """
        protocol = self._client.protocol
        if protocol is None or _holds_more(protocol):
            raise SMTPServerDisconnected("Connection lost")
        if stage is not Stage.CONTENT:
            return await self._client.execute_command(said)
        # Not aiosmtplib's `data`, which hides whether DATA or the final dot was lost.
        protocol.write(said)
        return await protocol.read_response(timeout=self._settings.final_timeout.total_seconds())

    async def _start_over(self, code: int) -> None:
        """Make the line ready for the next mail after a refusal; after anything else it is not used again."""
        try:
            if not is_refusal(code) or (await self._say(Stage.SENDER, b"RSET")).code != SMTPStatus.completed:
                self._client.close()
        except (SMTPException, OSError):
            self._client.close()

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


def _quote_dots(content: bytes) -> bytes:
    """The content with the dot doubled that begins a line, since a lone one ends the mail."""
    return _LEADING_DOT.sub(b"..", content)


def _holds_more(protocol: SMTPProtocol) -> bool:
    """Whether the server said more than it was asked: the rest would be taken for the answer to the next command."""
    return bool(protocol._buffer)  # noqa: SLF001 - aiosmtplib shows it nowhere else


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
        case SMTPException():
            return str(error)  # aiosmtplib's own words, such as that STARTTLS is not offered
        case _:
            return type(error).__name__


__all__ = ["Security", "SmtpSession", "SmtpSettings", "SmtpTransport"]
