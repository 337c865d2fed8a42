"""Tests of the metrics of requests."""

from platform_api.foundation.metrics import Buckets, Family, counter, histogram
from platform_api.management.requests import SECONDS, RequestMetrics


def observed(*seconds: float) -> Buckets:
    """A histogram with these durations."""
    buckets = Buckets(SECONDS)
    for each in seconds:
        buckets.observe(each)
    return buckets


def test_requests_are_counted_by_operation_status_and_format_and_timed_by_operation() -> None:
    """Requests without an operation have a name too."""
    requests = RequestMetrics()
    for operation, status, format_, seconds in (
        ("Hello", 200, "json", 0.25),
        ("Hello", 200, "json", 0.001),
        ("Hello", 409, "xml", 64.0),
        ("", 404, "html", 0.5),
    ):
        requests.observe(operation, status, format_, seconds)

    expected: list[Family] = [
        counter(
            "http_server_requests",
            "Requests that were answered.",
            ("operation", "http_response_status_code", "format"),
            {("Hello", "200", "json"): 2, ("Hello", "409", "xml"): 1, ("other", "404", "html"): 1},
        ),
        histogram(
            "http_server_request_duration_seconds",
            "Time from the head of a request to the last byte handed to the connection.",
            ("operation",),
            {("Hello",): observed(0.25, 0.001, 64.0), ("other",): observed(0.5)},
        ),
    ]
    assert expected == list(requests.metrics())
