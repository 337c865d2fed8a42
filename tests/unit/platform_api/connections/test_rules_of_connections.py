"""Rules of connections: removal, the check of a cancel, the meant act, and the status of their requests."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.support.life_cycle import EMPLOYEE, EMPLOYER, NOW, RECEIVER, SENDER, a_connection, a_request
from tests.support.refusals import facts, facts_of

from platform_api.connections import rules
from platform_api.connections.errors import (
    AlreadyAccepted,
    AlreadyCancelled,
    AlreadyDeclined,
    AlreadyRemoved,
    RequestExpired,
    Voided,
)
from platform_api.connections.settings import Terms
from platform_api.connections.values import Connection, End, key_of, pair_of
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.errors import Conflict, ServiceError
from servicehost.contract.scalars import Guid

TERMS = Terms()
YESTERDAY = NOW - timedelta(days=1)


@pytest.mark.parametrize("by", [RECEIVER, SENDER, None])
def test_an_active_connection_is_removed_once(by: Guid | None) -> None:
    """A side or the platform removes it; a second removal changes nothing."""
    active = a_connection()

    removed = rules.remove(active, by, NOW)

    assert replace(active, status=ConnectionStatus.REMOVED, version=3, ended_at=NOW, ended_by=by) == removed
    assert removed is rules.remove(removed, SENDER, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (
            ConnectionStatus.PENDING,
            Conflict("The connection is pending, not active. Cancel it, or decline its request."),
        ),
        (
            ConnectionStatus.CANCELLED,
            AlreadyCancelled("The connection request was cancelled by its sender. To connect, send a new request."),
        ),
        (
            ConnectionStatus.DECLINED,
            AlreadyDeclined("The connection request was declined. To connect, send a new request."),
        ),
        (ConnectionStatus.EXPIRED, RequestExpired()),
        (
            ConnectionStatus.VOID,
            Voided("The connection request was ended by the platform. To connect, send a new request."),
        ),
    ],
)
def test_only_an_active_connection_is_removed(status: ConnectionStatus, refusal: ServiceError) -> None:
    """The error names any other status."""
    connection = a_connection(status=status)

    assert facts(refusal) == facts_of(lambda: rules.remove(connection, RECEIVER, NOW))


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (ConnectionStatus.ACTIVE, AlreadyAccepted("The connection is active. Remove it to end it.")),
        (ConnectionStatus.REMOVED, AlreadyRemoved("The connection was removed already. Nothing needs to be done.")),
    ],
)
def test_what_is_or_was_active_is_not_cancelled(status: ConnectionStatus, refusal: ServiceError) -> None:
    """A cancel does not end an accepted connection."""
    assert facts(refusal) == facts_of(lambda: rules.check_cancel(a_connection(status=status)))


@pytest.mark.parametrize(
    "status",
    [each for each in ConnectionStatus if each not in (ConnectionStatus.ACTIVE, ConnectionStatus.REMOVED)],
)
def test_what_was_never_active_may_be_cancelled(status: ConnectionStatus) -> None:
    """The request then decides whether it can be cancelled."""
    rules.check_cancel(a_connection(status=status))


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        *(
            ("cancel", {"status": status})
            for status in ConnectionStatus
            if status not in (ConnectionStatus.ACTIVE, ConnectionStatus.REMOVED)
        ),
        ("remove", {}),
        ("remove", {"active_at": None}),
        ("remove", {"active_at": NOW - timedelta(seconds=10)}),
        ("remove", {"active_at": NOW + timedelta(seconds=61)}),
        ("remove", {"active_at": NOW + timedelta(days=365)}),
        ("remove", {"status": ConnectionStatus.REMOVED}),
        ("remove", {"status": ConnectionStatus.REMOVED, "active_at": NOW}),
    ],
)
def test_a_missing_action_means_what_the_status_suggests(expected: str, changes: dict[str, Any]) -> None:
    """Active and removed imply remove, all others cancel. A connection from a clock that was ahead is not young."""
    assert expected == rules.implied_act(a_connection(**changes), NOW, TERMS)


@pytest.mark.parametrize("active_at", [NOW - timedelta(seconds=10) + timedelta(microseconds=1), NOW])
def test_a_missing_action_never_ends_a_connection_that_was_just_accepted(active_at: datetime) -> None:
    """A cancel that lost the race to an acceptance is refused."""
    told = AlreadyAccepted("The request was accepted a moment ago. Send Action 'remove' to end the connection.")

    assert facts(told) == facts_of(lambda: rules.implied_act(a_connection(active_at=active_at), NOW, TERMS))


WAITING = a_connection(status=ConnectionStatus.PENDING, active_at=None)
ACTIVE = a_connection(active_at=YESTERDAY)
DECLINED = a_connection(status=ConnectionStatus.DECLINED, active_at=None, ended_at=YESTERDAY, ended_by=RECEIVER)
EXPIRED = a_connection(status=ConnectionStatus.EXPIRED, active_at=None, ended_at=YESTERDAY)


@pytest.mark.parametrize(
    ("connection", "status", "changes"),
    [
        (WAITING, RequestStatus.PENDING, {}),
        (
            WAITING,
            RequestStatus.ACCEPTED,
            {"status": ConnectionStatus.ACTIVE, "version": 3, "active_at": NOW},
        ),
        (
            WAITING,
            RequestStatus.DECLINED,
            {"status": ConnectionStatus.DECLINED, "version": 3, "ended_at": NOW, "ended_by": RECEIVER},
        ),
        (
            WAITING,
            RequestStatus.CANCELLED,
            {"status": ConnectionStatus.CANCELLED, "version": 3, "ended_at": NOW, "ended_by": RECEIVER},
        ),
        (
            WAITING,
            RequestStatus.EXPIRED,
            {"status": ConnectionStatus.EXPIRED, "version": 3, "ended_at": NOW, "ended_by": RECEIVER},
        ),
        (
            WAITING,
            RequestStatus.VOID,
            {"status": ConnectionStatus.VOID, "version": 3, "ended_at": NOW, "ended_by": RECEIVER},
        ),
        (
            DECLINED,
            RequestStatus.ACCEPTED,
            {
                "status": ConnectionStatus.ACTIVE,
                "version": 3,
                "active_at": NOW,
                "ended_at": None,
                "ended_by": None,
            },
        ),
        (EXPIRED, RequestStatus.PENDING, {"status": ConnectionStatus.PENDING, "version": 3, "ended_at": None}),
        (
            ACTIVE,
            RequestStatus.VOID,
            {
                "status": ConnectionStatus.VOID,
                "version": 3,
                "active_at": None,
                "ended_at": NOW,
                "ended_by": RECEIVER,
            },
        ),
    ],
)
def test_a_connection_follows_its_request(
    connection: Connection, status: RequestStatus, changes: dict[str, Any]
) -> None:
    """It gets the status, the dates and the person that follow from its request."""
    request = a_request(status=status, decided_at=YESTERDAY, decided_by=RECEIVER)

    assert replace(connection, **changes) == rules.follow(connection, request, NOW)


def test_a_connection_that_has_followed_its_request_stays_as_it_is() -> None:
    """A second time changes nothing, not even the version."""
    active = a_connection()

    assert active is rules.follow(active, a_request(status=RequestStatus.ACCEPTED), NOW + timedelta(days=1))


ends = st.builds(End, st.sampled_from([SENDER, RECEIVER]), st.sampled_from([EMPLOYER, EMPLOYEE]))


@given(ends, ends)
def test_the_key_does_not_depend_on_who_asks(one: End, other: End) -> None:
    """A mirror request has the same key, and other ends have another key."""
    assert key_of(one, other) == key_of(other, one)
    assert pair_of(one.contact_id, other.contact_id) == pair_of(other.contact_id, one.contact_id)
    if one.role_id != other.role_id and one.contact_id != other.contact_id:
        assert key_of(one, other) != key_of(End(one.contact_id, other.role_id), End(other.contact_id, one.role_id))


def test_keys_are_written_in_one_form() -> None:
    """Keys are stored, so their form must not change."""
    assert f"{SENDER}:{EMPLOYER}+{RECEIVER}:{EMPLOYEE}" == a_connection().key == a_request().key
    assert f"{SENDER}+{RECEIVER}" == pair_of(RECEIVER, SENDER)
