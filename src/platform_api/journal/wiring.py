"""Wiring of the journal."""

from platform_api.foundation.parts import Capability
from platform_api.journal import upkeep


def build() -> Capability:
    """The journal: its entries get their positions."""
    return Capability(periodic_units=upkeep.periodic_units())


__all__ = ["build"]
