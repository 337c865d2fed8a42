"""Mails go on the wire with the header fields that we wrote, and no others."""

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.letters import PLATFORM, a_mail, an_outgoing

from platform_api.mail.envelope import Sender, UnsafeMail, seal, wire_address

FIELDS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
_HOSTILE = st.one_of(
    st.text(),
    st.lists(
        st.one_of(
            st.sampled_from(
                ["\r\n", "\n", "\r", "\x85", "\u2028", "\x0b", "Bcc: second@example.com", " ", "=?utf-8?q?"]
            ),
            st.text(),
        )
    ).map("".join),
)


def _read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


@given(_HOSTILE, _HOSTILE)
@example("x\r\nBcc: second@example.com\r\n\r\nbody", "y\nBcc: second@example.com")
@example("é" * 200, "\r\n" * 3)
def test_no_text_adds_a_header_field(subject: str, name: str) -> None:
    """Whatever a subject or a name holds, the head has exactly our fields."""
    outgoing = an_outgoing(a_mail(subject=subject), Sender("no-reply@platform.example", name))

    assert FIELDS == _read(seal(outgoing).content).keys()


@given(_HOSTILE)
@example("<https://platform.example/unsubscribe?Token=abc.def>")
def test_header_values_are_written_as_they_are_or_refused(value: str) -> None:
    """The same holds for header fields that a package adds; programs read them, so nothing in them is encoded."""
    outgoing = an_outgoing(a_mail(headers={"X-Note": value}))
    try:
        content = seal(outgoing).content
    except UnsafeMail:
        assert not (value.isascii() and value.isprintable() and "=?" not in value)
        return

    assert f"\r\nX-Note: {value}\r\n".encode() in content
    assert [*FIELDS[:6], "X-Note", *FIELDS[6:]] == _read(content).keys()


@pytest.mark.parametrize("name", ["Bcc\r\nX", "Subject", "subject", "X Note", "", "X:", "Bcc", "Reply-To"])
def test_header_names_are_names_and_not_ours(name: str) -> None:
    """A package can neither replace our fields nor smuggle a line in by a name."""
    with pytest.raises(UnsafeMail):
        seal(an_outgoing(a_mail(headers={name: "x"})))


@given(_HOSTILE)
def test_an_address_is_one_address_or_refused(typed: str) -> None:
    """No text after an address adds a recipient or a field."""
    outgoing = an_outgoing(replace(a_mail(), to=f"first@example.com{typed}"))
    try:
        envelope = seal(outgoing)
    except UnsafeMail:
        return

    assert FIELDS == _read(envelope.content).keys()
    assert 1 == len(_read(envelope.content)["To"].addresses)


@pytest.mark.parametrize("typed", ["\u2028", "\x85", "\u202e", "\u200b", "\U000e0041", "\u3164"])
def test_addresses_with_unseen_characters_are_refused(typed: str) -> None:
    """Such an address looks like another one, and some characters break lines."""
    with pytest.raises(UnsafeMail):
        seal(an_outgoing(replace(a_mail(), to=f"fir{typed}st@example.com")))


def test_message_ids_are_one_word() -> None:
    """A Message-ID cannot add a header field."""
    with pytest.raises(UnsafeMail):
        seal(replace(an_outgoing(), message_id="<x@platform.example>\r\nBcc: second@example.com"))


