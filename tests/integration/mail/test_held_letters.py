"""Tests of letters that a restored backup holds until the operator decides."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from tests.support.letters import NOW, a_letter
from tests.support.stores import an_engine

from platform_api import mail
from platform_api.database.engine import Engine
from platform_api.database.metadata import metadata
from platform_api.foundation.ids import new_id
from platform_api.mail import rules
from platform_api.mail.tables import letters
from platform_api.mail.values import DropReason, LetterState, StoredLetter

HOUR = timedelta(hours=1)
WAITING = {"due_at": NOW + HOUR, "lease_until": None}
IN_HAND = {"due_at": None, "lease_until": NOW + HOUR}
FINISHED = {"due_at": None, "lease_until": None}

BEFORE = {
    "new": {"state": LetterState.QUEUED, "attempts": 0, "doubts": 0, **WAITING},
    "tried": {"state": LetterState.DEFERRED, "attempts": 2, "doubts": 0, **WAITING},
    "doubtful": {"state": LetterState.UNKNOWN, "attempts": 2, "doubts": 1, **WAITING},
    "in hand": {"state": LetterState.SENDING, "attempts": 1, "doubts": 0, **IN_HAND},
    "claimed": {"state": LetterState.QUEUED, "attempts": 0, "doubts": 0, **IN_HAND},
    "sent": {"state": LetterState.SENT, "attempts": 1, "doubts": 0, "settled_at": NOW, **FINISHED},
}
"""Letters in every place of the queue."""

DOUBTS = {"doubtful": 1, "in hand": 1, "claimed": 1}
"""Doubts after holding: a letter in hand may have been sent."""


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    """A database with those letters."""
    database = an_engine(tmp_path / "data", metadata)
    database.alone(lambda connection: [connection.execute(insert(letters), _row(a_letter_of(name))) for name in BEFORE])
    return database


def a_letter_of(name: str, **changes: Any) -> StoredLetter:
    """A letter before or, with changes, after it was held."""
    return a_letter(id=new_id(), subject_id=new_id(), message_id=name, **(BEFORE[name] | changes))


def _row(letter: StoredLetter) -> dict[str, Any]:
    values = {column.name: getattr(letter, column.name) for column in letters.columns}
    return values | {"state": letter.state.value}


def stored(database: Engine) -> dict[str, StoredLetter]:
    """The letters by name."""

    def read(connection: Connection) -> list[StoredLetter]:
        return [
            StoredLetter(**{**row._mapping, "state": LetterState(row.state)})
            for row in connection.execute(select(*(letters.c[name] for name in StoredLetter.__dataclass_fields__)))
        ]

    return {letter.message_id or "": letter for letter in database.alone(read)}


def changed(before: dict[str, StoredLetter], **changes: Any) -> dict[str, StoredLetter]:
    """The letters after those that were held have changed."""
    return {
        name: letter if name == "sent" else replace(letter, doubts=DOUBTS.get(name, 0), **changes)
        for name, letter in before.items()
    }


def test_waiting_letters_are_held(database: Engine) -> None:
    """So are those in hand. Finished letters stay."""
    before = stored(database)

    assert 5 == database.alone(mail.hold)

    assert changed(before, state=LetterState.HELD, due_at=None, lease_until=None) == stored(database)


async def test_held_letters_are_not_due(database: Engine) -> None:
    """No worker sees them, and their senders see them as queued."""
    database.alone(mail.hold)
    async with database.open() as opened:
        assert 5 == await opened.read(mail.count_held)
    assert {"queued": 5, "sent": 1} == _counted(
        view.state.value for letter in stored(database).values() if (view := rules.view(letter))
    )


async def test_released_letters_are_due_at_once(database: Engine) -> None:
    """Each rests in the state that it has without a lease."""
    before = stored(database)
    database.alone(mail.hold)
    async with database.open() as opened:
        assert 5 == await opened.write(mail.release_held)
        assert 0 == await opened.write(mail.release_held)
    after = stored(database)

    (due_at,) = {letter.due_at for letter in after.values() if letter.due_at}
    expected = changed(before, due_at=due_at, lease_until=None)
    for name, letter in expected.items():
        if name != "sent":
            expected[name] = replace(letter, state=rules.resting_state(letter))
    assert expected == after


async def test_dropped_letters_are_finished(database: Engine) -> None:
    """Their senders see no letter, and may send again; one that may have arrived stays unknown."""
    before = stored(database)
    database.alone(mail.hold)
    async with database.open() as opened:
        assert 5 == await opened.write(mail.drop_held)
        assert 0 == await opened.read(mail.count_held)
    after = stored(database)

    settled_at = after["new"].settled_at
    expected = changed(before, due_at=None, lease_until=None, reason=DropReason.RESTORED.value, settled_at=settled_at)
    for name, letter in expected.items():
        if name != "sent":
            state = LetterState.UNKNOWN if letter.doubts else LetterState.DROPPED
            expected[name] = replace(letter, state=state)
    assert settled_at
    assert expected == after
    assert None is rules.view(after["new"])


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names))
