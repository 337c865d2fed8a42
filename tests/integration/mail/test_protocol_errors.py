"""A mail server that violates the protocol is disconnected; no other letter is affected."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.support.letters import a_mail, an_outgoing
from tests.support.raw_smtp import CONTENT, DATA, GREETING, MAIL, RCPT, RSET, RawMailServer, a_raw_mail_server

from platform_api.mail.dialogue import Dialogue, stand_in
from platform_api.mail.envelope import seal
from platform_api.mail.smtp import SmtpTransport
from platform_api.mail.transport import TransportUnavailable
from platform_api.mail.values import Outcome, Result

pytestmark = pytest.mark.no_database

SENT = Outcome(Result.SENT)
NAMES = ["first@example.com", "second@example.com", "third@example.com"]
NONSENSE = [
    b"hello\r\n",
    b"\r\n",
    b"2x0 OK\r\n",
    b"\xff\xfe\xfd\r\n",
    b"25 OK\r\n",
    b"-50 OK\r\n",
    b"199 wait\r\n",
    b"999 whatever\r\n",
    b"250 " + b"x" * 9000 + b"\r\n",
    b"250-" + b"x" * 40000 + b"\r\n",
]
TOO_MUCH = [b"250 OK\r\n250 OK\r\n", b"250 OK\r\n550 5.1.1 unknown\r\n", b"250 OK\r\nrubbish"]


async def _send(server: RawMailServer) -> list[Outcome]:
    """Send a letter to each of the three over one session."""
    letters = [seal(replace(an_outgoing(), mail=a_mail(to=name))) for name in NAMES]
    async with SmtpTransport(server.settings()).session() as session:
        return [await session.send(letter) for letter in letters]


@pytest.mark.parametrize("reply", [*NONSENSE, b"354 go on\r\n", *TOO_MUCH])
@pytest.mark.parametrize("step", [MAIL, RCPT])
async def test_before_the_content_a_fresh_line_takes_the_letter(step: str, reply: bytes) -> None:
    """Nothing was accepted, so the letter is sent at once on a new connection, and so are those after it."""
    async with a_raw_mail_server({step: [reply]}) as server:
        assert [SENT] * 3 == await _send(server)

    assert (NAMES, 2) == (server.taken, server.connections)


@pytest.mark.parametrize("reply", [*NONSENSE, b"250 OK\r\n"])
async def test_what_is_not_354_to_data_costs_the_line_alone(reply: bytes) -> None:
    """The server may wait for content or not: nobody knows, so the line is closed before any is sent."""
    async with a_raw_mail_server({DATA: [reply]}) as server:
        assert [SENT] * 3 == await _send(server)

    assert (NAMES, 2) == (server.taken, server.connections)


@pytest.mark.parametrize("reply", [*NONSENSE, b"354 go on\r\n"])
async def test_after_the_content_that_letter_alone_is_in_doubt(reply: bytes) -> None:
    """It may have arrived; the ones behind it are sent on a new connection."""
    async with a_raw_mail_server({CONTENT: [reply]}) as server:
        outcomes = await _send(server)

    assert [Result.UNKNOWN, Result.SENT, Result.SENT] == [outcome.result for outcome in outcomes]
    assert (NAMES, 2) == (server.taken, server.connections)


@pytest.mark.parametrize("reply", TOO_MUCH)
async def test_leftovers_are_no_answer_to_the_next_letter(reply: bytes) -> None:
    """An unsolicited reply is never taken for the reply to another command."""
    async with a_raw_mail_server({CONTENT: [reply]}) as server:
        assert [SENT] * 3 == await _send(server)

    assert (NAMES, 2) == (server.taken, server.connections)


@pytest.mark.parametrize("reply", [*NONSENSE, b"250 OK\r\n550 5.1.1 unknown\r\n", b"500 what?\r\n"])
async def test_a_refused_letter_whose_reset_fails_costs_the_line(reply: bytes) -> None:
    """If the connection cannot be reset, the next letter is sent on a new one."""
    async with a_raw_mail_server({RCPT: [b"450 4.2.1 busy\r\n"], RSET: [reply]}) as server:
        assert [Outcome(Result.DEFERRED, "recipient 450 4.2.1"), SENT, SENT] == await _send(server)

    assert (NAMES[1:], 2) == (server.taken, server.connections)


@pytest.mark.parametrize("reply", [b"251 will forward\r\n", b"252 cannot verify\r\n", b"259 fine\r\n"])
@pytest.mark.parametrize("step", [MAIL, RCPT, CONTENT])
async def test_every_positive_reply_is_success(step: str, reply: bytes) -> None:
    """The first digit counts: 252 to a recipient means that the server takes the mail."""
    async with a_raw_mail_server({step: [reply]}) as server:
        assert [SENT] * 3 == await _send(server)

    assert (NAMES, 1) == (server.taken, server.connections)


async def test_a_server_that_keeps_breaking_the_protocol_gets_the_letter_later() -> None:
    """A new connection is tried once for each letter."""
    async with a_raw_mail_server({MAIL: [b"hello\r\n", b"hello\r\n"]}) as server:
        outcomes = await _send(server)

    assert [Result.DEFERRED, Result.SENT, Result.SENT] == [outcome.result for outcome in outcomes]
    assert NAMES[1:] == server.taken


@pytest.mark.parametrize("reply", [b"hello\r\n", b"220\xff\r\n", b"554 no\r\n", b"999 ?\r\n"])
async def test_a_greeting_that_is_none_touches_no_letter(reply: bytes) -> None:
    """The mail server is unavailable; the letters wait."""
    async with a_raw_mail_server({GREETING: [reply]}) as server:
        if reply.startswith(b"220"):
            assert [SENT] * 3 == await _send(server)
        else:
            with pytest.raises(TransportUnavailable):
                await _send(server)


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
async def test_a_fault_of_the_program_leaves_doubt_only_after_the_content(failing: int) -> None:
    """Before it the fault is told to the worker; afterwards the mail may have arrived, so it is not sent at once again."""
    calls = itertools.count(1)

    def later(_seconds: float, call: Callable[..., object], reply: bytes) -> None:
        if next(calls) == failing:
            raise ZeroDivisionError
        asyncio.get_running_loop().call_soon(call, reply)

    dialogue = Dialogue(stand_in([0.0] * 4, later), 5.0, 5.0)
    if failing == 4:
        assert Outcome(Result.UNKNOWN, "content lost") == await dialogue.hand_over(seal(an_outgoing()))
    else:
        with pytest.raises(ZeroDivisionError):
            await dialogue.hand_over(seal(an_outgoing()))

    assert not dialogue.is_sound
