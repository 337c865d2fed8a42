"""The state of background work at one moment, without a clock."""

from typing import NamedTuple


class PulseReading(NamedTuple):
    """A pulse at one moment.

    Attributes:
        name: the part that reports.
        age: seconds since its last report; since its start if there is none.
        allowed: seconds after which it counts as late.
        reported: whether it has reported at all.
        failure: the reason that the last round failed; None if it succeeded.
    """

    name: str
    age: float
    allowed: float
    reported: bool
    failure: str | None


__all__ = ["PulseReading"]
