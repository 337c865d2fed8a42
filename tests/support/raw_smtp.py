"""A mail server that sends literal replies, including ones that no library would send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from platform_api.mail.smtp import SmtpSettings

GREETING, EHLO, MAIL, RCPT, DATA, CONTENT, RSET = "GREETING", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT", "RSET"


@dataclass
class RawMailServer:
    """Replies to each step from its script, then correctly.

    Attributes:
        script: next replies to each step; an empty one means silence.
        taken: recipients of completely received mails, in order.
        connections: number of connections so far.
    """

    script: dict[str, list[bytes]] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def settings(self) -> SmtpSettings:
        """Settings that reach this server."""
        patience = timedelta(seconds=5)
        return SmtpSettings(
            "127.0.0.1",
            self.port,
            security="none",
            local_hostname="localhost",
            timeout=patience,
            final_timeout=patience,
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client until it disconnects."""
        self.connections += 1
        recipient = ""
        try:
            writer.write(self._answer(GREETING, b"220 mail.example\r\n"))
            while line := await reader.readline():
                verb = line[:4].strip().decode().upper()
                writer.write(self._answer(verb, b"354 go on\r\n" if verb == DATA else b"250 OK\r\n"))
                if verb == RCPT:
                    recipient = line.decode().partition("<")[2].partition(">")[0]
                if verb == DATA:
                    await reader.readuntil(b"\r\n.\r\n")
                    self.taken.append(recipient)
                    writer.write(self._answer(CONTENT, b"250 OK\r\n"))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, step: str, usual: bytes) -> bytes:
        scripted = self.script.get(step)
        return scripted.pop(0) if scripted else usual


@asynccontextmanager
async def a_raw_mail_server(script: dict[str, list[bytes]] | None = None) -> AsyncIterator[RawMailServer]:
    """Run a mail server with this script until the end of the block."""
    server = RawMailServer(script or {})
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await asyncio.sleep(0)


__all__ = ["CONTENT", "DATA", "EHLO", "GREETING", "MAIL", "RCPT", "RSET", "RawMailServer", "a_raw_mail_server"]
