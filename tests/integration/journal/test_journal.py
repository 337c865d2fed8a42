"""The journal on a real database: what is written down, the order in which readers see it, and what is forgotten."""

import functools
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from tests.support.database import TimedRunner

from platform_api import journal
from platform_api.database.metadata import metadata
from platform_api.database.statements import Command
from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_contact_id, new_id
from platform_api.journal import Entry, Recorded
from platform_api.journal.tables import journal_entries

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
INSERT_WITH_ID = Command(insert(journal_entries))
REQUEST, PERSON, ORGANISATION = new_id(), new_contact_id(), new_contact_id()
SENT = Entry("request", REQUEST, "send", PERSON, ORGANISATION, None, "Pending")
ACCEPTED = Entry("request", REQUEST, "accept", ORGANISATION, ORGANISATION, "Pending", "Accepted")


@pytest.fixture
def runner() -> Iterator[TimedRunner]:
    """An empty journal."""
    with closing(TimedRunner(metadata, [journal_entries])) as runner:
        yield runner


def append(runner: TimedRunner, *entries: Entry) -> None:
    """Write entries down at noon."""
    for entry in entries:
        runner.at(NOON, functools.partial(journal.append, entry=entry))


def entries_for(runner: TimedRunner) -> list[Recorded]:
    """What the journal tells of the request."""
    return runner.at(NOON, functools.partial(journal.entries_for, subject_id=REQUEST))


def followed(runner: TimedRunner, position: int = 0) -> list[Recorded]:
    """What a reader at `position` sees next."""
    return runner.at(NOON, functools.partial(journal.entries_after, position=position, limit=100))


async def commit_late(tx: Transaction, id_: int) -> None:
    """An entry as it becomes visible where several transactions write at once: its id was given earlier."""
    await tx.execute(
        INSERT_WITH_ID,
        id=id_,
        position=None,
        subject_kind="request",
        subject_id=REQUEST,
        act="send",
        person=None,
        acted_for=None,
        before=None,
        after=str(id_),
        at=tx.now,
    )


def test_entries_are_told_as_they_were_written(runner: TimedRunner) -> None:
    """The oldest first, with the time of their transaction."""
    append(runner, SENT, ACCEPTED)
    assert [Recorded(SENT, NOON, None), Recorded(ACCEPTED, NOON, None)] == entries_for(runner)


def test_entries_are_followed_once_they_have_a_position(runner: TimedRunner) -> None:
    """Not before."""
    append(runner, SENT)
    assert [] == followed(runner)
    runner.at(NOON, journal.sequence)
    assert [Recorded(SENT, NOON, 1)] == followed(runner)


@given(st.lists(st.lists(st.integers(1, 60), max_size=8), max_size=8))
def test_a_follower_misses_nothing_and_sees_nothing_twice(batches: list[list[int]]) -> None:
    """Whatever the order in which ids become visible, and however reading and sequencing take turns."""
    visible: list[str] = []
    seen: list[str | None] = []
    with closing(TimedRunner(metadata, [journal_entries])) as runner:
        position = 0
        for batch in batches:
            for id_ in set(batch) - {int(text) for text in visible}:
                runner.at(NOON, functools.partial(commit_late, id_=id_))
                visible.append(str(id_))
            runner.at(NOON, journal.sequence)
            for recorded in followed(runner, position):
                seen.append(recorded.entry.after)
                position = recorded.position or 0
    assert sorted(visible) == sorted(str(after) for after in seen)


def test_the_sequencer_says_when_there_may_be_more(runner: TimedRunner) -> None:
    """So that it is run again at once."""
    append(runner, *[SENT] * (journal.BATCH + 1))
    assert [True, False] == [runner.at(NOON, journal.sequence) for _ in range(2)]


def test_a_merged_contact_is_told_of_as_the_other(runner: TimedRunner) -> None:
    """As person, as the one acted for, and as what it happened to."""
    into = new_contact_id()
    about = Entry("contact", ORGANISATION, "claim", PERSON, PERSON)
    append(runner, SENT, ACCEPTED, about)
    runner.at(NOON, functools.partial(journal.merge, source=ORGANISATION, into=into))
    told = runner.at(NOON, functools.partial(journal.entries_for, subject_id=into))
    assert [(PERSON, into), (into, into)] == [(r.entry.person, r.entry.acted_for) for r in entries_for(runner)]
    assert [Entry("contact", into, "claim", PERSON, PERSON)] == [recorded.entry for recorded in told]


def test_an_erased_contact_is_forgotten_and_what_happened_is_not(runner: TimedRunner) -> None:
    """Replaying the journal still gives the states."""
    append(runner, SENT, ACCEPTED)
    runner.at(NOON, functools.partial(journal.erase, contact=ORGANISATION))
    runner.at(NOON, functools.partial(journal.erase, contact=PERSON))
    told = [recorded.entry for recorded in entries_for(runner)]
    assert [(None, None)] * 2 == [(entry.person, entry.acted_for) for entry in told]
    assert ["Pending", "Accepted"] == [entry.after for entry in told]
