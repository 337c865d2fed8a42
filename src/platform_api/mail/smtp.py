"""Mail by SMTP: one short-lived connection for the waiting letters, and an outcome for each of them."""

import asyncio
import random
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import NamedTuple

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPResponseException,
)
from aiosmtplib.protocol import SMTPProtocol

from platform_api.mail.dialogue import Dialogue, Later, stand_in
from platform_api.mail.envelope import Envelope
from platform_api.mail.pace import Pace
from platform_api.mail.replies import Stage, lost
from platform_api.mail.settings import Security
from platform_api.mail.transport import TransportUnavailable
from platform_api.mail.values import Outcome, Result

_NOT_CARRIED = Outcome(Result.BOUNCED, "smtputf8")
_GOODBYE_SECONDS = 5.0
_ROUND_TRIPS = 14
"""Greatest number of replies of one sending: two dialogues, and between them connecting, TLS and signing in."""


@dataclass(frozen=True)
class SmtpSettings:
    """Access to the mail server.

    Attributes:
        host: its name.
        port: its port.
        security: protection of the connection.
        timeout: the longest time that the server may take for each reply.
        username: name to sign in with; None to send without signing in.
        password: the password of `username`.
        final_timeout: the longest time to accept the content of a mail; a short one causes duplicates.
        local_hostname: the name of this machine for the server; None for the host name.
        tls_context: the trusted authorities; None for those of this machine.
    """

    host: str
    port: int
    security: Security
    timeout: timedelta
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    final_timeout: timedelta = timedelta(minutes=5)
    local_hostname: str | None = None
    tls_context: ssl.SSLContext | None = field(default=None, repr=False)


class SmtpTransport:
    """A `Transport` to one mail server.

    Args:
        settings: access to the server.
        chance: random numbers from 0 to 1.
        later: schedules the replies in rehearsals; None for the event loop.

    Attributes:
        pace: reply times of the last sendings.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        chance: Callable[[], float] = random.random,
        later: Later | None = None,
    ) -> None:
        if settings.security != "none" and settings.tls_context is None:
            # Made once: reading all authorities for each connection costs more than sending a letter.
            settings = replace(settings, tls_context=ssl.create_default_context())
        self._settings = settings
        self.pace = Pace()
        self._rehearsals = Rehearsals(self.pace, chance, later)

    @property
    def patience(self) -> timedelta:
        """The longest time that one sending takes."""
        return self._settings.timeout * _ROUND_TRIPS + self._settings.final_timeout

    @asynccontextmanager
    async def session(self) -> AsyncIterator["SmtpSession"]:
        """A connection for the letters that wait now.

        Raises:
            TransportUnavailable: the server cannot be reached, or refuses the sign-in.
        """
        session = SmtpSession(self._settings, self._rehearsals)
        await session.connect()
        self._settings = replace(self._settings, local_hostname=session.local_hostname)  # resolved once
        try:
            yield session
        finally:
            await session.close()


class Rehearsals(NamedTuple):
    """Dependencies of a rehearsal: recent sending times, the choice among them, and a sleep function."""

    pace: Pace
    chance: Callable[[], float]
    later: Later | None


class SmtpSession:
    """One connection, which is opened again when it breaks between two letters."""

    def __init__(self, settings: SmtpSettings, rehearsals: Rehearsals) -> None:
        self._settings = settings
        self._rehearsals = rehearsals
        self._client = self._new_client()

    async def connect(self) -> None:
        """Connect, start TLS and sign in.

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
        # A greeting and EHLO are two replies; a mail takes four.
        self._rehearsals.pace.guess([(time.monotonic() - began) / 2] * 4)

    @property
    def local_hostname(self) -> str | None:
        """The name of this machine, as it was sent to the server."""
        return self._client.local_hostname

    async def close(self) -> None:
        """Send QUIT if the connection is open, and close it."""
        if self._client.is_connected:
            with suppress(Exception):  # whatever the server answers, the letters have been recorded
                await self._client.quit(timeout=min(_GOODBYE_SECONDS, self._settings.timeout.total_seconds()))
        self._client.close()

    async def send(self, envelope: Envelope) -> Outcome:
        """Hand over one mail. A connection that broke before anything was accepted is opened again, once."""
        outcome = await self._dialogue(envelope)
        if not outcome.interrupted:
            return outcome
        try:
            await self.connect()
        except TransportUnavailable as error:
            return Outcome(Result.DEFERRED, f"connection {error.reason}")
        return await self._dialogue(envelope)

    async def rehearse(self, envelope: Envelope) -> Outcome:
        """Do and wait for the same as sending, without a byte to the server."""
        if not self._can_carry(envelope):
            return _NOT_CARRIED
        pace, chance, later = self._rehearsals
        line = stand_in(pace.draw(chance()), later or asyncio.get_running_loop().call_later)
        return await self._about(line).hand_over(envelope)

    async def _dialogue(self, envelope: Envelope) -> Outcome:
        """The dialogue for one mail on the current connection."""
        if not self._can_carry(envelope):
            return _NOT_CARRIED
        if self._client.protocol is None:
            return lost(Stage.SENDER, silent=False)
        dialogue = self._about(self._client.protocol)
        try:
            outcome = await dialogue.hand_over(envelope)
        finally:
            if not dialogue.is_sound:
                self._client.close()
        if outcome.result is Result.SENT:
            self._rehearsals.pace.took(dialogue.seconds)
        return outcome

    def _about(self, line: SMTPProtocol) -> Dialogue:
        settings = self._settings
        return Dialogue(line, settings.timeout.total_seconds(), settings.final_timeout.total_seconds())

    def _can_carry(self, envelope: Envelope) -> bool:
        """Whether the server supports the addresses, as far as it has announced."""
        return not (envelope.utf8 and self._client.is_connected and not self._client.supports_extension("smtputf8"))

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


def _class_of(error: BaseException) -> str:
    """The class of a failed connection, without names or addresses."""
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
            return str(error)  # text of aiosmtplib, such as that STARTTLS is not offered
        case _:
            return type(error).__name__


__all__ = ["SmtpSession", "SmtpSettings", "SmtpTransport"]
