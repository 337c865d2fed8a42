"""SQL of held letters: those that a restored backup contains, until the operator decides on them."""

from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, or_, select, update

from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.mail.tables import letters
from platform_api.mail.values import DropReason, LetterState

_IS_HELD: Final = letters.c.state == LetterState.HELD.value
_IN_HAND: Final = letters.c.lease_until.is_not(None)

_HOLD: Final = (
    update(letters)
    .where(or_(letters.c.due_at.is_not(None), _IN_HAND))
    .values(
        state=LetterState.HELD.value,
        due_at=None,
        lease_until=None,
        doubts=case((_IN_HAND, letters.c.doubts + 1), else_=letters.c.doubts),
    )
)


def hold(connection: Connection) -> int:
    """Hold every letter that waits or is in hand; return their number. One in hand may have arrived: it is doubtful."""
    return connection.execute(_HOLD).rowcount


_COUNT: Final = Query(select(func.count()).select_from(letters).where(_IS_HELD), int)


async def count_held(tx: Transaction) -> int:
    """Number of held letters."""
    return await tx.one(_COUNT) or 0


_RESTING: Final = case(
    (letters.c.doubts > 0, LetterState.UNKNOWN.value),
    (letters.c.attempts > 0, LetterState.DEFERRED.value),
    else_=LetterState.QUEUED.value,
)
_RELEASE: Final = Command(update(letters).where(_IS_HELD).values(state=_RESTING, due_at=bindparam("now")))


async def release_held(tx: Transaction) -> int:
    """Make every held letter due now; return their number."""
    return await tx.execute(_RELEASE, now=tx.now)


_DROPPED: Final[dict[str, Any]] = {
    "state": case((letters.c.doubts > 0, LetterState.UNKNOWN.value), else_=LetterState.DROPPED.value),
    "reason": DropReason.RESTORED.value,
    "settled_at": bindparam("now"),
}
_DROP: Final = Command(update(letters).where(_IS_HELD).values(_DROPPED))


async def drop_held(tx: Transaction) -> int:
    """Drop every held letter; return their number."""
    return await tx.execute(_DROP, now=tx.now)


__all__ = ["count_held", "drop_held", "hold", "release_held"]
