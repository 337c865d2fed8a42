"""Repair of rows that were written while the clock ran ahead.

When such a clock is corrected, its instants lie in the future: a session lives for years, an address is kept for
years, a letter waits for hours. Each package declares the latest instant that each of its columns can hold; later
instants are brought back to it. Decisions about single rows do not rely on this: see `platform_api.foundation.waiting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Column, ColumnElement

from platform_api.database.transaction import Transaction
from platform_api.foundation.waiting import CLOCK_TOLERANCE
from platform_api.schedule import store
from platform_api.schedule.scheduler import PeriodicUnit

_log = structlog.get_logger(__name__)

EVERY: Final = timedelta(days=30)
"""Time between two repairs while the clock is right, when there is nothing to repair."""


@dataclass(frozen=True, slots=True, eq=False)
class LatestInstant:
    """The latest instant that a column can hold while the clock is right.

    Attributes:
        column: the column.
        ahead: how far ahead of now a row may be written; zero for instants of the past.
        only: condition on the rows; None for all rows.
    """

    column: Column[datetime]
    ahead: timedelta = timedelta(0)
    only: ColumnElement[bool] | None = None


def repair(bounds: Sequence[LatestInstant]) -> PeriodicUnit:
    """Periodic unit that brings later instants back; it also runs whenever the clock was set back."""
    repairs = [(bound, store.bring_back(bound.column, bound.only)) for bound in bounds]

    async def unit(tx: Transaction) -> None:
        for bound, bring_back in repairs:
            latest = tx.now + bound.ahead
            rows = await bring_back(tx, latest, latest + CLOCK_TOLERANCE)
            if rows:
                _log.warning("instants in the future were brought back", column=str(bound.column), rows=rows)

    return PeriodicUnit("bring back instants in the future", EVERY, unit, after_clock_step=True)


__all__ = ["EVERY", "LatestInstant", "repair"]