@pytest.mark.parametrize(
    "address",
    ["", "first", "@example.com", "first@", "a@b@c d", "first@example.com, second@example.com", "<x@y.example>"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """SMTP gets one address, or none."""
    with pytest.raises(UnsafeMail):
        wire_address(address)


def test_domains_travel_in_ascii() -> None:
    """A domain beyond ASCII is written as the network knows it."""
    assert "first@xn--exmple-cua.com" == wire_address("first@exämple.com")


def test_local_parts_beyond_ascii_need_smtputf8() -> None:
    """Only a local part beyond ASCII asks the server for more than it must know."""
    assert seal(an_outgoing(replace(a_mail(), to="fïrst@example.com"))).utf8
    assert not seal(an_outgoing(replace(a_mail(), to="first@exämple.com"))).utf8


def test_both_renderings_travel() -> None:
    """The message holds the text first and the HTML as its alternative."""
    message = _read(seal(an_outgoing()).content)
    parts = [part.get_content_type() for part in message.iter_parts()]

    assert "multipart/alternative" == message.get_content_type()
    assert ["text/plain", "text/html"] == parts


def test_texts_arrive_as_they_were_written() -> None:
    """Lines of dots, long lines and all of Unicode survive the way."""
    text = "\n.\n..\nFrom here\n" + "ü" * 2000 + "\n"
    message = _read(seal(an_outgoing(replace(a_mail(), text=text))).content)
    body = message.get_body(("plain",))

    assert body is not None
    assert text == body.get_content().replace("\r\n", "\n")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_every_text_survives_the_way(text: str) -> None:
    """The reader gets the exact text of a mail, including dots, tabs and trailing blanks."""
    written = f"{text}\n"
    body = _read(seal(an_outgoing(replace(a_mail(), text=written))).content).get_body(("plain",))

    assert body is not None
    assert written == body.get_content().replace("\r\n", "\n")


def test_content_is_ascii_in_lines_ended_by_crlf() -> None:
    """Any mail server can carry it."""
    content = seal(an_outgoing(a_mail(paragraphs=["ü" * 3000]))).content

    assert content.isascii()
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert 998 > max(len(line) for line in content.split(b"\r\n"))


@pytest.mark.parametrize("text", ["one\ntwo\n", "one\r\ntwo\r\n", "one\rtwo\r", "one\r\ntwo\n"])
def test_lines_end_alike_however_they_were_written(text: str) -> None:
    """A lone CR or LF never reaches the wire; some servers take it for the end of a mail."""
    envelope = seal(an_outgoing(replace(a_mail(), text=text)))

    assert b"\r\n\r\none\r\ntwo\r\n\r\n--" in envelope.content
    assert b"\r" not in envelope.content.replace(b"\r\n", b"")
    assert b"\n" not in envelope.content.replace(b"\r\n", b"")


@pytest.mark.parametrize(("length", "is_written"), [(900, True), (901, False)])
def test_header_values_fit_into_a_line(length: int, is_written: bool) -> None:
    """A value that SMTP could not carry in one line is refused; it cannot be folded without knowing its syntax."""
    outgoing = an_outgoing(a_mail(headers={"X-Note": "x" * length}))
    if is_written:
        assert b"x" * length in seal(outgoing).content
        return
    with pytest.raises(UnsafeMail):
        seal(outgoing)


def test_attempts_are_the_same_to_the_byte() -> None:
    """A mailbox that gets two copies can tell that they are one mail."""
    assert seal(an_outgoing()).content == seal(an_outgoing()).content


def test_machines_do_not_answer() -> None:
    """Automatic replies are asked not to come."""
    assert "auto-generated" == _read(seal(an_outgoing()).content)["Auto-Submitted"]


def test_senders_are_read_from_settings() -> None:
    """A sender is written as mail programs write it."""
    assert Sender("no-reply@platform.example", "Platform API") == Sender.read(
        "Platform API <no-reply@platform.example>"
    )
    assert Sender("no-reply@platform.example") == Sender.read("no-reply@platform.example")


@pytest.mark.parametrize("text", ["", "Platform API", "a@b.example, c@d.example", "Platform <no reply@x.example>"])
def test_senders_that_are_no_address_are_refused(text: str) -> None:
    """A wrong setting is found at the start, not with the first letter."""
    with pytest.raises(UnsafeMail):
        Sender.read(text)


def test_message_ids_come_from_the_senders_domain() -> None:
    """The domain is given as it goes on the wire."""
    assert "platform.example" == PLATFORM.domain
