"""The journal on a real database: its entries, the order in which readers see them, merging and erasing."""

import functools
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import insert
from tests.support import stores
from tests.support.stores import Runner, SqliteRunner

from platform_api import journal
from platform_api.database.metadata import metadata
from platform_api.database.statements import Command
from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_contact_id, new_id
from platform_api.journal import Entry, Recorded, upkeep
from platform_api.journal.tables import journal_entries
from servicehost.contract.scalars import Guid

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
INSERT_WITH_ID = Command(insert(journal_entries))
REQUEST, PERSON, ORGANISATION = new_id(), new_contact_id(), new_contact_id()
OTHER = new_contact_id()
SENT = Entry("request", REQUEST, "send", PERSON, ORGANISATION, None, "Pending", (ORGANISATION, OTHER))
ACCEPTED = Entry("request", REQUEST, "accept", OTHER, OTHER, "Pending", "Accepted", (ORGANISATION, OTHER))


@pytest.fixture
def runner() -> Iterator[Runner]:
    """An empty journal."""
    with closing(stores.a_runner(metadata, [journal_entries])) as runner:
        yield runner


def append(runner: Runner, *entries: Entry) -> None:
    """Write entries down at noon."""
    for entry in entries:
        runner.at(NOON, functools.partial(journal.append, entry=entry))


def entries_for(runner: Runner) -> list[Recorded]:
    """Return the journal of the request."""
    return runner.at(NOON, functools.partial(journal.entries_for, subject_id=REQUEST))


def followed(runner: Runner, position: int = 0) -> list[Recorded]:
    """Return the next entries for a reader at `position`."""
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
        first_contact=None,
        second_contact=None,
        at=tx.now,
    )


def test_entries_are_told_as_they_were_written(runner: Runner) -> None:
    """The oldest first, with the time of their transaction."""
    append(runner, SENT, ACCEPTED)
    assert [Recorded(SENT, NOON, None), Recorded(ACCEPTED, NOON, None)] == entries_for(runner)


def test_entries_are_followed_once_they_have_a_position(runner: Runner) -> None:
    """Not before."""
    append(runner, SENT)
    assert [] == followed(runner)
    runner.at(NOON, upkeep.sequence)
    assert [Recorded(SENT, NOON, 1)] == followed(runner)


@given(st.lists(st.lists(st.integers(1, 60), max_size=8), max_size=8))
def test_a_follower_misses_nothing_and_sees_nothing_twice(batches: list[list[int]]) -> None:
    """Positions are 1, 2, 3 and so on, in whatever order ids become visible, and however reading and sequencing alternate."""
    visible: list[str] = []
    seen: list[str | None] = []
    positions: list[int | None] = []
    with closing(stores.a_runner(metadata, [journal_entries])) as runner:
        position = 0
        for batch in batches:
            for id_ in set(batch) - {int(text) for text in visible}:
                runner.at(NOON, functools.partial(commit_late, id_=id_))
                visible.append(str(id_))
            runner.at(NOON, upkeep.sequence)
            for recorded in followed(runner, position):
                seen.append(recorded.entry.after)
                positions.append(recorded.position)
                position = recorded.position or 0
    assert sorted(visible) == sorted(str(after) for after in seen)
    assert list(range(1, len(visible) + 1)) == positions


def test_the_sequencer_says_when_there_may_be_more(runner: Runner) -> None:
    """So that it is run again at once."""
    append(runner, *[SENT] * (upkeep.BATCH + 1))
    assert [True, False] == [runner.at(NOON, upkeep.sequence) for _ in range(2)]


def concerning(runner: Runner, contact: Guid, before: int | None = None, limit: int = 100) -> list[Entry]:
    """The feed of a contact."""
    feed = functools.partial(journal.entries_concerning, contact=contact, before=before, limit=limit)
    return [recorded.entry for recorded in runner.at(NOON, feed)]


def test_both_contacts_find_an_entry_and_no_third(runner: Runner) -> None:
    """The newest first, once it has a position."""
    append(runner, SENT, ACCEPTED)
    assert [] == concerning(runner, OTHER)
    runner.at(NOON, upkeep.sequence)
    assert [ACCEPTED, SENT] == concerning(runner, ORGANISATION)
    assert [ACCEPTED, SENT] == concerning(runner, OTHER)
    assert [] == concerning(runner, PERSON)


def test_an_entry_of_a_contact_with_itself_is_found_once(runner: Runner) -> None:
    """It concerns one contact."""
    append(runner, replace(SENT, contacts=(OTHER, OTHER)))
    runner.at(NOON, upkeep.sequence)
    assert [replace(SENT, contacts=(OTHER,))] == concerning(runner, OTHER)


def test_an_entry_may_concern_one_contact_or_none(runner: Runner) -> None:
    """It is found by the contact that it names."""
    alone, nobody = replace(SENT, contacts=(OTHER,)), replace(SENT, contacts=())
    append(runner, alone, nobody)
    runner.at(NOON, upkeep.sequence)
    assert [alone] == concerning(runner, OTHER)
    assert [alone, nobody] == [recorded.entry for recorded in entries_for(runner)]


@pytest.mark.no_database
def test_an_entry_concerns_two_contacts_at_most() -> None:
    """A third contact would not find it."""
    with pytest.raises(ValueError, match="at most 2 contacts"):
        replace(SENT, contacts=(PERSON, ORGANISATION, OTHER))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=12), st.integers(1, 5))
