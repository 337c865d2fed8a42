"""Transports of mails, as the worker sees them."""

from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol

from platform_api.mail.envelope import Envelope
from platform_api.mail.values import Outcome
from platform_api.work import WorkUnavailable


class TransportUnavailable(WorkUnavailable):
    """No mail can be sent now; none was touched."""


class Session(Protocol):
    """An open connection to a transport."""

    async def send(self, envelope: Envelope) -> Outcome:
        """Hand over one mail; every failure is an outcome.

        Raises:
            ServiceUnavailable: the database that takes the mail cannot be used.
        """

    async def rehearse(self, envelope: Envelope) -> Outcome:
        """Do what `send` does, and wait as long, without sending the mail; return the outcome that it would have had."""


class Transport(Protocol):
    """A way to send mails."""

    @property
    def patience(self) -> timedelta:
        """The longest time that one `send` takes, whatever the other side does."""

    def session(self) -> AbstractAsyncContextManager[Session]:
        """A session for the letters that wait now.

        Raises:
            TransportUnavailable: on entering, when no mail can be sent now.
        """


__all__ = ["Session", "Transport", "TransportUnavailable"]
