"""Settings of the mail server."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, Final

from platform_api.foundation.settings import Port, Section, Text, about
from platform_api.mail.envelope import Sender, UnsafeMail
from platform_api.mail.smtp import Security, SmtpSettings

_USUAL_PORTS: Final = {"none": 25, "starttls": 587, "tls": 465}


class MailServer(Section, frozen=True, kw_only=True):
    """How mail leaves. Without a host it stays in the built-in mailbox, which the operator reads."""

    host: Annotated[Text | None, about("mail.host", "The SMTP server; not set: the built-in mailbox.")] = None
    port: Annotated[
        Port, about("mail.port", "Its port; 0 for the usual one: 25, 587 or 465, according to `mail.security`.")
    ] = 0
    security: Annotated[Security, about("mail.security", "How the connection is protected.")] = "starttls"
    username: Annotated[Text | None, about("mail.username", "User name for the SMTP server; not set: no sign-in.")] = (
        None
    )
    password: Annotated[Text | None, about("mail.password", "The password of `mail.username`.", secret=True)] = None
    sender: Annotated[Text, about("mail.sender", "Sender of all mails: an address, with or without a name.")] = (
        "Platform API <no-reply@platform-api.example>"
    )
    timeout: Annotated[timedelta, about("mail.timeout", "Time in which the SMTP server must answer.")] = timedelta(
        seconds=30
    )

    @property
    def smtp(self) -> SmtpSettings | None:
        """How to reach the SMTP server; None for the built-in mailbox."""
        if self.host is None:
            return None
        return SmtpSettings(
            host=self.host,
            port=self.port or _USUAL_PORTS[self.security],
            security=self.security,
            username=self.username,
            password=self.password,
            timeout=self.timeout,
        )

    def contradictions(self) -> Iterator[str]:
        """The sender is one address; a user name needs a password, a server, and a protected connection."""
        try:
            Sender.read(self.sender)
        except UnsafeMail:
            yield f"mail.sender: {self.sender!r} is not one address, such as Acme <no-reply@example.com>."
        if (self.username is None) != (self.password is None):
            yield "mail.username and mail.password belong together; set both or neither."
        if self.host and self.password and self.security == "none" and not _is_loopback(self.host):
            yield "mail.security none would send mail.password in the clear; use starttls or tls."
        if self.host is None and self.username is not None:
            yield "mail.username is set and mail.host is not; set the server that it signs in to."


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


__all__ = ["MailServer"]
