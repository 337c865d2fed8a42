"""The SMTP dialogue for one mail on one connection, with a mail server or with a stand-in."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence

from aiosmtplib import SMTPException, SMTPResponse, SMTPServerDisconnected, SMTPStatus
from aiosmtplib.protocol import SMTPProtocol

from platform_api.mail.envelope import Envelope
from platform_api.mail.replies import SENT, Stage, is_positive, is_refusal, judge, lost
from platform_api.mail.values import Outcome

Later = Callable[[float, Callable[..., object], bytes], object]
"""Calls a function with its argument after a delay in seconds, like `call_later` of an event loop."""

_LEADING_DOT = re.compile(rb"(?m)^\.")
_REPLIES = (b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n", b"250 OK\r\n")


class Dialogue:
    """SMTP dialogue for one mail.

    Args:
        protocol: the connection.
        timeout: seconds that the server may take for each reply.
        final_timeout: seconds that it may take to accept the content of a mail.

    Attributes:
        seconds: the time that each positive reply took.
        is_sound: whether the connection may be used for another mail.
    """

    def __init__(self, protocol: SMTPProtocol, timeout: float, final_timeout: float) -> None:
        self._protocol = protocol
        self._timeouts = dict.fromkeys(Stage, timeout) | {Stage.CONTENT: final_timeout}
        self.seconds: list[float] = []
        self.is_sound = True

    async def hand_over(self, envelope: Envelope) -> Outcome:
        """Send the commands for a mail, up to the first negative reply. Cancelling it ends it like a silent server.

        Raises:
            Exception: the program failed before the content was sent; the connection is not sound any more.
        """
        for stage, said in _lines(envelope):
            began = time.monotonic()
            try:
                reply = await self._say(stage, said)
            except asyncio.CancelledError:
                return self._cancelled(stage)
            except Exception as error:
                self.is_sound = False
                if stage is not Stage.CONTENT and not isinstance(error, SMTPException | OSError):
                    raise
                return lost(stage, silent=isinstance(error, TimeoutError))
            if not is_positive(stage, reply.code):
                await self._start_over(reply.code)
                return judge(stage, reply.code, reply.message)
            self.seconds.append(time.monotonic() - began)
        return SENT

    def _cancelled(self, stage: Stage) -> Outcome:
        """The outcome of a dialogue that is cancelled because the worker stops; the task goes on to record it."""
        self.is_sound = False
        if (task := asyncio.current_task()) is not None:
            task.uncancel()
        return lost(stage, silent=True)

    async def _say(self, stage: Stage, said: bytes) -> SMTPResponse:
        """Send a command or the content, and read the reply.

        Raises:
            SMTPServerDisconnected: the connection is closed, or the server sent a reply without a command.
        """
        if self._protocol._buffer:  # noqa: SLF001 - aiosmtplib has no public access to unsolicited replies
            raise SMTPServerDisconnected("Connection lost")
        if stage is not Stage.CONTENT:
            return await self._protocol.execute_command(said, timeout=self._timeouts[stage])
        # Not `data` of aiosmtplib, which hides whether the reply to DATA or to the final dot was lost.
        self._protocol.write(said)
        return await self._protocol.read_response(timeout=self._timeouts[stage])

    async def _start_over(self, code: int) -> None:
        """Reset the connection for the next mail after a refusal; after any other reply it is not used again."""
        self.is_sound = False
        try:
            if is_refusal(code):
                self.is_sound = (await self._say(Stage.SENDER, b"RSET")).code == SMTPStatus.completed
        except (SMTPException, OSError):
            return


class _StandIn(asyncio.Transport):
    """A transport without a server: it sends each reply itself, after the given pause."""

    def __init__(self, pauses: Sequence[float], later: Later) -> None:
        super().__init__()
        self._replies = iter(zip(pauses, _REPLIES, strict=True))
        self._later = later
        self.protocol: SMTPProtocol | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:  # noqa: ARG002 - it is discarded
        """Discard the data, and reply after the pause."""
        if self.protocol:
            self._later(*self._reply(self.protocol))

    def is_closing(self) -> bool:
        """False: it stays open."""
        return False

    def _reply(self, protocol: SMTPProtocol) -> tuple[float, Callable[..., object], bytes]:
        pause, reply = next(self._replies)
        return pause, protocol.data_received, reply


def stand_in(pauses: Sequence[float], later: Later) -> SMTPProtocol:
    """A connection to a stand-in for a mail server, which accepts one mail and discards it.

    The only difference from sending is that the bytes do not reach a socket: the program does and waits for the same.

    Args:
        pauses: seconds before each reply.
        later: schedules the replies.
    """
    line, far_end = SMTPProtocol(asyncio.get_running_loop()), _StandIn(pauses, later)
    far_end.protocol = line
    line.connection_made(far_end)
    return line


def _lines(envelope: Envelope) -> tuple[tuple[Stage, bytes], ...]:
    """The commands and the content, each with its stage. Addresses are written as they are: aiosmtplib would rewrite them."""
    encoding, option = ("utf-8", b" SMTPUTF8") if envelope.utf8 else ("ascii", b"")
    return (
        (Stage.SENDER, b"MAIL FROM:<" + envelope.sender.encode(encoding) + b">" + option),
        (Stage.RECIPIENT, b"RCPT TO:<" + envelope.recipient.encode(encoding) + b">"),
        (Stage.DATA, b"DATA"),
        (Stage.CONTENT, _LEADING_DOT.sub(b"..", envelope.content) + b".\r\n"),
    )


__all__ = ["Dialogue", "Later", "stand_in"]
