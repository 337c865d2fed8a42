"""Settings of management."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final

from platform_api.foundation.settings import Section, Text, about

OFF: Final = "off"
_LAST_PORT: Final = 65535


class ManagementSettings(Section, frozen=True, kw_only=True):
    """Where health and metrics are served, and how a stop is announced."""

    listen: Annotated[
        Text,
        about(
            "server.management",
            "Address and port of health checks and metrics, which need no sign-in; port 0 takes a free one, `off` none.",
        ),
    ] = "127.0.0.1:9464"
    stop_pause: Annotated[
        timedelta,
        about(
            "server.stop_pause",
            "Time between `/health/ready` answering 503 and the end of listening, for a load balancer to notice.",
        ),
    ] = timedelta(0)

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port to listen on; None for no listener."""
        if self.listen == OFF:
            return None
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    def contradictions(self) -> Iterator[str]:
        """The address has a host and a port."""
        host, _, port = self.listen.rpartition(":")
        if self.listen != OFF and not (host and port.isdecimal() and int(port) <= _LAST_PORT):
            yield f"server.management: {self.listen!r} is not an address and port, such as 127.0.0.1:9464, or off."


__all__ = ["OFF", "ManagementSettings"]
