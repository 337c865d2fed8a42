"""SQL of the work queue, for any table with its columns. Statements are made once for each queue."""

from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, case, func, literal, or_, select, update

from platform_api.database.expressions import claim as claim_rows
from platform_api.database.statements import Command, Query, as_tuple
from platform_api.database.transaction import Transaction
from platform_api.work.queue import WorkQueue
from platform_api.work.rules import Item
from platform_api.work.values import Due, QueueLoad, Scan, WorkItem
from servicehost.contract.scalars import EMPTY_GUID, Guid

_OF_THE_QUEUE = tuple(field.name for field in fields(WorkItem) if field.name not in ("id", "owner"))


@cache
def _claim(queue: WorkQueue[Item]) -> Query[Item]:
    c = queue.table.c
    return Query(
        claim_rows(
            queue.table,
            due=and_(c.id == bindparam("id_"), c.due_at <= bindparam("now", type_=c.due_at.type)),
            oldest=c.due_at,
            values={"due_at": None, "lease_until": bindparam("lease_until")},
        ).returning(*queue.selected),
        queue.read,
    )


async def claim(tx: Transaction, queue: WorkQueue[Item], item_id: Guid, lease_until: datetime) -> Item | None:
    """Take an item in hand until the end of a lease; None if it is not due or another worker has it."""
    return await tx.one(_claim(queue), id_=item_id, now=tx.now, lease_until=lease_until, limit=1)


@cache
def _get_due(queue: WorkQueue[Item]) -> Query[Item]:
    c = queue.table.c
    is_due = c.due_at <= bindparam("now", type_=c.due_at.type)
    return Query(select(*queue.selected).where(c.id == bindparam("id"), is_due), queue.read)


async def get_due(tx: Transaction, queue: WorkQueue[Item], item_id: Guid) -> Item | None:
    """An item, if it is due."""
    return await tx.one(_get_due(queue), id=item_id, now=tx.now)


@cache
def _oldest(queue: WorkQueue[Item]) -> Query[Due]:
    c = queue.table.c
    is_due = c.due_at <= bindparam("now", type_=c.due_at.type)
    return Query(
        select(c.id, c.owner, c.due_at).where(is_due).order_by(c.due_at, c.id).limit(bindparam("limit")),
        Due,
    )


async def oldest(tx: Transaction, queue: WorkQueue[Item], limit: int) -> list[Due]:
    """The items that have been due longest."""
    return await tx.all(_oldest(queue), now=tx.now, limit=limit)


@cache
def _scan(queue: WorkQueue[Item]) -> Query[tuple[Guid, Guid | None, datetime | None]]:
    """The next owners with waiting items, each with its first due item, if any.

    The recursion seeks from one owner to the next, so that its cost depends on the number of owners and not of items.
    """
    c, first = queue.table.c, queue.table.alias("first")

    def next_owner(after: Any) -> ScalarSelect[Any]:
        following = select(c.owner).where(c.due_at.is_not(None), c.owner > after).order_by(c.owner).limit(1)
        return following.scalar_subquery()

    owners = select(next_owner(bindparam("after", type_=c.owner.type)).label("owner"), literal(1).label("number")).cte(
        "owners", recursive=True
    )
    owners = owners.union_all(
        select(next_owner(owners.c.owner), owners.c.number + 1).where(
            owners.c.owner.is_not(None), owners.c.number < bindparam("limit")
        )
    )
    first_due = (
        select(c.id)
        .where(c.owner == owners.c.owner, c.due_at <= bindparam("now", type_=c.due_at.type))
        .order_by(c.due_at, c.id)
        .limit(1)
        .scalar_subquery()
    )
    joined = owners.outerjoin(first, first.c.id == first_due)
    found = select(owners.c.owner, first.c.id, first.c.due_at).select_from(joined).where(owners.c.owner.is_not(None))
    return Query(found.order_by(owners.c.owner), as_tuple)


async def scan(tx: Transaction, queue: WorkQueue[Item], after: Guid | None, limit: int) -> Scan:
    """The next owners after one, at most `limit` of them, with their first due items."""
    found = await tx.all(_scan(queue), after=after or EMPTY_GUID, limit=limit, now=tx.now)
    due = tuple(Due(id_, owner, due_at) for owner, id_, due_at in found if id_ and due_at)
    return Scan(due, after, found[-1][0] if len(found) == limit else None)


@cache
def _abandoned(queue: WorkQueue[Item]) -> Query[Item]:
    c = queue.table.c
    is_over = c.lease_until <= bindparam("now", type_=c.lease_until.type)
    return Query(
        select(*queue.selected).where(is_over).order_by(c.lease_until).limit(bindparam("limit")),
        queue.read,
    )


async def abandoned(tx: Transaction, queue: WorkQueue[Item], limit: int) -> list[Item]:
    """Items in hand whose lease has ended, the longest first."""
    return await tx.all(_abandoned(queue), now=tx.now, limit=limit)


@cache
def _waiting(queue: WorkQueue[Item]) -> Query[tuple[int, datetime | None]]:
    c = queue.table.c
    columns: list[ColumnElement[Any]] = [func.count(), func.min(c.due_at)]
    return Query(select(*columns).where(c.due_at.is_not(None)), as_tuple)


@cache
def _leased(queue: WorkQueue[Item]) -> Query[tuple[int, int]]:
    c = queue.table.c
    is_over = c.lease_until <= bindparam("now", type_=c.lease_until.type)
    columns: list[ColumnElement[Any]] = [func.count(), func.count(case((is_over, 1)))]
    return Query(select(*columns).where(c.lease_until.is_not(None)), as_tuple)


async def load(tx: Transaction, queue: WorkQueue[Item]) -> QueueLoad:
    """The items that are not finished; the cost depends on their number."""
    waiting, due_at = await tx.one(_waiting(queue)) or (0, None)
    leased, expired = await tx.one(_leased(queue), now=tx.now) or (0, 0)
    overdue = 0.0 if due_at is None else max(0.0, (tx.now - due_at).total_seconds())
    return QueueLoad(waiting, leased, expired, overdue)


@cache
def _keep(queue: WorkQueue[Item]) -> Command:
    c = queue.table.c
    is_unchanged = and_(
        c.due_at.is_not_distinct_from(bindparam("due_before", type_=c.due_at.type)),
        c.lease_until.is_not_distinct_from(bindparam("lease_before", type_=c.lease_until.type)),
    )
    return Command(
        update(queue.table)
        .where(
            c.id == bindparam("id_"),
            c.attempts == bindparam("attempts_before"),
            or_(is_unchanged, c.doubts > bindparam("doubts_before")),
        )
        .values({name: bindparam(name) for name in (*_OF_THE_QUEUE, *queue.changing)})
    )


async def keep(tx: Transaction, queue: WorkQueue[Item], before: Item, after: Item) -> bool:
    """Write what became of an item.

    A worker whose lease has ended may still write how its attempt ended, unless another attempt has begun.

    Args:
        tx: the transaction.
        queue: the queue.
        before: the item as it was read or claimed.
        after: the item as it is now.

    Returns:
        Whether it was written; False when the item was changed meanwhile.
    """
    changes = {name: getattr(after, name) for name in (*_OF_THE_QUEUE, *queue.changing)}
    touched = await tx.execute(
        _keep(queue),
        id_=before.id,
        attempts_before=before.attempts,
        doubts_before=before.doubts,
        due_before=before.due_at,
        lease_before=before.lease_until,
        **changes,
    )
    return touched == 1


__all__ = ["abandoned", "claim", "get_due", "keep", "load", "oldest", "scan"]
