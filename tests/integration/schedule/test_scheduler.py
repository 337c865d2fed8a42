"""Periodic units on a real database: each runs when due, on one node, whether it fails or not."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from structlog.testing import capture_logs
from tests.support.database import a_database
from tests.support.metric_values import values

from platform_api.database.metadata import metadata
from platform_api.database.statements import Query
from platform_api.database.transaction import Database, Transaction
from platform_api.schedule import PeriodicUnit, Scheduler, store
from platform_api.schedule import scheduler as the_scheduler
from platform_api.schedule.tables import periodic_units

HOUR = timedelta(hours=1)
DUE_AT = Query(select(periodic_units.c.due_at), lambda due_at: due_at)


class Counting:
    """A unit that counts its runs.

    Args:
        answers: what its runs return, or raise, one after the other; None when they are used up.
    """

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.runs = 0

    async def __call__(self, tx: Transaction) -> object:
        """Run once."""
        self.runs += 1
        tx.notify("ran")
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


def a_scheduler(database: Database, unit: Counting, every: timedelta = HOUR) -> Scheduler:
    """A node that runs one unit."""
    return Scheduler(database, [PeriodicUnit("count", every, unit)])


async def due_in(database: Database) -> timedelta:
    """How long until the unit is due."""

    async def unit(tx: Transaction) -> timedelta:
        due_at: datetime | None = await tx.one(DUE_AT)
        assert due_at is not None
        return due_at - tx.now

    return await database.read(unit)


async def runs(database: Database, *answers: object, times: int) -> Sequence[list[str]]:
    """Return the units that a scheduler reports, each time it looks."""
    scheduler = a_scheduler(database, Counting(*answers))
    return [await scheduler.run_due_once() for _ in range(times)]


async def until_it_ran(unit: Counting, woken: asyncio.Event, *, times: int) -> None:
    """Wait for runs of a unit. Listeners may also be woken without a run."""
    async with asyncio.timeout(10):
        while unit.runs < times:
            await woken.wait()
            woken.clear()


async def test_a_new_unit_is_due_at_once_and_then_after_its_period(tmp_path: Path) -> None:
    """Not again before."""
    async with a_database(tmp_path, metadata) as database:
        assert [["count"], []] == await runs(database, times=2)
        assert timedelta(minutes=59) < await due_in(database) <= HOUR


async def test_a_unit_with_more_to_do_is_due_at_once(tmp_path: Path) -> None:
    """It says so by returning True."""
    async with a_database(tmp_path, metadata) as database:
        assert [["count"], ["count"], []] == await runs(database, True, times=3)  # noqa: FBT003 - what a unit returns


async def test_a_shorter_period_counts_from_now(tmp_path: Path) -> None:
    """After a restart with other settings, the old period no longer applies."""
    async with a_database(tmp_path, metadata) as database:
        await a_scheduler(database, Counting(), HOUR).run_due_once()
        await a_scheduler(database, Counting(), timedelta(minutes=1)).run_due_once()
        assert await due_in(database) <= timedelta(minutes=1)


async def test_one_of_several_nodes_runs_a_unit(tmp_path: Path) -> None:
    """However they race for it."""
    unit = Counting()
    async with (
        a_database(tmp_path, metadata) as database,
        a_database(tmp_path, metadata) as other,
    ):
        nodes = [a_scheduler(node, unit) for node in (database, other) * 4]
        ran = await asyncio.gather(*(node.run_due_once() for node in nodes))
    assert (1, [["count"]]) == (unit.runs, [names for names in ran if names])


async def test_a_unit_that_fails_is_logged_and_tried_again_soon(tmp_path: Path) -> None:
    """Sooner than its period, if that is long."""
    async with a_database(tmp_path, metadata) as database:
        with capture_logs() as logs:
            assert [["count"], []] == await runs(database, ValueError("broken"), times=2)
        assert [("periodic unit failed", "count")] == [(entry["event"], entry["unit"]) for entry in logs]
        assert await due_in(database) <= the_scheduler.RETRY


async def test_a_unit_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    """They run as if nothing had happened."""
    healthy = Counting()
    units = [PeriodicUnit("broken", HOUR, Counting(ValueError())), PeriodicUnit("healthy", HOUR, healthy)]
    async with a_database(tmp_path, metadata) as database:
        with capture_logs():
            assert ["broken", "healthy"] == await Scheduler(database, units).run_due_once()
    assert 1 == healthy.runs


async def test_the_runner_goes_on_until_it_is_stopped(tmp_path: Path) -> None:
    """It runs what is due again and again, and ends when it is told to."""
    unit = Counting(ValueError("broken"))
    async with a_database(tmp_path, metadata) as database:
        scheduler = a_scheduler(database, unit, timedelta(milliseconds=1))
        ran_well = asyncio.Event()
        database.listen("ran", ran_well.set)
        with capture_logs():
            running = asyncio.create_task(scheduler.run())
            await until_it_ran(unit, ran_well, times=2)
            scheduler.stop()
            await asyncio.wait_for(running, 10)


async def test_a_stopped_runner_does_not_wait_for_what_is_due_next(tmp_path: Path) -> None:
    """It ends at once, in the middle of its pause."""
    async with a_database(tmp_path, metadata) as database:
        unit = Counting()
        scheduler = a_scheduler(database, unit)
        ran = asyncio.Event()
        database.listen("ran", ran.set)
        running = asyncio.create_task(scheduler.run())
        await until_it_ran(unit, ran, times=1)
        scheduler.stop()
        await asyncio.wait_for(running, 10)


async def test_runs_are_counted_by_their_outcome(tmp_path: Path) -> None:
    """Each unit has a count for both outcomes from the beginning."""
    async with a_database(tmp_path, metadata) as database:
        scheduler = a_scheduler(database, Counting(None, LookupError("no")), timedelta(0))
        before = values(scheduler.metrics())
        for _ in range(2):
            await scheduler.run_due_once()

    name = "platform_api_periodic_unit_runs_total"
    assert {(name, "count", "succeeded"): 0, (name, "count", "failed"): 0} == before
    assert {(name, "count", "succeeded"): 1, (name, "count", "failed"): 1} == values(scheduler.metrics())


async def test_the_lateness_of_the_schedule_is_measured(tmp_path: Path) -> None:
    """A unit that is due later is not late; units of another version are not counted."""
    name = ("platform_api_periodic_unit_overdue_seconds",)
    async with a_database(tmp_path, metadata) as database:
        scheduler = a_scheduler(database, Counting())
        await scheduler.run_due_once()
        assert {name: 0.0} == values(await database.read(scheduler.stored_metrics))

        async def make_late(tx: Transaction) -> None:
            await store.make_due(tx, "count", tx.now - HOUR)
            await store.add_unit(tx, "of another version")
            await store.make_due(tx, "of another version", tx.now - 5 * HOUR)

        await database.write(make_late)
        late = values(await database.read(scheduler.stored_metrics))[name]

    assert 3600 <= late < 7200


async def test_the_runner_reports_whether_it_can_read_the_schedule(tmp_path: Path) -> None:
    """After the first round it has reported, without a failure."""
    async with a_database(tmp_path, metadata) as database:
        woken, unit = asyncio.Event(), Counting()
        scheduler = a_scheduler(database, unit)
        database.listen("ran", woken.set)
        before = scheduler.pulses[0].read()
        running = asyncio.create_task(scheduler.run())
        await until_it_ran(unit, woken, times=1)
        scheduler.stop()
        await running

    after = scheduler.pulses[0].read()
    assert ("schedule", False, None) == (before.name, before.reported, before.failure)
    assert (True, None) == (after.reported, after.failure)
