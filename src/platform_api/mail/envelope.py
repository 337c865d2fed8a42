"""Encoding of a mail as a message with an SMTP envelope."""

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
"""Boundary of the parts. `=_` never occurs in quoted-printable text, so no line of a mail equals it."""

_PART_HEAD = b'Content-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
_ADDRESSES = ("from", "to", "cc", "bcc", "sender", "reply-to")
_OTHERS = ("subject", "date", "message-id", "auto-submitted", "mime-version", "content-type")
_OURS = frozenset((*_ADDRESSES, *_OTHERS, "content-transfer-encoding"))
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_LINE_END = re.compile(r"\r\n?")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_LOCAL_PART = re.compile(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]+")


class UnsafeMail(ValueError):
    """A mail that must not be sent, because an address or a header field is ambiguous."""


@dataclass(frozen=True)
class Sender:
    """The sender of all mails: the platform, never a person.

    Attributes:
        address: the address.
        name: the name that readers see beside it.
    """

    address: str
    name: str = ""

    @classmethod
    def read(cls, text: str) -> "Sender":
        """Parse a sender such as `Acme <no-reply@example.com>` or `no-reply@example.com`.

        Raises:
            UnsafeMail: the text is not exactly one address.
        """
        found = getaddresses([text])
        if len(found) != 1:
            raise UnsafeMail("the sender of mails is one address")
        name, address = found[0]
        wire_address(address)
        return cls(address, name)

    @property
    def domain(self) -> str:
        """The domain of the address, as SMTP transmits it."""
        return mailbox(self.address).domain


@dataclass(frozen=True)
class Outgoing:
    """One attempt to send a letter.

    Attributes:
        letter_id: the letter.
        recipient_key: key of the recipient's address.
        sender: the sender.
        mail: the mail.
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
    """A message with its SMTP envelope.

    Attributes:
        outgoing: the attempt that it belongs to.
        sender: the return path.
        recipient: the address of the recipient.
        content: the message, with lines ended by CRLF.
        utf8: whether a local part has characters beyond ASCII, so that the server must support SMTPUTF8.
    """

    outgoing: Outgoing
    sender: str
    recipient: str
    content: bytes
    utf8: bool


def seal(outgoing: Outgoing) -> Envelope:
    """Encode a mail.

    Raises:
        UnsafeMail: an address is not valid, or a header field cannot be written.
    """
    sender, recipient = wire_address(outgoing.sender.address), wire_address(outgoing.mail.to)
    if one_line(recipient) != recipient:
        raise UnsafeMail("an address holds characters that readers do not see")
    utf8 = not (sender + recipient).isascii()
    head = "".join(f"{name}: {value}\r\n" for name, value in _fields(outgoing, sender, recipient))
    return Envelope(outgoing, sender, recipient, head.encode() + _body(outgoing.mail), utf8)


def wire_address(address: str) -> str:
    """An address as SMTP transmits it, made by the function that makes its key, and checked again.

    Raises:
        UnsafeMail: it is not one valid address.
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
    """The value of a field that a package adds. Programs read these, so they are plain ASCII.

    Raises:
        UnsafeMail: the platform sets this field itself, or its name or value cannot be written unchanged.
    """
    if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
        raise UnsafeMail(f"a mail cannot set the header field '{name[:40]}'")
    if not headers.is_plain(value) or len(value) > headers.LONGEST_LINE:
        raise UnsafeMail(f"the value of the header field '{name}' is not printable ASCII, or too long")
    return value


def _body(mail: Mail) -> bytes:
    """The text and the HTML as alternatives."""
    boundary = f"\r\n--{_BOUNDARY}".encode()
    parts = (_part("plain", mail.text), _part("html", mail.html))
    return b"".join(boundary + b"\r\n" + part for part in parts) + boundary + b"--\r\n"


def _part(subtype: str, text: str) -> bytes:
    """One alternative."""
    content = b2a_qp(_LINE_END.sub("\n", text).encode("utf-8", "replace"), istext=True).replace(b"\n", b"\r\n")
    return _PART_HEAD % subtype.encode() + content


__all__ = ["Envelope", "Outgoing", "Sender", "UnsafeMail", "seal", "wire_address"]
