"""The counters that requests and connections add to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.support.life_cycle import NOW, RECEIVER, SENDER, a_connection, a_request
from tests.unit.platform_api.connections.test_rules import ACTS, LONG_AGO

from platform_api.connections import counter_rules
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.errors import ServiceError
from servicehost.contract.scalars import Guid

SOMEBODY_ELSE = Guid("00000000-0000-4000-8000-00000000000c")
TYPES = {"sender_type": "RO", "receiver_type": "VP"}
"""The two types differ, so that taking the one for the other is noticed."""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            {(SENDER, "pending sent VP"): 1, (RECEIVER, "received RO"): 1, (RECEIVER, "connections"): 1},
        ),
        (
            {"shown_to": None},
            {(SENDER, "pending sent VP"): 1, (RECEIVER, "connections"): 1},
        ),
        (
            {"shown_to": SOMEBODY_ELSE},
            {(SENDER, "pending sent VP"): 1, (SOMEBODY_ELSE, "received RO"): 1, (RECEIVER, "connections"): 1},
        ),
        ({"ignored_at": NOW}, {(SENDER, "pending sent VP"): 1, (RECEIVER, "ignored RO"): 1}),
        ({"status": RequestStatus.EXPIRED}, {(SENDER, "expired sent VP"): 1}),
        ({"status": RequestStatus.EXPIRED, "superseded": True}, {}),
        ({"status": RequestStatus.ACCEPTED}, {}),
        ({"status": RequestStatus.DECLINED}, {}),
        ({"status": RequestStatus.CANCELLED}, {}),
        ({"status": RequestStatus.VOID}, {}),
    ],
)
def test_a_request_counts_while_it_is_listed(changes: dict[str, Any], expected: dict[counter_rules.Tally, int]) -> None:
    """A pending one counts for both sides, an expired one for its sender until a newer one replaces it."""
    assert expected == counter_rules.counted(a_request(**TYPES, **changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": ConnectionStatus.PENDING}, {(SENDER, "connections"): 1}),
        ({}, {(SENDER, "connections"): 1, (RECEIVER, "connections"): 1}),
        (
            {"status": ConnectionStatus.REMOVED},
            {
                (SENDER, "removed"): 1,
                (RECEIVER, "removed"): 1,
                (SENDER, f"removed with {RECEIVER}"): 1,
                (RECEIVER, f"removed with {SENDER}"): 1,
            },
        ),
        ({"receiver_id": SENDER}, {(SENDER, "connections"): 1}),
        (
            {"receiver_id": SENDER, "status": ConnectionStatus.REMOVED},
            {(SENDER, "removed"): 1, (SENDER, f"removed with {SENDER}"): 1},
        ),
        ({"status": ConnectionStatus.DECLINED}, {}),
        ({"status": ConnectionStatus.CANCELLED}, {}),
        ({"status": ConnectionStatus.EXPIRED}, {}),
        ({"status": ConnectionStatus.VOID}, {}),
    ],
)
def test_a_connection_counts_while_it_is_listed(
    changes: dict[str, Any], expected: dict[counter_rules.Tally, int]
) -> None:
    """A pending one counts for its sender only: its request counts for the receiver."""
    assert expected == counter_rules.counted_connection(a_connection(**changes))


def test_a_difference_names_only_the_counters_that_change() -> None:
    """The difference of an acceptance, and its inverse, contain no unchanged counters."""
    before = counter_rules.counted(a_request()) + counter_rules.counted_connection(
        a_connection(status=ConnectionStatus.PENDING)
    )
    after = counter_rules.counted_connection(a_connection())

    assert {(SENDER, "pending sent RP"): -1, (RECEIVER, "received RP"): -1} == counter_rules.difference(before, after)
    assert {(SENDER, "pending sent RP"): 1, (RECEIVER, "received RP"): 1} == counter_rules.difference(after, before)


@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=12))
def test_counters_follow_every_path(path: list[str]) -> None:
    """The sum of the differences of all steps equals the counters of the last state."""
    request = a_request(resent_count=-100, sent_at=LONG_AGO)
    total = counter_rules.counted(request)
    for act in path:
        try:
            after = ACTS[act](replace(request, sent_at=LONG_AGO, mailed_again_at=None))
        except ServiceError:
            continue
        for tally, amount in counter_rules.difference(
            counter_rules.counted(request), counter_rules.counted(after)
        ).items():
            total[tally] += amount
        request = after

    assert counter_rules.counted(request) == +total
