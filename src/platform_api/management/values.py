"""The values of management: the state of each part, and the report of a process."""

import enum

import msgspec

from platform_api.foundation.metrics import Family


class PartState(enum.StrEnum):
    """State of a part, the best first."""

    OK = "ok"
    STARTING = "starting"
    LATE = "late"
    FAILED = "failed"


class HealthPart(msgspec.Struct, frozen=True):
    """A part of the installation.

    Attributes:
        name: names it for operators.
        state: its state.
        age: seconds since it last reported.
        reason: the reason that it is not ok; None if it is.
        essential: whether no request can be served without it.
    """

    name: str
    state: PartState
    age: float
    reason: str | None = None
    essential: bool = False


class Report(msgspec.Struct, frozen=True):
    """Health and metrics of one process, or of several together.

    Attributes:
        reason: the reason that it should get no requests; None if it is ready for them.
        parts: its parts.
        families: its metrics.
    """

    reason: str | None
    parts: tuple[HealthPart, ...] = ()
    families: tuple[Family, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it should get requests."""
        return self.reason is None


class Status(enum.StrEnum):
    """Health of the whole."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


__all__ = ["HealthPart", "PartState", "Report", "Status"]
