"""The runner of periodic units.

Every node has one. A unit runs in the very transaction that moves its due time, so at any moment one node at most
runs it, and a node that dies in the middle leaves it due for the next.
"""

import asyncio
import contextlib
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from platform_api.database.transaction import Database, Transaction, Unit
from platform_api.foundation.waiting import CLOCK_TOLERANCE
from platform_api.schedule import store

_log = structlog.get_logger(__name__)

RETRY = timedelta(minutes=1)
"""A unit that failed is tried again after this time, or sooner if it is due sooner."""

SHORTEST_SLEEP = timedelta(seconds=1)
"""The pause after the schedule could not be read or written."""

LONGEST_SLEEP = timedelta(minutes=1)
"""The schedule is looked at at least this often."""


@dataclass(frozen=True, slots=True)
class PeriodicUnit:
    """A unit of work that runs again and again.

    Attributes:
        name: names it in the schedule of all nodes.
        every: time between two runs.
        unit: what to do; it returns True when there is more to do at once.
        after_clock_step: whether it is also due at once when the clock was set back.
    """

    name: str
    every: timedelta
    unit: Unit[Any]
    after_clock_step: bool = False


class Scheduler:
    """Runs periodic units when they are due, until it is stopped.

    Args:
        database: where they run, and where the schedule is kept.
        units: what to run; their names differ.
    """

    def __init__(self, database: Database, units: Sequence[PeriodicUnit]) -> None:
        self._database = database
        self._units = {unit.name: unit for unit in units}
        self._stopped = asyncio.Event()
        self._looked_at: datetime | None = None

    async def run(self) -> None:
        """Run what is due, wait for what is due next, and so on until `stop`. Nothing that a unit does ends it."""
        while not self._stopped.is_set():
            try:
                await self.run_due_once()
                pause = await self._database.read(self._until_next)
            except Exception as error:  # noqa: BLE001 - the runner outlives a database that is busy
                _log.error("schedule not kept", error=repr(error))
                pause = SHORTEST_SLEEP
            await self._sleep(pause)

    def stop(self) -> None:
        """Let `run` end after the unit that is running now."""
        self._stopped.set()

    async def run_due_once(self) -> list[str]:
        """Run every unit that is due, once; the names of those that ran, also in vain."""
        before = self._looked_at
        if before is None:
            await self._database.write(self._enrol)
        due, now = await self._database.read(self._due_names)
        if before is not None and now < before:
            await self._database.write(self._catch_up)
            due, now = await self._database.read(self._due_names)
        self._looked_at = now
        return [name for name in self._units if name in due and await self._run(self._units[name])]

    async def _enrol(self, tx: Transaction) -> None:
        """Add new units, due at once; when the schedule shows that the clock was set back meanwhile, catch up."""
        for unit in self._units.values():
            await tx.execute(store.ADD_UNIT, name=unit.name, due_at=tx.now)
        schedule = await tx.all(store.SCHEDULE, names=list(self._units))
        if any(due_at > tx.now + self._units[name].every + CLOCK_TOLERANCE for name, due_at in schedule):
            await self._catch_up(tx)
        else:
            await self._shorten(tx)

    async def _shorten(self, tx: Transaction) -> None:
        """No unit is due later than its period says: the period may be shorter now, or the clock was set back."""
        for unit in self._units.values():
            await tx.execute(store.DUE_AT_LATEST, unit=unit.name, next=tx.now + unit.every)

    async def _catch_up(self, tx: Transaction) -> None:
        """The clock was set back: units that repair what it has left are due at once."""
        await self._shorten(tx)
        for unit in self._units.values():
            if unit.after_clock_step:
                await tx.execute(store.DUE_AT_LATEST, unit=unit.name, next=tx.now)

    async def _due_names(self, tx: Transaction) -> tuple[set[str], datetime]:
        return set(await tx.all(store.DUE_NAMES, names=list(self._units), now=tx.now)), tx.now

    async def _run(self, periodic: PeriodicUnit) -> bool:
        """Run a unit unless another node was faster; whether it ran."""
        if self._stopped.is_set():
            return False
        try:
            return await self._database.write(functools.partial(_take_and_run, periodic))
        except Exception:  # noqa: BLE001 - a unit that fails is tried again, whatever it was
            _log.exception("periodic unit failed", unit=periodic.name)
        await self._database.write(functools.partial(_postpone, periodic))
        return True

    async def _until_next(self, tx: Transaction) -> timedelta:
        due_at = await tx.one(store.NEXT_DUE, names=list(self._units))
        return LONGEST_SLEEP if due_at is None else min(due_at - tx.now, LONGEST_SLEEP)

    async def _sleep(self, pause: timedelta) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), max(0.0, pause.total_seconds()))


async def _take_and_run(periodic: PeriodicUnit, tx: Transaction) -> bool:
    taken = await tx.one(store.TAKE_UNIT, unit=periodic.name, now=tx.now, next=tx.now + periodic.every, limit=1)
    if taken is None:
        return False
    if await periodic.unit(tx) is True:
        await tx.execute(store.DUE_AT_LATEST, unit=periodic.name, next=tx.now)
    return True


async def _postpone(periodic: PeriodicUnit, tx: Transaction) -> None:
    retry = tx.now + min(RETRY, periodic.every)
    await tx.one(store.TAKE_UNIT, unit=periodic.name, now=tx.now, next=retry, limit=1)


__all__ = ["LONGEST_SLEEP", "RETRY", "SHORTEST_SLEEP", "PeriodicUnit", "Scheduler"]
