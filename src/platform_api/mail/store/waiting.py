"""SQL of the letters that are not finished."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all

from platform_api.database.statements import Query, as_tuple
from platform_api.database.transaction import Transaction
from platform_api.mail.tables import letters
from platform_api.mail.values import LetterState

_c = letters.c


def _by_state(only: ColumnElement[bool]) -> Select[Any]:
    return select(_c.state, func.count(), func.min(_c.created_at)).where(only).group_by(_c.state)


_UNFINISHED = Query(union_all(_by_state(_c.due_at.is_not(None)), _by_state(_c.lease_until.is_not(None))), as_tuple)


async def unfinished_letters(tx: Transaction) -> list[tuple[LetterState, int, datetime]]:
    """State, number and the creation of the oldest, of the letters that wait or are in hand; states may repeat."""
    return [(LetterState(state), number, oldest) for state, number, oldest in await tx.all(_UNFINISHED)]


__all__ = ["unfinished_letters"]
