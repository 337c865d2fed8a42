"""Reports as text: health in JSON, metrics in the formats of Prometheus."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from platform_api.foundation.metrics import Family, gauge
from platform_api.management import rules
from platform_api.management.values import HealthPart, PartState, Report


def health_text(report: Report) -> bytes:
    """The health of all parts in JSON."""
    return msgspec.json.encode({
        "status": rules.status_of(report).value,
        "ready": report.ready,
        "reason": report.reason,
        "parts": {part.name: _part(part) for part in report.parts},
    })  # fmt: skip


def metrics_text(report: Report, accept: str) -> tuple[bytes, str]:
    """The metrics in the format that the client accepts, and the Content-Type."""
    encode: Callable[[Any], bytes]
    encode, content_type = choose_encoder(accept)
    return encode(_Families((*health_families(report), *report.families))), content_type


def health_families(report: Report) -> Iterable[Family]:
    """The health as metrics."""
    yield gauge("platform_api_ready", "Whether the server should get requests.", (), {(): float(report.ready)})
    states: dict[tuple[str, ...], float] = {
        (part.name, state.value): float(part.state is state) for part in report.parts for state in PartState
    }
    ages: dict[tuple[str, ...], float] = {(part.name,): part.age for part in report.parts}
    yield gauge(
        "platform_api_part_state", "State of each part: 1 for the state that it is in.", ("part", "state"), states
    )
    yield gauge("platform_api_part_report_age_seconds", "Time since each part last reported.", ("part",), ages)


class _Families(Collector):
    """Families as the encoders of the library read them."""

    def __init__(self, families: Iterable[Family]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """The families as metrics of the library."""
        for family in self._families:
            metric = Metric(family.name, family.help, family.kind.value)
            for sample in family.samples:
                metric.add_sample(family.name + sample.suffix, dict(sample.labels), sample.value)
            yield metric


def _part(part: HealthPart) -> dict[str, object]:
    return {"state": part.state.value, "age_seconds": round(part.age, 3), "reason": part.reason}


__all__ = ["health_families", "health_text", "metrics_text"]
