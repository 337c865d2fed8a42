"""Health and metrics of the database."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from platform_api.database.figures import Figures
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.metrics import Family, counter, gauge, histogram
from platform_api.foundation.parts import StoredMetrics
from platform_api.management import store
from platform_api.management.values import HealthPart, PartState
from servicehost.contract.errors import ServiceError

PATIENCE: Final = 2.0
"""Seconds in which the database must answer."""

FRESH: Final = 1.0
"""Seconds for which a check is used again, so that many requests for it cost no more than one."""

METRICS_FRESH: Final = 10.0
"""Seconds for which metrics that were read from the database are used again."""


class DatabaseProbe:
    """Finds out whether the database answers, and reads the metrics that are stored in it.

    Args:
        database: the database.
        stored: reads the metrics.
        clock: monotonic seconds.
    """

    def __init__(
        self, database: Database, stored: Sequence[StoredMetrics], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._stored = stored
        self._clock = clock
        self._checking = asyncio.Lock()
        self._checked: float | None = None
        self._failure: str | None = None
        self._families: tuple[Family, ...] = ()
        self._read: float | None = None

    async def parts(self) -> tuple[HealthPart, ...]:
        """The database, and the transactions that change it."""
        async with self._checking:
            if self._checked is None or self._clock() - self._checked >= FRESH:
                self._failure = await self._failure_of(self._look)
                self._checked = self._clock()
            age = self._clock() - self._checked
        answers = PartState.OK if self._failure is None else PartState.FAILED
        lost = self._database.figures.failure
        return (
            HealthPart("database", answers, age, self._failure, essential=True),
            HealthPart("database changes", PartState.OK if lost is None else PartState.FAILED, age, lost),
        )

    async def families(self) -> tuple[Family, ...]:
        """Counts of the database, and the metrics that are stored in it; without those if it does not answer."""
        async with self._checking:
            if self._read is None or self._clock() - self._read >= METRICS_FRESH:
                self._families = ()
                await self._failure_of(self._read_stored)
                self._read = self._clock()
        return (*figures_of(self._database.figures), *self._families)

    async def _failure_of(self, step: Callable[[], Awaitable[None]]) -> str | None:
        """The reason that a step failed; None if it succeeded."""
        try:
            async with asyncio.timeout(PATIENCE):
                await step()
        except TimeoutError:
            return f"no answer within {PATIENCE:g} seconds"
        except ServiceError as error:
            return error.message
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            return type(error).__name__
        return None

    async def _look(self) -> None:
        await self._database.read(store.look)

    async def _read_stored(self) -> None:
        async def unit(tx: Transaction) -> tuple[Family, ...]:
            return tuple([family for read in self._stored for family in await read(tx)])

        self._families = await self._database.read_long(unit)


def figures_of(figures: Figures) -> Iterable[Family]:
    """The metrics of a database by its counts."""
    yield counter(
        "platform_api_database_units",
        "Units of work that were run, by kind; a unit that is run again counts again.",
        ("kind",),
        {("read",): figures.reads, ("write",): figures.writes},
    )
    yield counter("platform_api_database_units_failed", "Units that ended with an error.", (), {(): figures.failed})
    yield counter(
        "platform_api_database_units_rerun", "Runs of units after a conflict with another.", (), {(): figures.reruns}
    )
    yield counter(
        "platform_api_database_transactions",
        "Transactions with changes, by outcome.",
        ("outcome",),
        {("committed",): figures.commits, ("lost",): figures.lost},
    )
    yield histogram("platform_api_database_group_units", "Units that one commit held.", (), {(): figures.groups})
    if figures.connections is not None:
        used, idle, most = figures.connections()
        yield gauge(
            "platform_api_database_connections",
            "Connections of the pool, by state.",
            ("state",),
            {("used",): used, ("idle",): idle},
        )
        yield gauge("platform_api_database_connections_limit", "Largest size of the pool.", (), {(): most})


__all__ = ["FRESH", "METRICS_FRESH", "PATIENCE", "DatabaseProbe", "figures_of"]
