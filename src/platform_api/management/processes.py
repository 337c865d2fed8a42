"""Reports of several server processes: each tells its own to its parent, which serves their totals.

Each process listens on a Unix socket, named by its id, in a folder that only their user can open.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from platform_api.foundation.metrics import Family
from platform_api.management import rules
from platform_api.management.endpoints import Reporting
from platform_api.management.values import Report

PATIENCE: Final = 5.0
"""Seconds in which a process must report."""

_HEALTH, _METRICS = b"health\n", b"metrics\n"


@asynccontextmanager
async def reporting(source: Reporting, folder: Path) -> AsyncIterator[None]:
    """Tell the reports of this process to its parent until the end of the `async with`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            wanted = await reader.readline()
            report = await (source.metrics() if wanted == _METRICS else source.health())
            writer.write(msgspec.msgpack.encode(report))
            await writer.drain()
        writer.close()

    path = folder / str(os.getpid())
    server = await asyncio.start_unix_server(answer, path)
    try:
        async with server:
            yield
    finally:
        path.unlink(missing_ok=True)


class ProcessReports:
    """The report of all processes together.

    Counts of processes that have ended are kept, so that totals never fall.

    Args:
        folder: the folder of their sockets.

    Attributes:
        stopping: whether the processes are about to end.
    """

    def __init__(self, folder: Path) -> None:
        self.stopping = False
        self._folder = folder
        self._known: dict[str, tuple[Family, ...]] = {}
        self._ended: tuple[Family, ...] = ()

    def stop(self) -> None:
        """Announce the end: from now on no process is ready."""
        self.stopping = True

    async def health(self) -> Report:
        """The report without metrics."""
        return self._merged([report for report in (await self._ask_all(_HEALTH)).values() if report is not None])

    async def metrics(self) -> Report:
        """The report with metrics."""
        told = await self._ask_all(_METRICS)
        self._keep_ended(set(told))
        for name, report in told.items():
            self._known[name] = self._known.get(name, ()) if report is None else rules.lasting(report.families)
        silent = [family for name, report in told.items() if report is None for family in self._known[name]]
        merged = self._merged([report for report in told.values() if report is not None])
        families = rules.combined([*merged.families, *self._ended, *silent])
        return msgspec.structs.replace(merged, families=families)

    async def _ask_all(self, what: bytes) -> dict[str, Report | None]:
        """The report of each process; None if it does not answer."""
        paths = sorted(self._folder.iterdir())
        reports = await asyncio.gather(*(_ask(path, what) for path in paths))
        return {path.name: report for path, report in zip(paths, reports, strict=True) if _is_running(path)}

    def _keep_ended(self, running: set[str]) -> None:
        """Add the last counts of processes that have ended to those that are kept."""
        ended = [self._known.pop(name) for name in set(self._known) - running]
        if ended:
            self._ended = rules.combined([*self._ended, *(family for families in ended for family in families)])

    def _merged(self, reports: list[Report]) -> Report:
        merged = rules.merged(reports)
        return msgspec.structs.replace(merged, reason="stopping") if self.stopping else merged


async def _ask(path: Path, what: bytes) -> Report | None:
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(what)
                return msgspec.msgpack.decode(await reader.read(), type=Report)
            finally:
                writer.close()
    except (OSError, TimeoutError, msgspec.MsgspecError):
        return None


def _is_running(path: Path) -> bool:
    """Whether the process of a socket runs; the socket of one that was killed is removed."""
    try:
        os.kill(int(path.name), 0)
    except ProcessLookupError:
        path.unlink(missing_ok=True)
        return False
    return path.exists()


__all__ = ["PATIENCE", "ProcessReports", "reporting"]
