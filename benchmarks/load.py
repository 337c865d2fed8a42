"""The load generator: wrk on a core of its own, replaying a file of requests over 64 connections."""

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
    """The result of one load.

    Attributes:
        requests: number of responses.
        microseconds: duration.
        p50: median response time in milliseconds.
        p99: 99th percentile of the response times in milliseconds.
        refused: number of responses with a status of 400 or more.
        broken: number of requests without a response.
    """

    requests: int
    microseconds: int
    p50: float
    p99: float
    refused: int
    broken: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests * 1e6 / self.microseconds


@dataclass(frozen=True)
class Load:
    """Sends requests for a given time."""

    seconds: int

    @staticmethod
    def check() -> None:
        """Check that load can be generated here.

        Raises:
            CannotMeasure: something is missing; the message says what.
        """
        if shutil.which("wrk") is None:
            raise CannotMeasure("wrk is not installed. On Debian: apt-get install wrk")
        if not {SERVER_CORE, LOAD_CORE} <= os.sched_getaffinity(0):
            raise CannotMeasure("Two cores are needed, one for the server and one for the load.")

    def put_on(self, server: Server, kind: Kind, requests: Path) -> Result:
        """Send requests of a kind.

        Raises:
            CannotMeasure: a response was missing or had an unexpected status.
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
