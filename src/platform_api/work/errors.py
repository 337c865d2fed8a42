"""Errors of the work queue."""


class WorkUnavailable(Exception):
    """Work of this queue cannot be done now, whichever item it is; no item was touched.

    Attributes:
        reason: a class of errors, for the log.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


__all__ = ["WorkUnavailable"]
