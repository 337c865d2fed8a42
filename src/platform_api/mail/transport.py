"""What carries mails away, as the worker sees it."""

from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol

from platform_api.mail.envelope import Envelope
from platform_api.mail.values import Outcome


class TransportUnavailable(Exception):
    """There is no way out for any mail now; none was touched.

    Attributes:
        reason: a class of errors, for the log.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Session(Protocol):
    """An open way out."""

    async def send(self, envelope: Envelope) -> Outcome:
        """Hand one mail over; every failure is an outcome.

        Raises:
            ServiceUnavailable: the database that takes the mail cannot be used.
        """

    async def rehearse(self, envelope: Envelope) -> Outcome:
        """Do what `send` does, and wait as long, without letting anybody have the mail; as it would have ended."""


class Transport(Protocol):
    """A way out."""

    @property
    def patience(self) -> timedelta:
        """The longest time that one `send` takes, whatever the other side does."""

    def session(self) -> AbstractAsyncContextManager[Session]:
        """A session for the letters that wait now.

        Raises:
            TransportUnavailable: on entering, when there is none.
        """


__all__ = ["Session", "Transport", "TransportUnavailable"]
