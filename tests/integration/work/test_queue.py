"""The work queue on a table of its own, on each database."""

import asyncio
import functools
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.support.errands import ERRANDS, SETTINGS, Errand, an_errand, errands, metadata
from tests.support.metric_values import values
from tests.support.stores import an_engine

from platform_api import work
from platform_api.database.engine import Engine
from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_id
from platform_api.foundation.pulse_reading import PulseReading
from platform_api.work import Worker, WorkUnavailable, store
from platform_api.work.upkeep import BATCH
from platform_api.work.worker import PLANNED, SCANNED
from servicehost.contract.errors import ServiceUnavailable
from servicehost.contract.scalars import Guid

ONE, OTHER = sorted((new_id(), new_id()))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A new database with the table of errands."""
    return an_engine(tmp_path / "errands.db", metadata)


def again(item: Errand, now: datetime) -> Errand:
    """A policy: what a crash interrupted is tried again at once, and a second time never."""
    return work.doubt(item, now)


async def test_errands_are_run_once_and_recorded(engine: Engine) -> None:
    """In the order in which they are due."""
    async with errands(engine) as runner:
        (first, _) = await runner.add(ONE, "first", "second")

        assert 2 == await runner.worker().drain_once()
        assert ["first", "second"] == runner.ran
        done = await runner.get(first)
        assert (None, None, 1, 0, "ran") == (done.due_at, done.lease_until, done.attempts, done.doubts, done.result)
        assert 0 == await runner.worker().drain_once()


async def test_errands_wait_for_their_time(engine: Engine) -> None:
    """And nothing is opened for them."""
    async with errands(engine) as runner:
        await runner.add(ONE, "later", due_in=timedelta(hours=1))

        assert (0, 0) == (await runner.worker().drain_once(), runner.opened)


@pytest.mark.parametrize(("flooding", "quiet"), [(ONE, OTHER), (OTHER, ONE)], ids=["before", "after"])
async def test_an_owner_with_many_errands_does_not_keep_another_waiting(
    engine: Engine, flooding: Guid, quiet: Guid
) -> None:
    """The other owner's errand is run first or second, although 10,000 have been due for longer."""
    async with errands(engine) as runner:
        await runner.add(flooding, *["flood"] * 10_000, due_in=timedelta(minutes=-1))
        await runner.add(quiet, "quiet")
        worker = runner.worker()

        async def stop_after_two() -> None:
            if runner.ran:
                worker.stop()

        runner.hold = stop_after_two
        assert 2 == await worker.drain_once()
        assert {"flood", "quiet"} == set(runner.ran)


async def test_an_owner_that_comes_later_waits_for_one_plan_at_most(engine: Engine) -> None:
    """It has its turn when the plan that was made without it is done."""
    async with errands(engine) as runner:
        await runner.add(ONE, *["flood"] * (3 * PLANNED), due_in=timedelta(minutes=-1))
        added = asyncio.Event()

        async def add_another() -> None:
            if not added.is_set():
                added.set()
                await runner.add(OTHER, "quiet")

        runner.hold = add_another
        await runner.worker().drain_once()
        assert 3 * PLANNED + 1 == len(runner.ran)
        assert runner.ran.index("quiet") <= PLANNED + 1


async def test_more_owners_than_one_plan_looks_at_all_have_their_turns(engine: Engine) -> None:
    """Each once before any has a second one, although one of them has more errands than all others."""
    async with errands(engine) as runner:
        flooding, *owners = (new_id() for _ in range(SCANNED + 20))
        await runner.add(flooding, *[flooding] * (SCANNED + PLANNED), due_in=timedelta(minutes=-1))
        await runner.add_each([(owner, owner) for owner in (*owners, *owners)])
        worker = runner.worker()

        async def stop_after_a_round() -> None:
            if len(runner.ran) == len(owners):
                worker.stop()

        runner.hold = stop_after_a_round
        await worker.drain_once()
        assert sorted([flooding, *owners]) == sorted(runner.ran)


