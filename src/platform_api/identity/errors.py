"""Errors of identity."""

from servicehost.contract.errors import Conflict, FieldError, ServiceError, TooManyRequests


class InvalidAddress(ServiceError):
    """A member of a request is not an e-mail address."""

    status = 400
    code = "Email"

    def __init__(self, field: str, reason: str) -> None:
        message = f"'{field}' is not an e-mail address. {reason}"
        super().__init__(message, fields=[FieldError(field, message, self.code)])


class AddressTaken(Conflict):
    """Another user has verified the address. Only a caller who has proved the mailbox may learn this."""

    code = "AddressTaken"

    def __init__(self) -> None:
        super().__init__("There is an account with this address already. Sign in, or reset its password.")


class TooManyFailures(TooManyRequests):
    """Too many sign-ins have failed. The same for every address, with or without an account."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"Too many sign-ins have failed. Try again in {retry_after} seconds, or reset the password: after that you can "
            "sign in at once.",
            retry_after,
        )


__all__ = ["AddressTaken", "InvalidAddress", "TooManyFailures"]
