"""The SQL of the counters behind the totals of lists, kept by the transactions that change what they count."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from platform_api.connections.counter_rules import Tally, of_type
from platform_api.connections.tables import connection_totals
from platform_api.database.expressions import in_list, upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import CONTACT_TYPES_BY_CODE
from servicehost.contract.scalars import Guid

_GET_TOTAL = Query(
    select(func.coalesce(func.sum(connection_totals.c.total), 0)).where(
        connection_totals.c.contact_id == bindparam("contact_id"), in_list(connection_totals.c.name, "names")
    ),
    int,
)


async def total_of_all_types(tx: Transaction, contact_id: Guid, name: str) -> int:
    """The number of requests in a counter, whatever the type of the other contact."""
    names = [of_type(name, code) for code in CONTACT_TYPES_BY_CODE]
    return await tx.one(_GET_TOTAL, contact_id=contact_id, names=names) or 0


@cache
def _add_totals(counters: int) -> Command:
    """A statement that adds to a number of counters; the parameters of the first are `contact_id0`, `name0`, `total0`."""
    columns = connection_totals.columns
    rows = [
        {column.name: bindparam(f"{column.name}{row}", type_=column.type) for column in columns}
        for row in range(counters)
    ]
    return Command(
        upsert(
            connection_totals,
            key=(connection_totals.c.contact_id, connection_totals.c.name),
            values=rows,
            change=lambda new: {"total": connection_totals.c.total + new.total},
        )
    )


async def add_totals(tx: Transaction, amounts: Mapping[Tally, int]) -> None:
    """Add to counters, some of which may not exist yet."""
    if not amounts:
        return
    counters: dict[str, Any] = {}
    for row, ((contact_id, name), amount) in enumerate(sorted(amounts.items())):
        counters[f"contact_id{row}"], counters[f"name{row}"], counters[f"total{row}"] = contact_id, name, amount
    await tx.execute(_add_totals(len(amounts)), **counters)


__all__ = ["add_totals", "total_of_all_types"]
