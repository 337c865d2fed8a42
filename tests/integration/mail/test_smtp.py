"""Mail over SMTP, against a real server that does as it is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from tests.support.certificates import a_certificate
from tests.support.letters import RECIPIENT, a_mail, an_outgoing
from tests.support.mail_server import HANG_UP, SILENCE, TAKE_AND_HANG_UP, MailServer, a_mail_server

from platform_api.mail.envelope import Outgoing, seal
from platform_api.mail.smtp import SmtpTransport
from platform_api.mail.transport import TransportUnavailable
from platform_api.mail.values import Outcome, Result

pytestmark = pytest.mark.no_database

SENT = Outcome(Result.SENT)
IMPATIENT = {"timeout": timedelta(milliseconds=50), "final_timeout": timedelta(milliseconds=50)}


async def _send(server: MailServer, *mails: Outgoing, **settings: object) -> list[Outcome]:
    """Send mails over one session."""
    async with SmtpTransport(server.settings(**settings)).session() as session:
        return [await session.send(seal(mail)) for mail in mails or (an_outgoing(),)]


async def test_a_mail_arrives() -> None:
    """The server gets the mail and the envelope."""
    async with a_mail_server() as server:
        assert [SENT] == await _send(server)

    assert [RECIPIENT] == server.recipients
    assert b"Subject: Acme Pty Ltd invites you" in server.mails[0]


async def test_leading_dots_arrive() -> None:
    """A dot at the beginning of a line is doubled on the wire and single in the mail; a lone one ends nothing."""
    async with a_mail_server() as server:
        await _send(server, an_outgoing(a_mail(paragraphs=[".", ".profile", "the rest"])))

    assert b"\r\n.profile\r\n" in server.mails[0]
    assert b"the rest" in server.mails[0]


async def test_waiting_letters_share_a_connection() -> None:
    """One short-lived connection carries all that waits."""
    async with a_mail_server() as server:
        assert [SENT] * 3 == await _send(server, *[an_outgoing()] * 3)

    assert (1, 3) == (server.connections, len(server.mails))


@pytest.mark.parametrize(
    ("expected", "stage", "reply"),
    [
        (Outcome(Result.DEFERRED, "recipient 450 4.2.1"), "RCPT", "450 4.2.1 busy"),
        (Outcome(Result.BOUNCED, "recipient 550 5.1.1", suppress=True), "RCPT", "550 5.1.1 unknown"),
        (Outcome(Result.FAILED, "sender 550"), "MAIL", "550 go away"),
        (Outcome(Result.DEFERRED, "content 452 4.3.1"), "DATA", "452 4.3.1 disk full"),
        (Outcome(Result.FAILED, "content 554 5.7.1"), "DATA", "554 5.7.1 spam"),
    ],
)
async def test_a_refused_mail_does_not_disturb_the_next(expected: Outcome, stage: str, reply: str) -> None:
    """A refusal is recorded, and the connection is used for the next letter."""
    async with a_mail_server({stage: [reply]}) as server:
        assert [expected, SENT] == await _send(server, an_outgoing(), an_outgoing())

    assert (1, 1) == (server.connections, len(server.mails))


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
async def test_a_closing_server_is_called_again_at_once(stage: str) -> None:
    """421 is not a failure of the letter: it is sent on a new connection."""
    async with a_mail_server({stage: ["421 4.3.2 closing"]}) as server:
        assert [SENT] == await _send(server)

    assert (2, 1) == (server.connections, len(server.mails))


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
async def test_a_line_that_breaks_before_the_content_is_made_anew(stage: str) -> None:
    """Nothing was accepted, so nothing can arrive twice."""
    async with a_mail_server({stage: [HANG_UP]}) as server:
        assert [SENT] == await _send(server)

    assert (2, 1) == (server.connections, len(server.mails))


async def test_a_server_that_keeps_closing_gets_the_letter_later() -> None:
    """Called again once, not over and over."""
    async with a_mail_server({"MAIL": ["421 busy", "421 busy"]}) as server:
        assert [Outcome(Result.DEFERRED, "sender 421", interrupted=True)] == await _send(server)

    assert 2 == server.connections


@pytest.mark.parametrize("reply", [HANG_UP, TAKE_AND_HANG_UP])
async def test_a_line_that_breaks_after_the_content_leaves_doubt(reply: str) -> None:
    """Whether the server accepted it or not, the mail is not sent again at once."""
    async with a_mail_server({"DATA": [reply]}) as server:
        assert [Outcome(Result.UNKNOWN, "content lost")] == await _send(server)

    assert 1 == server.connections


async def test_silence_after_the_content_leaves_doubt() -> None:
    """A server that never confirms may have taken the mail."""
    async with a_mail_server({"DATA": [SILENCE]}) as server:
        assert [Outcome(Result.UNKNOWN, "content silence")] == await _send(server, **IMPATIENT)


async def test_silence_before_the_content_is_tried_later() -> None:
    """A server that does not answer has taken nothing; it is not pressed."""
    async with a_mail_server({"RCPT": [SILENCE]}) as server:
        assert [Outcome(Result.DEFERRED, "recipient silence")] == await _send(server, **IMPATIENT)

    assert 1 == server.connections


async def test_the_next_letter_finds_a_fresh_line_after_silence() -> None:
    """A late answer is never taken for the answer to another letter."""
    async with a_mail_server({"RCPT": [SILENCE]}) as server:
        assert SENT == (await _send(server, an_outgoing(), an_outgoing(), **IMPATIENT))[1]

    assert 2 == server.connections


async def test_no_server_is_no_fault_of_a_letter() -> None:
    """Without a mail server no letter is changed."""
    async with a_mail_server() as server:
        pass
    with pytest.raises(TransportUnavailable, match="unreachable"):
        await _send(server)


async def test_addresses_beyond_ascii_need_a_server_that_knows_them() -> None:
    """SMTPUTF8 is used where the server offers it."""
    foreign = an_outgoing(a_mail(to="fïrst@exämple.com"))
    async with a_mail_server() as server:
        assert [SENT] == await _send(server, foreign)

    assert ["fïrst@xn--exmple-cua.com"] == server.recipients


async def test_stripped_starttls_sends_nothing() -> None:
    """If TLS is required and not offered, neither a letter nor the password is sent in the clear."""
    async with a_mail_server() as server:
        with pytest.raises(TransportUnavailable, match="STARTTLS"):
            await _send(server, security="starttls")

    assert [] == server.mails


async def test_starttls_protects_the_line(tmp_path: Path) -> None:
    """With a trusted certificate the mail is sent over TLS."""
    ours, theirs = a_certificate(tmp_path)
    async with a_mail_server(tls_context=theirs, require_starttls=True) as server:
        assert [SENT] == await _send(server, security="starttls", tls_context=ours)


async def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    """The older way of port 465 works too."""
    ours, theirs = a_certificate(tmp_path)
    async with a_mail_server(implicit_tls=theirs) as server:
        assert [SENT] == await _send(server, security="tls", tls_context=ours)


async def test_strangers_certificates_are_refused(tmp_path: Path) -> None:
    """A server without a trusted certificate gets nothing."""
    _, theirs = a_certificate(tmp_path)
    async with a_mail_server(implicit_tls=theirs) as server:
        with pytest.raises(TransportUnavailable):
            await _send(server, security="tls")

    assert [] == server.mails


def _only(username: bytes, password: bytes) -> object:
    def check(server: object, session: object, envelope: object, mechanism: str, given: LoginPassword) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (username, password), handled=False)

    return check


@pytest.mark.parametrize(("welcome", "password"), [(True, "open sesame"), (False, "wrong")])
async def test_servers_may_ask_who_sends(tmp_path: Path, welcome: bool, password: str) -> None:
    """The right name and password are let in; others touch no letter."""
    ours, theirs = a_certificate(tmp_path)
    who = _only(b"platform", b"open sesame")
    async with a_mail_server(tls_context=theirs, authenticator=who, auth_required=True) as server:
        sending = _send(server, security="starttls", tls_context=ours, username="platform", password=password)
        if welcome:
            assert [SENT] == await sending
        else:
            with pytest.raises(TransportUnavailable, match="sign-in refused"):
                await sending


def test_patience_covers_two_dialogues() -> None:
    """The worker's lease is longer than any sending takes."""
    transport = SmtpTransport(MailServer().settings(timeout=timedelta(seconds=1), final_timeout=timedelta(seconds=5)))

    assert timedelta(seconds=19) == transport.patience
