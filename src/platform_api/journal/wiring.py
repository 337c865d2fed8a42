"""Wiring of the journal."""

from datetime import timedelta
from typing import Final

from platform_api.foundation.parts import Capability
from platform_api.journal import upkeep
from platform_api.schedule import PeriodicUnit

SEQUENCE: Final = PeriodicUnit("put the journal in order", timedelta(seconds=2), upkeep.sequence)


def build() -> Capability:
    """The journal: its entries get their positions."""
    return Capability(periodic_units=(SEQUENCE,))


__all__ = ["SEQUENCE", "build"]
