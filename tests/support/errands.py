"""A work queue on a table of its own: errands, whose worker notes the words that it was sent with."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, bindparam, insert, select

from platform_api import work
from platform_api.database.columns import GuidColumn
from platform_api.database.engine import Engine
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_id
from platform_api.work import Rest, RetrySchedule, Worker, WorkerSettings, WorkItem, WorkQueue, WorkUnavailable
from servicehost.contract.scalars import Guid

metadata = MetaData()
_table = Table(
    "errands",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("word", Text, nullable=False),
    Column("result", Text),
    *work.queue_columns("errands"),
)


@dataclass(frozen=True, slots=True)
class Errand(WorkItem):
    """An errand as its row holds it."""

    word: str
    result: str | None


ERRANDS = WorkQueue(
    "errands", _table, into=Errand, columns=tuple(field.name for field in fields(Errand)), changing=("result",)
)
SETTINGS = WorkerSettings(
    lease=timedelta(minutes=5),
    lanes=2,
    tick=timedelta(milliseconds=10),
    outage_pause=timedelta(seconds=1),
    stop_patience=timedelta(minutes=1),
)
SCHEDULE = RetrySchedule((timedelta(0), timedelta(hours=1)), jitter=0.1)
_ADD = Command(insert(_table).values({column.name: bindparam(column.name) for column in _table.columns}))
_GET = Query(select(*ERRANDS.selected).where(_table.c.id == bindparam("id")), ERRANDS.read)


@dataclass
class Runner:
    """The handler: it runs errands, in memory.

    Attributes:
        database: where the errands are.
        ran: the words of the errands that were run, in order.
        faults: errors by the word of the errand that raises them when it is run, each raised once.
        broken: the words of errands that cannot be loaded.
        is_open: whether errands can be run at all.
        opened: how often it was opened.
        hold: waits before an errand is run.
    """

    database: Database
    ran: list[str] = field(default_factory=list)
    faults: dict[str, Exception] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    is_open: bool = True
    opened: int = 0
    hold: Callable[[], Any] | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[list[str]]:
        """The list of what was run."""
        self.opened += 1
        if not self.is_open:
            raise WorkUnavailable("closed")
        yield self.ran

    async def claimed(self, tx: Transaction, item: Errand) -> Errand:
        """Begin an attempt."""
        begun = work.begin_attempt(item, tx.now)
        await work.keep(tx, ERRANDS, item, begun)
        if item.word in self.broken:
            raise LookupError("a row is missing")
        return begun

    async def perform(self, resource: list[str], task: Errand) -> None:
        """Run an errand, and record its result."""
        if self.hold:
            await self.hold()
        fault = self.faults.pop(task.word, None)
        if fault is None:
            resource.append(task.word)

        async def unit(tx: Transaction) -> None:
            after = work.finish(task) if fault is None else work.retry(task, SCHEDULE, tx.now, 0.5)
            after = replace(after or work.finish(task), result="ran" if fault is None else repr(fault))
            await work.keep(tx, ERRANDS, task, after)

        await self.database.write(unit)

    async def put_off(self, tx: Transaction, item: Errand, error: Exception, chance: float) -> None:
        """Retry by the schedule."""
        after = work.retry(work.begin_attempt(item, tx.now), SCHEDULE, tx.now, chance)
        await work.keep(tx, ERRANDS, item, replace(after or work.finish(item), result=repr(error)))

    def worker(self, *, rest: Rest | None = None, **changes: Any) -> Worker[Errand, Errand, list[str]]:
        """A worker with this handler."""
        return Worker(self.database, ERRANDS, self, replace(SETTINGS, **changes), chance=lambda: 0.5, rest=rest)

    async def add(self, owner: Guid, *words: str, due_in: timedelta = timedelta(0)) -> list[Guid]:
        """Queue errands of an owner, due one after the other."""
        return await self.add_each([(owner, word) for word in words], due_in)

    async def add_each(self, errands: Sequence[tuple[Guid, str]], due_in: timedelta = timedelta(0)) -> list[Guid]:
        """Queue errands, each of an owner and with a word, due one after the other."""

        async def unit(tx: Transaction) -> list[Guid]:
            ids = [new_id() for _ in errands]
            for number, (id_, (owner, word)) in enumerate(zip(ids, errands, strict=True)):
                due_at = tx.now + due_in + timedelta(microseconds=number - len(errands))
                await self.add_in(tx, an_errand(id_, owner, word, due_at))
            return ids

        return await self.database.write(unit)

    async def add_in(self, tx: Transaction, errand: Errand) -> None:
        """Queue an errand in a transaction."""
        await tx.execute(_ADD, **{name: getattr(errand, name) for name in ERRANDS.columns})

    async def get(self, errand: Guid) -> Errand:
        """An errand as its row holds it."""
        found = await self.database.read(lambda tx: tx.one(_GET, id=errand))
        assert found is not None
        return found


def an_errand(id_: Guid, owner: Guid, word: str, due_at: datetime) -> Errand:
    """An errand that was never tried."""
    return Errand(
        id=id_,
        owner=owner,
        due_at=due_at,
        lease_until=None,
        attempts=0,
        doubts=0,
        attempted_at=None,
        word=word,
        result=None,
    )


@asynccontextmanager
async def errands(engine: Engine) -> AsyncIterator[Runner]:
    """The runner of errands on a database, opened once more for each process that the test imitates."""
    async with engine.open() as database:
        yield Runner(database)


__all__ = ["ERRANDS", "SCHEDULE", "SETTINGS", "Errand", "Runner", "an_errand", "errands", "metadata"]
