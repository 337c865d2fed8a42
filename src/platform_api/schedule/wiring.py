"""Wiring of the schedule: the runner of every package's periodic units."""

from collections.abc import Sequence

from platform_api.foundation.parts import Capability, Parts
from platform_api.schedule.repair import repair
from platform_api.schedule.scheduler import Scheduler


def build(parts: Parts, packages: Sequence[Capability]) -> Scheduler:
    """The runner of the periodic units of these packages.

    The repair of instants in the future comes first, since other units decide by these instants.
    """
    repairing = repair([instant for each in packages for instant in each.latest_instants])
    return Scheduler(parts.database, [repairing, *(unit for each in packages for unit in each.periodic_units)])


__all__ = ["build"]
