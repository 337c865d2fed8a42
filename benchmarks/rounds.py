"""One run: rounds in which every implementation serves every kind of request in turn."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import requests
from benchmarks.check import check
from benchmarks.load import Load, Result
from benchmarks.requests import FORMATS, KINDS, Kind
from benchmarks.servers import LOAD_CORE, SERVER_CORE, Implementation, Place, Server, serving
from benchmarks.world import World


@dataclass(frozen=True)
class Measured:
    """Rates of a run, by implementation and kind of request."""

    results: dict[tuple[str, Kind], list[Result]] = field(default_factory=dict)

    def rate(self, name: str, kind: Kind) -> float | None:
        """Return the median rate in requests per second; None if it was not measured."""
        found = self.results.get((name, kind))
        return median(result.rate for result in found) if found else None

    def slowest(self, name: str, kind: Kind) -> float:
        """Return the median of the 99th percentiles of the response times, in milliseconds."""
        return median(result.p99 for result in self.results[name, kind])


@dataclass(frozen=True)
class Run:
    """A run to make.

    Attributes:
        implementations: implementations to measure.
        kinds: kinds of requests to measure.
        rounds: number of rounds.
    """

    implementations: Sequence[Implementation]
    kinds: Sequence[Kind]
    rounds: int
    load: Load

    def measure(self, place: Place, world: World) -> Measured:
        """Run all rounds.

        Raises:
            CannotMeasure: a server does not return the expected responses.
        """
        measured = Measured()
        with tempfile.TemporaryDirectory(dir=place.folder, prefix="run-") as name, ExitStack() as running:
            folder = Path(name)
            servers = [self._started(each, place, world, folder, running) for each in self.implementations]
            files = self._files(world, folder)
            for round_, kind, server in self._turns(servers):
                with server.awake():
                    result = self.load.put_on(server, kind, files[server.implementation.ours, kind])
                measured.results.setdefault((server.implementation.name, kind), []).append(result)
                _say(f"round {round_}: {kind} of {server.implementation.name}")
        _say("")
        return measured

    def _started(
        self, implementation: Implementation, place: Place, world: World, folder: Path, running: ExitStack
    ) -> Server:
        server = running.enter_context(serving(implementation, place, world, folder))
        for kind in self.kinds:
            if implementation.ours or kind not in FORMATS:
                check(server, world, kind)
        return server

    def _files(self, world: World, folder: Path) -> dict[tuple[bool, Kind], Path]:
        return {
            (ours, kind): requests.write(world, kind, folder / f"{kind}-{ours}.tsv", ours=ours)
            for kind in self.kinds
            for ours in (True, False)
        }

    def _turns(self, servers: Sequence[Server]) -> Iterator[tuple[int, Kind, Server]]:
        """Yield the order of each round; each starts with a different implementation, so that none always follows the same one."""
        for round_ in range(self.rounds):
            shift = round_ % len(servers)
            for kind in self.kinds:
                for server in (*servers[shift:], *servers[:shift]):
                    if server.implementation.ours or kind in KINDS:
                        yield round_ + 1, kind, server


def _say(what: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what:60}")
        sys.stderr.flush()


def cores() -> str:
    """Describe the cores of the machine."""
    return f"{os.cpu_count()} cores: servers on core {SERVER_CORE}, load on core {LOAD_CORE}"


__all__ = ["Measured", "Run", "cores"]
