"""Metrics of the process itself: processor time, memory, files, version."""

import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Final

from prometheus_client.process_collector import ProcessCollector

from platform_api.foundation.metrics import Combination, Family, FamilyKind, Sample, gauge

_COMBINATIONS: Final[Mapping[str, Combination]] = {
    "process_start_time_seconds": Combination.SMALLEST,
    "process_max_fds": Combination.SMALLEST,
}
"""Rules for several processes; all others are summed."""


class ProcessMetrics:
    """Metrics of this process by the names that Prometheus expects, and the version of the program."""

    def __init__(self) -> None:
        self._collector = ProcessCollector(registry=None)
        self._build = gauge(
            "platform_api_build_info",
            "Version of the program and of Python; the value is always 1.",
            ("version", "python"),
            {(version("platform-api"), platform.python_version()): 1},
            Combination.LARGEST,
        )

    def metrics(self) -> Iterable[Family]:
        """The metrics now."""
        yield self._build
        for metric in self._collector.collect():
            samples = tuple(Sample(each.name.removeprefix(metric.name), (), each.value) for each in metric.samples)
            combination = _COMBINATIONS.get(metric.name, Combination.SUM)
            yield Family(metric.name, metric.documentation, FamilyKind(metric.type), samples, combination)


__all__ = ["ProcessMetrics"]
