"""The worker: claims due items one by one, fair between owners, and has the user of the queue work on them."""

import asyncio
import functools
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta
from typing import Any, Generic, Protocol, TypeVar

import structlog

from platform_api.database.errors import DatabaseAway
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.metrics import Family
from platform_api.foundation.pulse import Pulse
from platform_api.work import metrics, rules, store
from platform_api.work.errors import WorkUnavailable
from platform_api.work.queue import WorkQueue
from platform_api.work.rules import Item
from platform_api.work.values import Plan, WorkerSettings, WorkItem
from servicehost.contract.errors import ServiceUnavailable
from servicehost.contract.scalars import Guid

_log = structlog.get_logger(__name__)

PLANNED = 64
"""Number of items that are planned at once. An owner waits for one plan at most before it has its turn."""

SCANNED = 500
"""Number of owners that one plan looks at."""

PULSE_MARGIN = timedelta(minutes=1)
"""Time beyond a lease without a report after which a worker counts as late."""

Rest = Callable[[asyncio.Event, float], Awaitable[None]]
"""Waits for a number of seconds, or until the event is set."""

Claimed_contra = TypeVar("Claimed_contra", bound=WorkItem, contravariant=True)
Task = TypeVar("Task")
Resource = TypeVar("Resource")


class WorkHandler(Protocol[Claimed_contra, Task, Resource]):
    """The user's part of the work: decides on items and performs them."""

    def open(self) -> AbstractAsyncContextManager[Resource]:
        """Open the resource that the attempts of one round share, such as a connection; only when an item is due.

        Raises:
            WorkUnavailable: on entering, when no item can be worked on now.
        """

    async def claimed(self, tx: Transaction, item: Claimed_contra) -> Task:
        """Decide what is done with an item, in the transaction that claims it, and write that with `keep`.

        Raises:
            Exception: the decision failed; the transaction is undone and `put_off` is called in another.
        """

    async def perform(self, resource: Resource, task: Task) -> None:
        """Do it, outside of any transaction, and record how it ended; every failure of the item is recorded.

        When the worker stops, an attempt that takes too long is cancelled once: its outcome is recorded, too.

        Raises:
            ServiceUnavailable: the database cannot be used; the item is recovered when its lease has ended.
        """

    async def put_off(self, tx: Transaction, item: Claimed_contra, error: Exception, chance: float) -> None:
        """Count an attempt of an item for which `claimed` failed, so that those behind it get their turn.

        Args:
            tx: the transaction.
            item: the item, as it waits.
            error: the error of `claimed`.
            chance: a random number from 0 to 1, to spread the next attempt.
        """