async def test_a_failed_errand_is_run_again_by_the_schedule(engine: Engine) -> None:
    """At once after the first attempt, an hour later after the second."""
    async with errands(engine) as runner:
        (errand,) = await runner.add(ONE, "shaky")
        runner.faults["shaky"] = OSError("first")

        assert 2 == await runner.worker().drain_once()
        assert (2, "ran", ["shaky"]) == (
            (await runner.get(errand)).attempts,
            (await runner.get(errand)).result,
            runner.ran,
        )


async def test_an_errand_that_cannot_be_loaded_stops_no_other(engine: Engine) -> None:
    """Its claim is undone, and an attempt of it counted."""
    async with errands(engine) as runner:
        (broken, _) = await runner.add(ONE, "broken", "sound")
        runner.broken.add("broken")
        with capture_logs() as logs:
            await runner.worker().drain_once()

        found = await runner.get(broken)
        assert (2, None, "LookupError('a row is missing')") == (found.attempts, found.lease_until, found.result)
        assert found.due_at is not None
        assert ["sound"] == runner.ran
        assert {("item failed to load", "errands", broken)} == {
            (entry["event"], entry["queue"], entry["item"]) for entry in logs
        }


async def test_an_unreadable_row_stops_no_other(engine: Engine) -> None:
    """It can be neither claimed nor put off, and waits; the errands behind it are run, and so are later ones."""

    def read(**columns: Any) -> Errand:
        if columns["word"] == "unreadable":
            raise KeyError("a code of another version")
        return Errand(**columns)

    async with errands(engine) as runner:
        await runner.add(ONE, "unreadable", *["sound"] * (PLANNED + 1))
        worker = Worker(runner.database, replace(ERRANDS, into=read), runner, SETTINGS)
        with capture_logs() as logs:
            await worker.drain_once()
            await runner.add(OTHER, "later")
            await worker.drain_once()
        assert [*["sound"] * (PLANNED + 1), "later"] == runner.ran
    assert ["item failed to load", "item cannot be put off"] * 2 == [entry["event"] for entry in logs]


async def test_workers_of_two_nodes_never_run_the_same_errand(engine: Engine) -> None:
    """Their plans are the same; each errand is claimed once."""
    async with errands(engine) as here, errands(engine) as there:
        await here.add(ONE, *map(str, range(30)))
        handled = await asyncio.gather(*(runner.worker().drain_once() for runner in (here, there, here, there)))

        assert (30, sorted(map(str, range(30)))) == (sum(handled), sorted(here.ran + there.ran))


async def test_an_errand_of_a_crashed_worker_is_left_to_the_policy(engine: Engine) -> None:
    """After its lease, not before."""
    async with errands(engine) as runner:
        (errand,) = await runner.add(ONE, "go")
        begun = asyncio.Event()

        async def crash() -> None:
            begun.set()
            await asyncio.Event().wait()

        runner.hold = crash
        dying = asyncio.create_task(runner.worker(lease=timedelta(0)).drain_once())
        await begun.wait()
        dying.cancel()
        await asyncio.wait([dying])
        runner.hold = None
        in_hand = await runner.get(errand)
        assert in_hand.lease_until is not None

        assert not await runner.database.write(lambda tx: work.recover(tx, ERRANDS, again))
        found = await runner.get(errand)
        assert replace(in_hand, due_at=found.due_at, lease_until=None, doubts=1) == found
        assert 1 == await runner.worker().drain_once()
        assert ["go"] == runner.ran


async def test_an_errand_whose_lease_lasts_is_not_recovered(engine: Engine) -> None:
    """It is in the hands of its worker."""
    async with errands(engine) as runner:
        (errand,) = await runner.add(ONE, "go")
        claimed = await runner.database.write(lambda tx: store.claim(tx, ERRANDS, errand, tx.now + SETTINGS.lease))
        await runner.database.write(lambda tx: work.recover(tx, ERRANDS, again))

        assert claimed == await runner.get(errand)


async def test_a_batch_is_recovered_at_a_time(engine: Engine) -> None:
    """And there may be more."""
    async with errands(engine) as runner:
        for errand in await runner.add(ONE, *["go"] * (BATCH + 1)):
            await runner.database.write(functools.partial(_claim_now, errand=errand))

        assert await runner.database.write(lambda tx: work.recover(tx, ERRANDS, again))
        assert not await runner.database.write(lambda tx: work.recover(tx, ERRANDS, again))


