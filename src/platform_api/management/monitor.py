"""Monitor of one process: collects the health and the metrics of its parts."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from platform_api.foundation.metrics import Family, Metrics
from platform_api.foundation.pulse import Pulse
from platform_api.management import rules
from platform_api.management.database import DatabaseProbe
from platform_api.management.lag import LoopLag
from platform_api.management.values import HealthPart, Report


class Monitor:
    """Health and metrics of one process. It knows no part before `watch`.

    Attributes:
        started: whether the application serves requests.
        stopping: whether it is about to end.
    """

    def __init__(self) -> None:
        self.started = False
        self.stopping = False
        self._probe: DatabaseProbe | None = None
        self._pulses: tuple[Pulse, ...] = ()
        self._lag = LoopLag()
        self._sources: list[Metrics] = [self._lag.metrics]

    def watch(self, probe: DatabaseProbe, pulses: Sequence[Pulse], sources: Iterable[Metrics]) -> None:
        """Report on the parts of an application."""
        self._probe = probe
        self._pulses = tuple(pulses)
        self._sources.extend(sources)

    def add(self, source: Metrics) -> None:
        """Report one more source of metrics."""
        self._sources.append(source)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Report as ready, if the parts are, until the end of the `async with`."""
        async with self._lag.measured():
            self.started = True
            try:
                yield
            finally:
                self.stopping = True

    def stop(self) -> None:
        """Announce the end: from now on the process is not ready."""
        self.stopping = True

    async def health(self) -> Report:
        """The report without metrics."""
        parts = await self._parts()
        reason = rules.unready_because(parts, started=self.started, stopping=self.stopping)
        return Report(reason, parts)

    async def metrics(self) -> Report:
        """The report with metrics."""
        health = await self.health()
        return Report(health.reason, health.parts, rules.combined(await self._families()))

    async def _parts(self) -> tuple[HealthPart, ...]:
        probed = () if self._probe is None else await self._probe.parts()
        return (*probed, *(rules.part_of(pulse.read()) for pulse in self._pulses))

    async def _families(self) -> list[Family]:
        counted = [family for source in self._sources for family in source()]
        return counted if self._probe is None else [*counted, *await self._probe.families()]


__all__ = ["Monitor"]
