"""Wiring of management: the sources of health and metrics."""

from collections.abc import Sequence

from platform_api.foundation.parts import Capability, Parts, Runner
from platform_api.management.database import DatabaseProbe
from platform_api.management.monitor import Monitor
from platform_api.management.process import ProcessMetrics
from platform_api.management.requests import RequestMetrics


def build(
    parts: Parts, packages: Sequence[Capability], runners: Sequence[Runner], requests: RequestMetrics, monitor: Monitor
) -> None:
    """Let the monitor watch the database, the requests, the background work and what the packages count."""
    stored = [read for each in packages for read in each.stored_metrics]
    sources = [source for each in packages for source in each.metrics]
    monitor.watch(
        DatabaseProbe(parts.database, [*stored, *(each.stored_metrics for each in runners)]),
        [pulse for each in runners for pulse in each.pulses],
        [ProcessMetrics().metrics, requests.metrics, *sources, *(each.metrics for each in runners)],
    )


__all__ = ["build"]