async def test_a_slow_worker_may_still_record_its_result(engine: Engine) -> None:
    """After its lease ended, as long as no other attempt has begun."""
    async with errands(engine) as runner:
        (errand,) = await runner.add(ONE, "go")
        slow = await runner.database.write(functools.partial(_claim_now, errand=errand))
        await runner.database.write(lambda tx: work.recover(tx, ERRANDS, again))
        done = replace(work.finish(slow), result="ran")

        assert await runner.database.write(lambda tx: work.keep(tx, ERRANDS, slow, done))
        assert done == await runner.get(errand)


async def test_a_slow_worker_writes_over_no_later_attempt(engine: Engine) -> None:
    """The other worker's result counts."""
    async with errands(engine) as runner:
        (errand,) = await runner.add(ONE, "go")
        slow = await runner.database.write(functools.partial(_claim_now, errand=errand))
        await runner.database.write(lambda tx: work.recover(tx, ERRANDS, again))
        await runner.worker().drain_once()
        done = await runner.get(errand)

        late = replace(work.finish(slow), result="late")
        assert not await runner.database.write(lambda tx: work.keep(tx, ERRANDS, slow, late))
        assert done == await runner.get(errand)


@pytest.mark.parametrize("change", ["claimed", "finished"])
async def test_an_item_that_was_changed_meanwhile_is_not_written_over(engine: Engine, change: str) -> None:
    """Neither one that another worker has claimed, nor one that is finished."""
    async with errands(engine) as runner:
        (errand,) = await runner.add(ONE, "go")
        before = await runner.get(errand)
        claimed = await runner.database.write(lambda tx: store.claim(tx, ERRANDS, errand, tx.now + SETTINGS.lease))
        assert claimed is not None
        if change == "finished":
            await runner.database.write(lambda tx: work.keep(tx, ERRANDS, claimed, work.finish(claimed)))
        found = await runner.get(errand)

        assert not await runner.database.write(lambda tx: work.keep(tx, ERRANDS, before, before))
        assert found == await runner.get(errand)


async def test_an_item_can_be_claimed_at_the_moment_it_is_due(engine: Engine) -> None:
    """Not only after it."""
    async with errands(engine) as runner:

        async def unit(tx: Transaction) -> Errand | None:
            due = an_errand(new_id(), ONE, "now", tx.now)
            await runner.add_in(tx, due)
            return await store.claim(tx, ERRANDS, due.id, tx.now + timedelta(minutes=1))

        claimed = await runner.database.write(unit)
        assert ("now", None) == (claimed and (claimed.word, claimed.due_at))


async def test_the_items_of_an_owner_run_oldest_first_under_a_flood(engine: Engine) -> None:
    """When more are due than one plan holds, each owner's next item is its oldest."""
    async with errands(engine) as runner:
        words = [str(number) for number in range(2 * PLANNED)]
        await runner.add(ONE, *words)
        await runner.add(OTHER, "other")
        await runner.worker().drain_once()

        assert words == [word for word in runner.ran if word != "other"]


async def test_what_is_not_due_cannot_be_claimed(engine: Engine) -> None:
    """Neither an item that waits, nor one in hand."""
    async with errands(engine) as runner:
        (later,) = await runner.add(ONE, "later", due_in=timedelta(hours=1))
        (now,) = await runner.add(ONE, "now")
        await runner.database.write(functools.partial(_claim_now, errand=now))
        claims = [
            await runner.database.write(functools.partial(_claimed, errand=errand)) for errand in (later, now, new_id())
        ]

        assert [None, None, None] == claims


async def test_without_what_the_work_needs_no_errand_is_touched(engine: Engine) -> None:
    """An outage costs no attempt."""
    async with errands(engine) as runner:
        (errand,) = await runner.add(ONE, "go")
        before = await runner.get(errand)
        runner.is_open = False
        with pytest.raises(WorkUnavailable, match="closed"):
            await runner.worker().drain_once()

        assert before == await runner.get(errand)


