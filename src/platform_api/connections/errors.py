"""The errors of requests and connections, named for the state or the rule that refuses an act."""

import math
from datetime import timedelta

from platform_api.foundation.well_known import RequestStatus
from servicehost.contract.errors import Conflict, FieldError, Gone, NotFound, ServiceError, TooManyRequests


class RequestNotFound(NotFound):
    """The request does not exist, or the caller may not see it; the answer is the same."""

    def __init__(self) -> None:
        super().__init__("You have no connection request with this id. Check the id and the contact that you act for.")


class ConnectionNotFound(NotFound):
    """The connection does not exist, or the caller may not see it; the answer is the same."""

    def __init__(self) -> None:
        super().__init__("You have no connection with this id. Check the id and the contact that you act for.")


class AlreadyAccepted(Conflict):
    """The request was accepted."""

    code = "AlreadyAccepted"


class AlreadyDeclined(Conflict):
    """The request was declined."""

    code = "AlreadyDeclined"


class AlreadyCancelled(Conflict):
    """The request was cancelled."""

    code = "AlreadyCancelled"


class AlreadyRemoved(Conflict):
    """The connection was removed."""

    code = "AlreadyRemoved"


class AlreadyConnected(Conflict):
    """The two contacts are connected in these roles."""

    code = "AlreadyConnected"

    def __init__(self) -> None:
        super().__init__("The two contacts are connected in these roles already. Nothing needs to be done.")


class Voided(Conflict):
    """The platform ended the request."""

    code = "Voided"


class NewerRequest(Conflict):
    """A later request for the same connection replaced this one."""

    code = "NewerRequest"

    def __init__(self) -> None:
        super().__init__("A newer request for the same connection replaced this one. Use the newer one.")


class RequestExpired(Gone):
    """The request can no longer be answered."""

    def __init__(self) -> None:
        super().__init__("The connection request has expired. Ask its sender to send it again.")


class ResentTooSoon(TooManyRequests):
    """The cooldown between two sendings has not passed."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        seconds = math.ceil(wait.total_seconds())
        super().__init__(f"The request was sent a moment ago. Send it again in {seconds} seconds.", seconds)


class ResentTooOften(TooManyRequests):
    """The request was sent the greatest number of times."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        seconds = math.ceil(wait.total_seconds())
        super().__init__(
            "This request has been sent the greatest number of times that is allowed. Cancel it, or wait until it expires, "
            "and send a new one.",
            seconds,
        )


class TooManyPending(TooManyRequests):
    """The sender has the greatest number of pending requests."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} of your requests are pending. Cancel some, or wait until they are answered.", 3600)


class TokenRequired(ServiceError):
    """The act needs the token of the link in the mail."""

    status = 401
    code = "TokenRequired"

    def __init__(self) -> None:
        super().__init__("The token of the link in the mail is required. Open the link, or sign in and accept there.")


class ActionRequired(ServiceError):
    """Neither the route nor `Action` names the act."""

    status = 400
    code = "ActionRequired"

    def __init__(self, actions: tuple[str, ...]) -> None:
        message = f"Name the act: post to one of the routes, or send Action as one of {', '.join(actions)}."
        super().__init__(message, fields=[FieldError("Action", message, self.code)])


def closed(status: RequestStatus) -> ServiceError:
    """The error for an act on a request that is in this state."""
    match status:
        case RequestStatus.ACCEPTED:
            return AlreadyAccepted("The connection request was accepted. Remove the connection to end it.")
        case RequestStatus.DECLINED:
            return AlreadyDeclined("The connection request was declined. To connect, send a new request.")
        case RequestStatus.CANCELLED:
            return AlreadyCancelled(
                "The connection request was cancelled by its sender. To connect, send a new request."
            )
        case RequestStatus.VOID:
            return Voided("The connection request was ended by the platform. To connect, send a new request.")
        case RequestStatus.EXPIRED:
            return RequestExpired()
        case RequestStatus.PENDING:
            return Conflict("The connection request is pending. Accept, decline or cancel it.")


__all__ = [
    "ActionRequired",
    "AlreadyAccepted",
    "AlreadyCancelled",
    "AlreadyConnected",
    "AlreadyDeclined",
    "AlreadyRemoved",
    "ConnectionNotFound",
    "NewerRequest",
    "RequestExpired",
    "RequestNotFound",
    "ResentTooOften",
    "ResentTooSoon",
    "TokenRequired",
    "TooManyPending",
    "Voided",
    "closed",
]
