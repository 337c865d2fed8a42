"""The runner of periodic units.

Every node has one. A unit runs in the transaction that moves its due time, so that at most one node runs it at any
moment, and a unit whose node crashes is still due for the next one.
"""

import asyncio
import contextlib
import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from platform_api.database.errors import DatabaseAway
from platform_api.database.transaction import Database, Transaction, Unit
from platform_api.foundation.metrics import Combination, Family, counter, gauge
from platform_api.foundation.pulse import Pulse
from platform_api.foundation.waiting import CLOCK_TOLERANCE
from platform_api.schedule import store

_log = structlog.get_logger(__name__)

RETRY = timedelta(minutes=1)
"""Pause before a unit that failed is tried again, unless its own period is shorter."""

SHORTEST_SLEEP = timedelta(seconds=1)
"""Pause after the schedule could not be read or written."""

LONGEST_SLEEP = timedelta(minutes=1)
"""Longest time between two reads of the schedule."""

PULSE = 3 * LONGEST_SLEEP
"""Time without a report after which the runner counts as late."""


@dataclass(frozen=True, slots=True)
class PeriodicUnit:
    """A unit of work that runs again and again.

    Attributes:
        name: names it in the schedule of all nodes.
        every: time between two runs.
        unit: the work; returns True when there is more to do at once.
        after_clock_step: whether it is also due as soon as the clock was set back.
    """

    name: str
    every: timedelta
    unit: Unit[Any]
    after_clock_step: bool = False


class Scheduler:
    """Runs periodic units when they are due, until it is stopped.

    Args:
        database: runs the units, and keeps the schedule.
        units: the units; their names differ.
    """

    def __init__(self, database: Database, units: Sequence[PeriodicUnit]) -> None:
        self._database = database
        self._units = {unit.name: unit for unit in units}
        self._stopped = asyncio.Event()
        self._looked_at: datetime | None = None
        self._pulse = Pulse("schedule", PULSE)
        self._runs: Counter[tuple[str, ...]] = Counter(
            {(name, outcome): 0 for name in self._units for outcome in ("succeeded", "failed")}
        )

    @property
    def pulses(self) -> tuple[Pulse]:
        """The state of the schedule as this node reads it."""
        return (self._pulse,)

    def metrics(self) -> Iterable[Family]:
        """Runs of each unit on this node."""
        yield counter(
            "platform_api_periodic_unit_runs", "Runs of periodic units on this node.", ("unit", "outcome"), self._runs
        )

    async def stored_metrics(self, tx: Transaction) -> Iterable[Family]:
        """How late the unit that has been due longest is."""
        due_at = await store.next_due(tx, self._units)
        late = 0.0 if due_at is None else max(0.0, (tx.now - due_at).total_seconds())
        return [
            gauge(
                "platform_api_periodic_unit_overdue_seconds",
                "Time for which the periodic unit that has been due longest has waited.",
                (),
                {(): late},
                Combination.LARGEST,
            )
        ]

    async def run(self) -> None:
        """Run due units and wait for the next, until `stop`. A unit that fails does not end the loop."""
        while not self._stopped.is_set():
            try:
                await self.run_due_once()
                pause = await self._database.read(self._until_next)
                self._pulse.succeeded()
            except Exception as error:  # noqa: BLE001 - the loop survives a busy database
                _log.error("schedule unavailable", error=repr(error))
                self._pulse.failed(type(error).__name__)
                pause = SHORTEST_SLEEP
            await self._sleep(pause)

    def stop(self) -> None:
        """End `run` after the current unit."""
        self._stopped.set()

    async def run_due_once(self) -> list[str]:
        """Run every unit that is due, once.

        Returns:
            The names of the units that ran, including those that failed.
        """
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
        """Add new units, due at once. If the schedule shows that the clock was set back meanwhile, catch up."""
        for unit in self._units.values():
            await store.add_unit(tx, unit.name)
        schedule = await store.schedule(tx, self._units)
        if any(due_at > tx.now + self._units[name].every + CLOCK_TOLERANCE for name, due_at in schedule.items()):
            await self._catch_up(tx)
        else:
            await self._shorten(tx)

    async def _shorten(self, tx: Transaction) -> None:
        """Make every unit due within its period: the period may be shorter now, or the clock was set back."""
        for unit in self._units.values():
            await store.make_due(tx, unit.name, tx.now + unit.every)

    async def _catch_up(self, tx: Transaction) -> None:
        """Make the units that repair what a wrong clock has left due now."""
        await self._shorten(tx)
        for unit in self._units.values():
            if unit.after_clock_step:
                await store.make_due(tx, unit.name, tx.now)

    async def _due_names(self, tx: Transaction) -> tuple[set[str], datetime]:
        return await store.due_names(tx, self._units), tx.now

    async def _run(self, periodic: PeriodicUnit) -> bool:
        """Run a unit unless another node has taken it.

        Returns:
            Whether it ran.
        """
        if self._stopped.is_set():
            return False
        try:
            taken = await self._database.write(functools.partial(_take_and_run, periodic))
        except DatabaseAway:
            raise
        except Exception:  # noqa: BLE001 - a unit that fails is tried again, whatever the error
            _log.exception("periodic unit failed", unit=periodic.name)
            self._runs[periodic.name, "failed"] += 1
        else:
            self._runs[periodic.name, "succeeded"] += taken
            return taken
        await self._database.write(functools.partial(_postpone, periodic))
        return True

    async def _until_next(self, tx: Transaction) -> timedelta:
        due_at = await store.next_due(tx, self._units)
        return LONGEST_SLEEP if due_at is None else min(due_at - tx.now, LONGEST_SLEEP)

    async def _sleep(self, pause: timedelta) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, pause.total_seconds())):
                await self._stopped.wait()


async def _take_and_run(periodic: PeriodicUnit, tx: Transaction) -> bool:
    if not await store.take_unit(tx, periodic.name, tx.now + periodic.every):
        return False
    if await periodic.unit(tx) is True:
        await store.make_due(tx, periodic.name, tx.now)
    return True


async def _postpone(periodic: PeriodicUnit, tx: Transaction) -> None:
    await store.take_unit(tx, periodic.name, tx.now + min(RETRY, periodic.every))


__all__ = ["LONGEST_SLEEP", "RETRY", "SHORTEST_SLEEP", "PeriodicUnit", "Scheduler"]