async def test_a_running_worker_survives_outages_and_faults(engine: Engine) -> None:
    """It goes on after a pause, which doubles until it succeeds."""
    async with errands(engine) as runner:
        await runner.add(ONE, "go")
        pauses: list[float] = []
        faults = [ServiceUnavailable("busy")]

        async def fail_once() -> None:
            if faults:
                raise faults.pop()

        async def rest(_stopped: asyncio.Event, seconds: float) -> None:
            pauses.append(seconds)
            runner.is_open = len(pauses) > 1
            if len(pauses) == 3:
                await runner.database.write(lambda tx: work.recover(tx, ERRANDS, again))
            if len(pauses) == 4:
                worker.stop()

        runner.hold = fail_once
        worker = runner.worker(lease=timedelta(0), lanes=1, outage_pause=timedelta(milliseconds=1), rest=rest)
        with capture_logs() as logs:
            await worker.run()

        assert ([0.01, 0.001, 0.002, 0.01], ["go"]) == (pauses, runner.ran)
        assert [("work unavailable", "errands"), ("worker failed", "errands")] == [
            (entry["event"], entry["queue"]) for entry in logs
        ]


async def test_a_further_lane_helps_only_when_there_is_an_errand_for_it(engine: Engine) -> None:
    """With one errand, one lane opens what the work needs."""
    async with errands(engine) as runner:
        await runner.add(ONE, "go")
        worker = runner.worker()

        assert (0, 0) == (await worker._drain(1), runner.opened)
        assert (1, 1) == (await worker._drain(0), runner.opened)


async def _claimed(tx: Transaction, errand: Guid) -> Errand | None:
    """Claim an errand with a lease that ends now."""
    return await store.claim(tx, ERRANDS, errand, tx.now)


async def _claim_now(tx: Transaction, errand: Guid) -> Errand:
    """Claim an errand with a lease that ends now, and begin an attempt."""
    claimed = await _claimed(tx, errand)
    assert claimed is not None
    begun = work.begin_attempt(claimed, tx.now)
    await work.keep(tx, ERRANDS, claimed, begun)
    return begun


async def test_the_load_of_a_queue_is_measured(engine: Engine) -> None:
    """Items that wait, are in hand or were abandoned, and how late the first of them is; not those that are finished."""

    async def claim_for_an_hour(tx: Transaction, errand: Guid) -> None:
        assert await store.claim(tx, ERRANDS, errand, tx.now + timedelta(hours=1)) is not None

    async with errands(engine) as runner:
        await runner.add(ONE, "done")
        await runner.worker().drain_once()
        in_hand, abandoned, *_ = await runner.add(ONE, "in hand", "abandoned", "due")
        await runner.add(ONE, "later", due_in=timedelta(hours=1))
        await runner.database.write(functools.partial(claim_for_an_hour, errand=in_hand))
        await runner.database.write(functools.partial(_claimed, errand=abandoned))
        found = values(await runner.database.read(runner.worker().stored_metrics))

    overdue = found.pop(("platform_api_queue_overdue_seconds", "errands"))
    assert 0 <= overdue < 3600
    assert {
        ("platform_api_queue_items", "errands", "waiting"): 2,
        ("platform_api_queue_items", "errands", "leased"): 2,
        ("platform_api_queue_items", "errands", "expired"): 1,
    } == found


async def test_a_worker_reports_its_rounds(engine: Engine) -> None:
    """A round that succeeds, and one for which the queue cannot be worked on; a worker without lanes reports nothing."""
    reports: list[PulseReading] = []
    async with errands(engine) as runner:
        await runner.add(ONE, "a")
        runner.is_open = False

        async def rest(stopped: asyncio.Event, _seconds: float) -> None:
            reports.append(worker.pulses[0].read())
            runner.is_open = len(reports) > 1
            if len(reports) == 3:
                stopped.set()

        worker = runner.worker(lanes=1, rest=rest)
        await worker.run()
        idle = runner.worker(lanes=0)

    assert [(False, None), (True, "closed"), (True, None)] == [(each.reported, each.failure) for each in reports]
    assert ["errands"] == sorted({each.name for each in reports})
    assert () == idle.pulses