class Worker(Generic[Item, Task, Resource]):
    """Works on the items of a queue. Several may run, in one process or on many nodes.

    Args:
        database: where the items are.
        queue: the queue.
        handler: the user's part of the work.
        settings: the numbers.
        chance: random numbers from 0 to 1.
        rest: waits between two ticks; None for the clock.
    """

    def __init__(
        self,
        database: Database,
        queue: WorkQueue[Item],
        handler: WorkHandler[Item, Task, Resource],
        settings: WorkerSettings,
        *,
        chance: Callable[[], float] = random.random,
        rest: Rest | None = None,
    ) -> None:
        self._database = database
        self._queue = queue
        self._handler = handler
        self._settings = settings
        self._chance = chance
        self._rest = rest or _rested
        self._stopped = asyncio.Event()
        self._outages = 0
        self._planned: deque[Guid] = deque()
        self._after: Guid | None = None
        self._stuck: set[Guid] = set()
        self._pulse = Pulse(queue.name, settings.lease + PULSE_MARGIN)

    @property
    def pulses(self) -> tuple[Pulse, ...]:
        """The state of the work, unless this process works on no items."""
        return (self._pulse,) if self._settings.lanes else ()

    def metrics(self) -> Iterable[Family]:
        """None: the user of the queue knows the outcomes."""
        return ()

    async def stored_metrics(self, tx: Transaction) -> Iterable[Family]:
        """The length of the queue, and its leases."""
        return metrics.families(self._queue.name, await store.load(tx, self._queue))

    async def run(self) -> None:
        """Work until `stop`; returns when every item in hand has been recorded, so that its lease has ended."""
        async with asyncio.TaskGroup() as group:
            lanes = [group.create_task(self._lane(number)) for number in range(self._settings.lanes)]
            await self._stopped.wait()
            if lanes:
                _, late = await asyncio.wait(lanes, timeout=self._settings.stop_patience.total_seconds())
                for lane in late:
                    lane.cancel()

    def stop(self) -> None:
        """Claim no further item."""
        self._stopped.set()

    async def drain_once(self) -> int:
        """Work on every item that is due now.

        Returns:
            The number of items.

        Raises:
            WorkUnavailable: no item can be worked on now; the items wait.
        """
        return await self._drain(0)

    async def _lane(self, number: int) -> None:
        """Work on one item at a time, until stopped. The second lane helps when there are two items, and so on.

        It looks for items at its own ticks and at no other time: if a new item woke a lane, a client could feel, by
        requests sent right after its own, whether that request had caused work.
        """
        pause = self._tick()
        while not self._stopped.is_set():
            await self._rest(self._stopped, pause.total_seconds())
            try:
                await self._drain(number)
                self._outages = 0
                self._pulse.succeeded()
                pause = self._tick()
            except WorkUnavailable as error:
                _log.warning("work unavailable", queue=self._queue.name, reason=error.reason)
                self._pulse.failed(error.reason)
                pause = self._outage_pause()
            except DatabaseAway as error:
                _log.warning("work unavailable", queue=self._queue.name, reason=error.message)
                self._pulse.failed(type(error).__name__)
                pause = self._outage_pause()
            except Exception as error:  # noqa: BLE001 - a lane never ends: what fails now may work later
                _log.exception("worker failed", queue=self._queue.name)
                self._pulse.failed(type(error).__name__)
                pause = self._outage_pause()

    async def _drain(self, number: int) -> int:
        """Work on due items until none is left; the handler is opened only when there is one for this lane."""
        self._stuck.clear()
        if self._stopped.is_set() or await self._make_plan() <= number:
            return 0
        handled = 0
        async with self._handler.open() as resource:
            while not self._stopped.is_set() and (item := await self._next()):
                handled += await self._turn(resource, item)
                self._pulse.succeeded()
        return handled

    async def _next(self) -> Guid | None:
        """The item to claim next, or None when none is due."""
        if not self._planned:
            await self._make_plan()
        return self._planned.popleft() if self._planned else None

    async def _make_plan(self) -> int:
        """Plan which items are claimed next; returns their number."""
        plan = await self._database.read(functools.partial(_plan, queue=self._queue, after=self._after))
        self._planned, self._after = deque(item for item in plan.items if item not in self._stuck), plan.after
        return len(self._planned)

    async def _turn(self, resource: Resource, item_id: Guid) -> bool:
        """Work on one item; False when another worker has it."""
        try:
            task = await self._database.write(functools.partial(self._claim, item_id=item_id))
        except ServiceUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to this item alone
            _log.exception("item failed to load", queue=self._queue.name, item=item_id)
            await self._set_aside(item_id, error)
            return True
        if task is None:
            return False
        await self._handler.perform(resource, task)
        return True

    async def _set_aside(self, item_id: Guid, error: Exception) -> None:
        """Put an item off. One that cannot be put off either, such as an unreadable row, waits for the next tick.

        Raises:
            ServiceUnavailable: the database cannot be used.
        """
        put_off = functools.partial(self._put_off, item_id=item_id, error=error, chance=self._chance())
        try:
            await self._database.write(put_off)
        except ServiceUnavailable:
            raise
        except Exception:  # noqa: BLE001 - it must not keep the items behind it waiting
            _log.exception("item cannot be put off", queue=self._queue.name, item=item_id)
            self._stuck.add(item_id)

    async def _claim(self, tx: Transaction, item_id: Guid) -> Task | None:
        """Claim an item and decide what is done with it. One unit."""
        item = await store.claim(tx, self._queue, item_id, tx.now + self._settings.lease)
        return None if item is None else await self._handler.claimed(tx, item)

    async def _put_off(self, tx: Transaction, item_id: Guid, error: Exception, chance: float) -> None:
        """Count an attempt of an item that is due, and cannot be claimed. One unit."""
        item = await store.get_due(tx, self._queue, item_id)
        if item is not None:
            await self._handler.put_off(tx, item, error, chance)

    def _tick(self) -> timedelta:
        return rules.tick(self._settings.tick, self._chance())

    def _outage_pause(self) -> timedelta:
        self._outages += 1
        return rules.outage_pause(self._settings.outage_pause, self._outages)


async def _plan(tx: Transaction, queue: WorkQueue[Any], after: Guid | None) -> Plan:
    """The items to claim next. Owners are scanned only when more items are due than a plan holds."""
    oldest = await store.oldest(tx, queue, PLANNED)
    if len(oldest) < PLANNED:
        return Plan(tuple(rules.in_turn(oldest)), after)
    return rules.plan(oldest, await store.scan(tx, queue, after, SCANNED), PLANNED)


async def _rested(stopped: asyncio.Event, seconds: float) -> None:
    """Wait for a number of seconds, or until stopped."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopped.wait()


__all__ = ["PLANNED", "SCANNED", "Rest", "WorkHandler", "Worker"]
