"""The load: wrk on a core of its own, replaying a file of requests over 64 connections."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.requests import EXPECTED, Kind
from benchmarks.servers import LOAD_CORE, SERVER_CORE, CannotMeasure, Server

CONNECTIONS: Final = 64
SCRIPT: Final = Path(__file__).with_name("load.lua")


class Result(msgspec.Struct, frozen=True):
    """What came of one load.

    Attributes:
        requests: how many were answered.
        microseconds: in how long.
        p50: milliseconds that half of the answers took at most.
        p99: milliseconds that all but one in a hundred took at most.
        refused: answers with a status of 400 or more.
        broken: requests without an answer.
    """

    requests: int
    microseconds: int
    p50: float
    p99: float
    refused: int
    broken: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests * 1e6 / self.microseconds


@dataclass(frozen=True)
class Load:
    """The load generator, which sends for so long at a time."""

    seconds: int

    @staticmethod
    def check() -> None:
        """Make sure that there can be a load.

        Raises:
            CannotMeasure: there cannot; says why.
        """
        if shutil.which("wrk") is None:
            raise CannotMeasure("wrk is not installed. On Debian: apt-get install wrk")
        if not {SERVER_CORE, LOAD_CORE} <= os.sched_getaffinity(0):
            raise CannotMeasure("Two cores are needed, one for the server and one for the load.")

    def put_on(self, server: Server, kind: Kind, requests: Path) -> Result:
        """Send requests of a kind.

        Raises:
            CannotMeasure: an answer had another status than it should, or did not come.
        """
        result = self._run(server.port, requests)
        refused = result.requests if EXPECTED.get(kind, 200) != 200 else 0
        if result.broken or result.refused != refused or not result.requests:
            raise CannotMeasure(f"{server.implementation.title} failed under the load of {kind}: {result}")
        return result

    def _run(self, port: int, requests: Path) -> Result:
        command = [
            "wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{self.seconds}s",
            "--timeout", "30s", "--script", str(SCRIPT), f"http://127.0.0.1:{port}", "--", str(requests),
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        os.sched_setaffinity(process.pid, {LOAD_CORE})
        output, errors = process.communicate()
        found = [line.removeprefix("RESULT") for line in output.splitlines() if line.startswith("RESULT")]
        if not found:
            raise CannotMeasure(f"wrk failed: {errors or output}")
        return msgspec.json.decode(found[-1], type=Result)


__all__ = ["Load", "Result"]
