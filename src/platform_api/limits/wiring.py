"""Wiring of the limits."""

from datetime import timedelta
from typing import Final

from platform_api.foundation.parts import Capability
from platform_api.limits import quotas
from platform_api.schedule import PeriodicUnit

PURGE: Final = PeriodicUnit("purge limits", timedelta(hours=1), quotas.purge)


def build() -> Capability:
    """The limits: counters of closed windows are deleted."""
    return Capability(periodic_units=(PURGE,))


__all__ = ["PURGE", "build"]
