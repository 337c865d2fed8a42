"""Metrics of requests."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from typing import Final

from platform_api.foundation.metrics import Buckets, Family, counter, histogram

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OTHER: Final = "other"
"""Operation of a request without one: a page of the documentation, or an unknown path."""


class RequestMetrics:
    """Counts requests by operation, status and format. All three are names of the program, never texts of a client."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, int, str], Buckets] = {}

    def observe(self, operation: str, status: int, format_: str, seconds: float) -> None:
        """Count one request. Called for every request: one look-up and three additions."""
        try:
            buckets = self._series[operation, status, format_]
        except KeyError:
            buckets = self._series[operation, status, format_] = Buckets(SECONDS)
        buckets.counts[bisect_left(SECONDS, seconds)] += 1
        buckets.total += seconds

    def metrics(self) -> Iterable[Family]:
        """The counts so far. Durations are not told apart by status and format, since that would be many samples."""
        numbers: Counter[tuple[str, ...]] = Counter()
        durations: dict[tuple[str, ...], Buckets] = {}
        for (operation, status, format_), buckets in self._series.items():
            name = operation or OTHER
            numbers[name, str(status), format_] += sum(buckets.counts)
            durations.setdefault((name,), Buckets(SECONDS)).add(buckets)
        yield counter(
            "http_server_requests",
            "Requests that were answered.",
            ("operation", "http_response_status_code", "format"),
            numbers,
        )
        yield histogram(
            "http_server_request_duration_seconds",
            "Time from the head of a request to the last byte handed to the connection.",
            ("operation",),
            durations,
        )


__all__ = ["OTHER", "SECONDS", "RequestMetrics"]
