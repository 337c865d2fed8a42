"""Periodic units: units of work that run again and again, each on one node at a time."""

from platform_api.schedule.repair import LatestInstant, repair
from platform_api.schedule.scheduler import PeriodicUnit, Scheduler

__all__ = ["LatestInstant", "PeriodicUnit", "Scheduler", "repair"]
