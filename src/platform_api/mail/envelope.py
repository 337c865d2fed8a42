"""A mail as bytes for the wire, with its envelope."""

import re
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, getaddresses

from platform_api.foundation.mailboxes import NotAnAddress, mailbox
from platform_api.mail import headers
from platform_api.mail.mail import Mail
from platform_api.mail.text import one_line
from servicehost.contract.scalars import Guid

_BOUNDARY = "=_alternative"
"""Begins with what never stands in quoted-printable text, so it is no line of any mail."""

_PART_HEAD = b'Content-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
_ADDRESSES = ("from", "to", "cc", "bcc", "sender", "reply-to")
_OTHERS = ("subject", "date", "message-id", "auto-submitted", "mime-version", "content-type")
_OURS = frozenset((*_ADDRESSES, *_OTHERS, "content-transfer-encoding"))
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_LINE_END = re.compile(r"\r\n?")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_LOCAL_PART = re.compile(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]+")


class UnsafeMail(ValueError):
    """A mail that must not be sent: an address or a header field would say more than one thing."""


@dataclass(frozen=True)
class Sender:
    """Who mails come from: the platform, never a person.

    Attributes:
        address: the address.
        name: what readers see beside it.
    """

    address: str
    name: str = ""

    @classmethod
    def read(cls, text: str) -> "Sender":
        """The sender that `text` writes, as `Acme <no-reply@example.com>` or as an address alone.

        Raises:
            UnsafeMail: it writes none, or several.
        """
        found = getaddresses([text])
        if len(found) != 1:
            raise UnsafeMail("the sender of mails is one address")
        name, address = found[0]
        wire_address(address)
        return cls(address, name)

    @property
    def domain(self) -> str:
        """The domain of the address, as it goes on the wire."""
        return mailbox(self.address).domain


@dataclass(frozen=True)
class Outgoing:
    """One attempt to send a letter.

    Attributes:
        letter_id: the letter.
        recipient_key: key of the address it goes to.
        sender: who it comes from.
        mail: what it says.
        message_id: the same on each attempt, so that mailboxes can fold copies.
        dated: the same on each attempt.
    """

    letter_id: Guid
    recipient_key: str
    sender: Sender
    mail: Mail
    message_id: str
    dated: datetime


@dataclass(frozen=True)
class Envelope:
    """What SMTP carries.

    Attributes:
        outgoing: the attempt that it belongs to.
        sender: the return path.
        recipient: where it goes.
        content: the message, lines ended by CRLF.
        utf8: an address has characters beyond ASCII before its @, so the server must know SMTPUTF8.
    """

    outgoing: Outgoing
    sender: str
    recipient: str
    content: bytes
    utf8: bool


def seal(outgoing: Outgoing) -> Envelope:
    """The envelope of a mail.

    Raises:
        UnsafeMail: an address is not one, or a header field cannot be written as one.
    """
    sender, recipient = wire_address(outgoing.sender.address), wire_address(outgoing.mail.to)
    if one_line(recipient) != recipient:
        raise UnsafeMail("an address holds characters that readers do not see")
    utf8 = not (sender + recipient).isascii()
    head = "".join(f"{name}: {value}\r\n" for name, value in _fields(outgoing, sender, recipient))
    return Envelope(outgoing, sender, recipient, head.encode() + _body(outgoing.mail), utf8)


def wire_address(address: str) -> str:
    """An address as SMTP carries it, made by the function that makes the key of the address, and checked once more.

    Raises:
        UnsafeMail: it is not one address.
    """
    try:
        wire = mailbox(address).wire
    except NotAnAddress:
        raise UnsafeMail("this is not an e-mail address") from None
    if not _LOCAL_PART.fullmatch(wire.rpartition("@")[0]):
        raise UnsafeMail("this is not an e-mail address")
    return wire


def _fields(outgoing: Outgoing, sender: str, recipient: str) -> Iterator[tuple[str, str]]:
    """The header fields with their values, in order."""
    if not _MESSAGE_ID.fullmatch(outgoing.message_id):
        raise UnsafeMail("the Message-ID of a mail is not one")
    yield "From", headers.mailbox("From", sender, outgoing.sender.name)
    yield "To", headers.mailbox("To", recipient)
    yield "Subject", headers.unstructured("Subject", outgoing.mail.subject)
    yield "Date", format_datetime(outgoing.dated)
    yield "Message-ID", outgoing.message_id
    yield "Auto-Submitted", "auto-generated"
    for name, value in outgoing.mail.headers.items():
        yield name, _given(name, value)
    yield "MIME-Version", "1.0"
    yield "Content-Type", f'multipart/alternative; boundary="{_BOUNDARY}"'


def _given(name: str, value: str) -> str:
    """The value of a field that a capability adds. Programs read these, so there is nothing in them to encode.

    Raises:
        UnsafeMail: the field is one of ours, or its name or value cannot be written as it is.
    """
    if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
        raise UnsafeMail(f"a mail cannot set the header field '{name[:40]}'")
    if not headers.is_plain(value) or len(value) > headers.LONGEST_LINE:
        raise UnsafeMail(f"the value of the header field '{name}' is not printable ASCII, or too long")
    return value


def _body(mail: Mail) -> bytes:
    """The text and the HTML, which readers choose from."""
    boundary = f"\r\n--{_BOUNDARY}".encode()
    parts = (_part("plain", mail.text), _part("html", mail.html))
    return b"".join(boundary + b"\r\n" + part for part in parts) + boundary + b"--\r\n"


def _part(subtype: str, text: str) -> bytes:
    """One rendering."""
    content = b2a_qp(_LINE_END.sub("\n", text).encode("utf-8", "replace"), istext=True).replace(b"\n", b"\r\n")
    return _PART_HEAD % subtype.encode() + content


__all__ = ["Envelope", "Outgoing", "Sender", "UnsafeMail", "seal", "wire_address"]
