"""The dialogue about one mail on one line, with a mail server or with a stand-in that nobody listens behind."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence

from aiosmtplib import SMTPException, SMTPResponse, SMTPServerDisconnected, SMTPStatus
from aiosmtplib.protocol import SMTPProtocol

from platform_api.mail.envelope import Envelope
from platform_api.mail.replies import SENT, Stage, is_hoped, is_refusal, judge, lost
from platform_api.mail.values import Outcome

Later = Callable[[float, Callable[..., object], bytes], object]
"""Calls a function with its argument after so many seconds, as an event loop's `call_later` does."""

_LEADING_DOT = re.compile(rb"(?m)^\.")
_REPLIES = (b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n", b"250 OK\r\n")


class Dialogue:
    """SMTP dialogue for one mail.

    Args:
        protocol: the line.
        timeout: seconds that the server may take for each reply.
        final_timeout: seconds that it may take to say that it has taken a mail.

    Attributes:
        seconds: how long each of the hoped-for replies took.
        is_sound: whether the line may be used for another mail.
    """

    def __init__(self, protocol: SMTPProtocol, timeout: float, final_timeout: float) -> None:
        self._protocol = protocol
        self._timeouts = dict.fromkeys(Stage, timeout) | {Stage.CONTENT: final_timeout}
        self.seconds: list[float] = []
        self.is_sound = True

    async def hand_over(self, envelope: Envelope) -> Outcome:
        """Say the commands for a mail, up to the first that is not answered as hoped.

        Raises:
            Exception: the program failed before the content went out; the line is not sound any more.
        """
        for stage, said in _lines(envelope):
            began = time.monotonic()
            try:
                reply = await self._say(stage, said)
            except Exception as error:
                self.is_sound = False
                if stage is not Stage.CONTENT and not isinstance(error, SMTPException | OSError):
                    raise
                return lost(stage, silent=isinstance(error, TimeoutError))
            if not is_hoped(stage, reply.code):
                await self._start_over(reply.code)
                return judge(stage, reply.code, reply.message)
            self.seconds.append(time.monotonic() - began)
        return SENT

    async def _say(self, stage: Stage, said: bytes) -> SMTPResponse:
        """The reply to a command, or to the content.

        Raises:
            SMTPServerDisconnected: the line is gone, or the server said something that it was not asked.
        """
        if self._protocol._buffer:  # noqa: SLF001 - aiosmtplib shows nowhere else what a server says unasked
            raise SMTPServerDisconnected("Connection lost")
        if stage is not Stage.CONTENT:
            return await self._protocol.execute_command(said, timeout=self._timeouts[stage])
        # Not aiosmtplib's `data`, which hides whether DATA or the final dot was lost.
        self._protocol.write(said)
        return await self._protocol.read_response(timeout=self._timeouts[stage])

    async def _start_over(self, code: int) -> None:
        """Make the line ready for the next mail after a refusal; after anything else it is not used again."""
        self.is_sound = False
        try:
            if is_refusal(code):
                self.is_sound = (await self._say(Stage.SENDER, b"RSET")).code == SMTPStatus.completed
        except (SMTPException, OSError):
            return


class _StandIn(asyncio.Transport):
    """The far end of a line that nobody listens behind: each reply comes after a pause of its own."""

    def __init__(self, pauses: Sequence[float], later: Later) -> None:
        super().__init__()
        self._replies = iter(zip(pauses, _REPLIES, strict=True))
        self._later = later
        self.protocol: SMTPProtocol | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:  # noqa: ARG002 - it goes nowhere
        """Reply in time."""
        if self.protocol:
            self._later(*self._reply(self.protocol))

    def is_closing(self) -> bool:
        """It stands."""
        return False

    def _reply(self, protocol: SMTPProtocol) -> tuple[float, Callable[..., object], bytes]:
        pause, reply = next(self._replies)
        return pause, protocol.data_received, reply


def stand_in(pauses: Sequence[float], later: Later) -> SMTPProtocol:
    """A line whose server takes one mail, and lets nobody have it.

    All that differs from sending is that the bytes do not reach a socket: the program does, and waits for, the same.

    Args:
        pauses: seconds before each reply.
        later: lets the replies come in time.
    """
    line, far_end = SMTPProtocol(asyncio.get_running_loop()), _StandIn(pauses, later)
    far_end.protocol = line
    line.connection_made(far_end)
    return line


def _lines(envelope: Envelope) -> tuple[tuple[Stage, bytes], ...]:
    """SMTP dialogue for one mail. Addresses are written as they are: aiosmtplib would parse and rewrite them."""
    encoding, option = ("utf-8", b" SMTPUTF8") if envelope.utf8 else ("ascii", b"")
    return (
        (Stage.SENDER, b"MAIL FROM:<" + envelope.sender.encode(encoding) + b">" + option),
        (Stage.RECIPIENT, b"RCPT TO:<" + envelope.recipient.encode(encoding) + b">"),
        (Stage.DATA, b"DATA"),
        (Stage.CONTENT, _LEADING_DOT.sub(b"..", envelope.content) + b".\r\n"),
    )


__all__ = ["Dialogue", "Later", "stand_in"]
