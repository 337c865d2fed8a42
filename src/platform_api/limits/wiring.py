"""Wiring of the limits."""

from platform_api.foundation.parts import Capability
from platform_api.limits import upkeep


def build() -> Capability:
    """The limits: counters of closed windows are deleted."""
    return Capability(periodic_units=upkeep.periodic_units())


__all__ = ["build"]
