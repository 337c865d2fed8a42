"""Decisions of the work queue: the item after each event, the order of turns, the pauses."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.work import rules
from platform_api.work.values import Due, Plan, RetrySchedule, Scan, WorkItem
from servicehost.contract.scalars import Guid

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
A, B, C = (Guid(f"00000000-0000-4000-8000-00000000000{digit}") for digit in "abc")
SCHEDULE = RetrySchedule((MINUTE, HOUR), jitter=0.5)


@dataclass(frozen=True, slots=True)
class Errand(WorkItem):
    """An item with a column of its own."""

    word: str


IN_HAND = Errand(
    id=C, owner=A, due_at=None, lease_until=NOW + MINUTE, attempts=1, doubts=0, attempted_at=NOW - MINUTE, word="go"
)


def due(owner: Guid, number: int, minutes: int = 0) -> Due:
    """An item of an owner that has been due for some minutes."""
    return Due(Guid(f"01900000-0000-7000-8000-0000000{number:05}"), owner, NOW - minutes * MINUTE)


def test_an_attempt_is_counted_when_it_begins() -> None:
    """With its time; nothing else changes."""
    assert replace(IN_HAND, attempts=2, attempted_at=NOW) == rules.begin_attempt(IN_HAND, NOW)


@pytest.mark.parametrize(
    ("expected", "until"), [(HOUR, NOW + HOUR), (MINUTE, NOW), (MINUTE, NOW - HOUR)], ids=["later", "now", "past"]
)
def test_an_item_is_put_back_for_a_minute_at_least(expected: timedelta, until: datetime) -> None:
    """So that none is claimed over and over; its attempts stay as they are."""
    assert replace(IN_HAND, due_at=NOW + expected, lease_until=None) == rules.put_back(IN_HAND, until, NOW)


def test_a_finished_item_is_neither_due_nor_in_hand() -> None:
    """A worker neither claims nor recovers it."""
    assert replace(IN_HAND, due_at=None, lease_until=None) == rules.finish(replace(IN_HAND, due_at=NOW))


@pytest.mark.parametrize(
    ("expected", "attempts", "chance"),
    [(MINUTE, 1, 0.5), (MINUTE / 2, 1, 0.0), (MINUTE * 1.5, 1, 1.0), (HOUR, 2, 0.5)],
)
def test_a_failed_attempt_is_followed_by_the_pause_of_its_number(
    expected: timedelta, attempts: int, chance: float
) -> None:
    """Shorter or longer by the jitter."""
    item = replace(IN_HAND, attempts=attempts)

    assert replace(item, due_at=NOW + expected, lease_until=None) == rules.retry(item, SCHEDULE, NOW, chance)


def test_an_item_is_given_up_when_its_pauses_are_used_up() -> None:
    """After the attempt that followed the last pause."""
    assert None is rules.retry(replace(IN_HAND, attempts=3), SCHEDULE, NOW, 0.5)


def test_a_doubtful_item_is_due_once_more() -> None:
    """After the second doubt it is left alone."""
    again = replace(IN_HAND, doubts=1, due_at=NOW + HOUR, lease_until=None)

    assert again == rules.doubt(IN_HAND, NOW + HOUR)
    assert replace(again, doubts=2, due_at=None) == rules.doubt(again, NOW + HOUR)


def test_owners_take_turns() -> None:
    """The first items of all owners, then their second ones; within a turn the one that has been due longest."""
    flood = [due(A, number, minutes=60 - number) for number in range(4)]
    others = [due(B, 10, minutes=5), due(B, 11, minutes=1), due(C, 20, minutes=2)]

    expected = [flood[0], others[0], others[2], flood[1], others[1], flood[2], flood[3]]
    assert [each.id for each in expected] == rules.in_turn([*flood, *others])


def test_the_items_of_an_owner_go_in_the_order_in_which_they_became_due() -> None:
    """Not in the order of their ids."""
    assert [due(A, 2).id, due(A, 1).id] == rules.in_turn([due(A, 1, minutes=1), due(A, 2, minutes=9)])


def test_items_that_are_due_at_the_same_time_go_in_the_order_of_their_ids() -> None:
    """The order in which they were read does not matter."""
    assert [due(A, 1).id, due(A, 2).id] == rules.in_turn([due(A, 2), due(A, 1)])
    assert [due(B, 1).id, due(A, 2).id] == rules.in_turn([due(A, 2), due(B, 1)])


@given(st.lists(st.tuples(st.sampled_from((A, B, C)), st.integers(0, 9)), max_size=30))
def test_no_owner_is_ahead_of_another_that_waits(pairs: list[tuple[Guid, int]]) -> None:
    """At any moment, an owner with items left has had as many turns as any other, or one fewer."""
    items = {each.id: each for each in (due(owner, number, ago) for number, (owner, ago) in enumerate(pairs))}
    left, had = Counter(owner for owner, _ in pairs), Counter[Guid]()

    order = rules.in_turn([*items.values()])

    assert sorted(items) == sorted(order)
    for item in order:
        owner = items[item].owner
        assert had[owner] == min(had[each] for each in left if left[each] > 0)
        had[owner] += 1
        left[owner] -= 1


FLOOD = [due(A, number, minutes=60 - number) for number in range(3)]
"""The oldest items, all of one owner."""


def test_a_plan_has_one_item_of_each_owner() -> None:
    """So that none waits for more than one plan; the one that has been due longest is first."""
    scan = Scan((FLOOD[0], due(B, 10, 1), due(C, 20, 2)), after=None, last=None)

    assert Plan((FLOOD[0].id, due(C, 20).id, due(B, 10).id), None) == rules.plan(FLOOD, scan, limit=3)


@pytest.mark.parametrize(("expected", "limit"), [((FLOOD[0],), 1), ((FLOOD[0], due(B, 10)), 2)])
def test_a_plan_goes_on_after_its_last_owner(expected: tuple[Due, ...], limit: int) -> None:
    """Where it could not hold an item of each owner that was looked at."""
    scan = Scan((FLOOD[0], due(B, 10), due(C, 20)), after=None, last=None)

    assert Plan(tuple(each.id for each in expected), expected[-1].owner) == rules.plan(FLOOD, scan, limit)


def test_a_plan_goes_on_after_the_last_owner_that_was_looked_at() -> None:
    """Also where no owner was left out of the plan."""
    scan = Scan((FLOOD[0], due(B, 10)), after=None, last=C)

    assert Plan((FLOOD[0].id, due(B, 10).id), C) == rules.plan(FLOOD, scan, limit=2)


def test_an_owner_without_others_gets_the_whole_plan() -> None:
    """When every owner was looked at."""
    assert Plan(tuple(each.id for each in FLOOD), None) == rules.plan(FLOOD, Scan((FLOOD[0],), None, None), limit=3)


@pytest.mark.parametrize(("after", "last"), [(A, None), (None, B)], ids=["the end", "the beginning"])
def test_an_owner_that_is_alone_in_a_part_of_the_owners_gets_one_turn(after: Guid | None, last: Guid | None) -> None:
    """The others are in the next part."""
    assert Plan((due(B, 10).id,), last) == rules.plan(FLOOD, Scan((due(B, 10),), after, last), limit=3)


def test_where_no_owner_of_a_part_has_a_due_item_the_oldest_are_taken() -> None:
    """And the next plan looks at the next part."""
    assert Plan(tuple(each.id for each in FLOOD), C) == rules.plan(FLOOD, Scan((), A, C), limit=3)


@pytest.mark.parametrize(("expected", "chance"), [(0.5, 0.0), (1.0, 0.5), (1.5, 1.0)])
def test_ticks_are_spread(expected: float, chance: float) -> None:
    """From half of the average to one and a half."""
    assert timedelta(seconds=expected) == rules.tick(timedelta(seconds=1), chance)


@pytest.mark.parametrize(("expected", "outages"), [(1, 1), (2, 2), (4, 3), (32, 6), (60, 7), (60, 17), (60, 100_000)])
def test_the_pause_after_an_outage_doubles_up_to_a_minute(expected: int, outages: int) -> None:
    """A longer outage does not make the pause longer than a minute."""
    assert timedelta(seconds=expected) == rules.outage_pause(timedelta(seconds=1), outages)


def test_the_shortest_pause_stops_growing_too() -> None:
    """After sixteen doublings."""
    assert timedelta(microseconds=65_536) == rules.outage_pause(timedelta(microseconds=1), 17)
    assert timedelta(microseconds=65_536) == rules.outage_pause(timedelta(microseconds=1), 18)
