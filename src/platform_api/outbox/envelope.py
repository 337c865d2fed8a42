"""A mail as bytes for the wire, with its envelope. Built by `email.message` alone; the head is checked once more.

The check is not in vain: interpreters before 3.11.15 lack `verify_generated_headers`, and a line break that slips
into a header field would let a name write header fields of its own.
"""

import email.policy
import functools
import re
from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from platform_api.outbox.mail import Mail
from platform_api.outbox.text import one_line
from servicehost.contract.scalars import Guid

_POLICY = email.policy.SMTP.clone(cte_type="7bit")
_POLICY_UTF8 = email.policy.SMTPUTF8.clone(cte_type="7bit")
_BOUNDARY = "=_alternative"
"""Begins with what never stands in quoted-printable text, so it is no line of any mail."""

_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_LOCAL_PART = re.compile(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]+")
_DOMAIN = re.compile(r"[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]")


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
        return wire_address(self.address).rpartition("@")[2]


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
    utf8 = not (sender + recipient).isascii()
    policy = _POLICY_UTF8 if utf8 else _POLICY
    message = _message(outgoing, sender, recipient, policy)
    content = message.as_bytes(policy=policy)
    _check_head(content, message.keys())
    return Envelope(outgoing, sender, recipient, content, utf8)


def wire_address(address: str) -> str:
    """An address as SMTP carries it: the domain in ASCII.

    Raises:
        UnsafeMail: it is not one address.
    """
    local, at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        raise UnsafeMail("the domain of an address cannot be written in ASCII") from None
    if not at or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(ascii_domain):
        raise UnsafeMail("this is not an e-mail address")
    return f"{local}@{ascii_domain}"


def _message(
    outgoing: Outgoing, sender: str, recipient: str, policy: "email.policy.EmailPolicy[EmailMessage]"
) -> EmailMessage:
    """The message; every value that a person may have typed passes through the policy as one line."""
    message = EmailMessage(policy)
    message["From"] = _from(sender, outgoing.sender.name)
    message["To"] = _mailbox(recipient)
    message["Subject"] = one_line(outgoing.mail.subject)
    message["Date"] = outgoing.dated
    message["Message-ID"] = outgoing.message_id
    message["Auto-Submitted"] = _fixed("Auto-Submitted", "auto-generated")
    for name, value in outgoing.mail.headers.items():
        if not _HEADER_NAME.fullmatch(name) or name in message:
            raise UnsafeMail(f"a mail cannot set the header field '{name[:40]}'")
        message[name] = one_line(value)
    message["MIME-Version"] = _fixed("MIME-Version", "1.0")
    message["Content-Type"] = _fixed("Content-Type", f'multipart/alternative; boundary="{_BOUNDARY}"')
    message.set_payload([_part("plain", outgoing.mail.text, policy), _part("html", outgoing.mail.html, policy)])
    return message


def _part(subtype: str, text: str, policy: "email.policy.EmailPolicy[EmailMessage]") -> EmailMessage:
    """One rendering. Not by `set_content`, which parses the same header fields anew for every mail."""
    part = EmailMessage(policy)
    part["Content-Type"] = _fixed("Content-Type", f'text/{subtype}; charset="utf-8"')
    part["Content-Transfer-Encoding"] = _fixed("Content-Transfer-Encoding", "quoted-printable")
    part.set_payload(b2a_qp(text.encode("utf-8", "replace"), istext=True).decode("ascii"))
    return part


@functools.lru_cache(maxsize=16)
def _fixed(name: str, value: str) -> Any:
    """A header field that many mails share, parsed once."""
    return _POLICY.header_factory(name, value)


@functools.lru_cache(maxsize=16)
def _from(address: str, name: str) -> Any:
    """The From field of a sender, parsed once."""
    return _POLICY.header_factory("From", _mailbox(address, name))


def _mailbox(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=one_line(name), username=local, domain=domain)


def _check_head(content: bytes, expected: Sequence[str]) -> None:
    """Refuse a head whose lines are anything but the expected fields and their continuations.

    Raises:
        UnsafeMail: there is another line.
    """
    head = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.partition(b":")[0].decode("ascii", "replace") for line in head if line[:1] not in b" \t"]
    stray = any(b"\r" in line or b"\n" in line or not line for line in head)
    if stray or names != list(expected):
        raise UnsafeMail("a header field of the mail holds a line break")


__all__ = ["Envelope", "Outgoing", "Sender", "UnsafeMail", "seal", "wire_address"]