def test_pages_of_a_feed_give_every_entry_once(pairs: list[tuple[str, str]], size: int) -> None:
    """Page by page, in the order of positions, whichever of the two contacts reads."""
    contacts = {name: new_contact_id() for name in "abc"}
    entries = [
        replace(SENT, act=str(number), contacts=(contacts[one], contacts[other]))
        for number, (one, other) in enumerate(pairs)
    ]
    expected = [entry.act for entry in reversed(entries) if contacts["a"] in entry.contacts]
    found: list[str] = []
    with closing(stores.a_runner(metadata, [journal_entries])) as runner:
        append(runner, *entries)
        runner.at(NOON, upkeep.sequence)
        before: int | None = None
        while page := runner.at(
            NOON, functools.partial(journal.entries_concerning, contact=contacts["a"], before=before, limit=size)
        ):
            found += [recorded.entry.act for recorded in page]
            before = page[-1].position
    assert expected == found


@pytest.mark.sqlite_only(reason="counts the steps of SQLite's virtual machine")
def test_a_feed_costs_the_same_among_many_entries(runner: Runner) -> None:
    """A page reads its rows in the order of an index, however many entries there are of this and other contacts."""
    steps = []
    for _ in range(2):
        append(runner, *[SENT, replace(SENT, contacts=(OTHER, PERSON)), replace(SENT, contacts=(PERSON,))] * 100)
        runner.at(NOON, upkeep.sequence)
        assert isinstance(runner, SqliteRunner)
        with runner.trial() as counted:
            assert 10 == len(concerning(runner, OTHER, limit=10))
        steps.append(counted[0])
    assert steps[0] == steps[1]


@pytest.mark.no_database
def test_appending_writes_no_index_of_concerned_contacts() -> None:
    """Only the sequencer does: the transaction of an act writes fewer pages."""
    where = {str(index.name): str(index.dialect_options["sqlite"]["where"]) for index in journal_entries.indexes}
    assert "position IS NOT NULL" == where["ix_journal_entries_first_contact"]
    assert "position IS NOT NULL AND second_contact IS NOT NULL" == where["ix_journal_entries_second_contact"]


@pytest.mark.parametrize("sequenced", [True, False], ids=["sequenced", "waiting"])
def test_a_merged_contact_is_replaced_by_the_other(runner: Runner, *, sequenced: bool) -> None:
    """As the person, as the contact acted for, as a concerned contact, and as the subject."""
    into = new_contact_id()
    about = Entry("contact", ORGANISATION, "claim", PERSON, PERSON, contacts=(PERSON, ORGANISATION))
    for_no_end = Entry("request", REQUEST, "accept", ORGANISATION, ORGANISATION, contacts=(PERSON, OTHER))
    for_another = Entry("request", REQUEST, "decline", ORGANISATION, PERSON, contacts=(PERSON, OTHER))
    append(runner, SENT, ACCEPTED, for_no_end, for_another, about)
    if sequenced:
        runner.at(NOON, upkeep.sequence)
    runner.at(NOON, functools.partial(journal.merge, source=ORGANISATION, into=into))
    told = runner.at(NOON, functools.partial(journal.entries_for, subject_id=into))
    assert [
        replace(SENT, acted_for=into, contacts=(into, OTHER)),
        replace(ACCEPTED, contacts=(into, OTHER)),
        replace(for_no_end, person=into, acted_for=into),
        replace(for_another, person=into),
    ] == [recorded.entry for recorded in entries_for(runner)]
    assert [replace(about, subject_id=into, contacts=(PERSON, into))] == [recorded.entry for recorded in told]


@pytest.mark.parametrize("contacts", [(ORGANISATION, OTHER), (OTHER, ORGANISATION)], ids=["first", "second"])
def test_an_entry_of_two_contacts_that_are_merged_concerns_one(runner: Runner, contacts: tuple[Guid, Guid]) -> None:
    """Its feed has it once."""
    append(runner, replace(SENT, contacts=contacts))
    runner.at(NOON, upkeep.sequence)
    runner.at(NOON, functools.partial(journal.merge, source=ORGANISATION, into=OTHER))
    assert [replace(SENT, acted_for=OTHER, contacts=(OTHER,))] == concerning(runner, OTHER)


@pytest.mark.sqlite_only(reason="counts the steps of SQLite's virtual machine")
def test_merging_reads_only_the_entries_of_the_contact(runner: Runner) -> None:
    """Each of its conditions is answered by an index."""
    steps = []
    for _ in range(2):
        append(runner, *[replace(SENT, person=PERSON, acted_for=OTHER, contacts=(OTHER, PERSON))] * 300)
        runner.at(NOON, upkeep.sequence)
        assert isinstance(runner, SqliteRunner)
        with runner.trial() as counted:
            runner.at(NOON, functools.partial(journal.merge, source=ORGANISATION, into=new_contact_id()))
        steps.append(counted[0])
    assert steps[0] == steps[1]


def test_an_erased_contact_is_removed_and_its_entries_stay(runner: Runner) -> None:
    """Replaying the journal still gives the states, and the other contact still finds them."""
    append(runner, SENT, ACCEPTED)
    runner.at(NOON, upkeep.sequence)
    for contact in (ORGANISATION, PERSON):
        runner.at(NOON, functools.partial(journal.erase, contact=contact))
    erased = [
        replace(SENT, person=None, acted_for=None, contacts=(OTHER,)),
        replace(ACCEPTED, contacts=(OTHER,)),
    ]
    assert erased == [recorded.entry for recorded in entries_for(runner)]
    assert erased[::-1] == concerning(runner, OTHER)
    assert [] == concerning(runner, ORGANISATION)
