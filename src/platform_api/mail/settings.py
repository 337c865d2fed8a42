"""Settings of mail: the mail server, and the sending of letters."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, Literal

from msgspec import Meta

from platform_api.foundation.settings import Limit, Port, Section, Text, about
from platform_api.mail.envelope import Sender, UnsafeMail
from platform_api.work.values import RetrySchedule

Security = Literal["none", "starttls", "tls"]
"""Protection of the connection. With `starttls`, nothing is sent if the server does not offer it."""


class MailServer(Section, frozen=True, kw_only=True):
    """The mail server. Without a host, mail stays in the built-in mailbox, which the operator reads."""

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

    def contradictions(self) -> Iterator[str]:
        """Report a sender that is not one address, and a user name without a password, a server or a protected connection."""
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


class MailSettings(Section, frozen=True, kw_only=True):
    """Settings of sending.

    Attributes:
        retries: the pauses after the first, second, ... failed attempt; the attempt after the last pause is the last.
        jitter: fraction by which a pause may be longer or shorter.
        outage_pause: pause after the mail server was unavailable; doubled while that lasts, up to a minute.
        stop_patience: time for the letters in hand after the signal to stop; then their attempts are cancelled.
        forget_recipients_after: time for which the address of a finished letter is kept.
        mailbox_life: time for which the built-in mailbox keeps a mail.
    """

    lanes: Annotated[
        int,
        Meta(ge=0, le=64),
        about("mail.lanes", "Letters that a process sends at the same time; with 0 it sends none."),
    ] = 2
    tick: Annotated[
        timedelta,
        about("mail.tick", "Average time between two rounds of sending; a letter leaves in the next one."),
    ] = timedelta(seconds=1)
    lease: Annotated[
        timedelta | None,
        about(
            "mail.lease",
            "Time after which a letter in sending is taken over by another worker; not set: derived from the timeouts.",
        ),
    ] = None
    slow_retry: Annotated[
        timedelta, about("mail.slow_retry", "Pause before a letter that may have arrived is sent once more.")
    ] = timedelta(minutes=30)
    daily_letters: Annotated[
        Limit, about("limits.letters_per_address_day", "Letters to one address in a day; further ones wait.")
    ] = 5
    sender_letters: Annotated[
        Limit,
        about(
            "limits.letters_per_sender_day",
            "Letters of one sender that count against that limit; its further ones use only what is left.",
        ),
    ] = 2
    retries: tuple[timedelta, ...] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
    )
    jitter: float = 0.1
    outage_pause: timedelta = timedelta(seconds=1)
    stop_patience: timedelta = timedelta(seconds=5)
    forget_recipients_after: timedelta = timedelta(days=30)
    mailbox_life: timedelta = timedelta(days=30)

    @property
    def schedule(self) -> RetrySchedule:
        """The pauses between attempts."""
        return RetrySchedule(self.retries, self.jitter)

    def contradictions(self) -> Iterator[str]:
        """Report a tick of 0: the worker must pause between two rounds."""
        if not self.tick:
            yield "mail.tick is 0: the worker would never pause; set a duration such as 1s."


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


__all__ = ["MailServer", "MailSettings", "Security"]
