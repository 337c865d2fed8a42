"""Management: health checks and metrics on a listener of their own, for operators, load balancers and Prometheus."""

from platform_api.management.endpoints import ManagementEndpoints, Reporting
from platform_api.management.listener import serving
from platform_api.management.monitor import Monitor
from platform_api.management.processes import ProcessReports, reporting
from platform_api.management.requests import RequestMetrics

__all__ = [
    "ManagementEndpoints",
    "Monitor",
    "ProcessReports",
    "Reporting",
    "RequestMetrics",
    "reporting",
    "serving",
]
